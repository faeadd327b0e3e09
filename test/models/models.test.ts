import { describe, expect, it } from 'vitest';
import { hierarchicalNormal, logitVoter, varyingSlopes } from '../../models/index.ts';
import { formula } from '../../src/formula/formula.ts';
import { modelGraph } from '../../src/graph/modelGraph.ts';
import { binomialLogit, gaussian, group, linearPredictor, population } from '../../src/graph/nodes.ts';
import { defaultPrior, halfT, halfTCov, normal } from '../../src/graph/priors.ts';

describe('hierarchicalNormal', () => {
  it('is the eight-schools model with known standard errors', () => {
    const schools = hierarchicalNormal({
      response: 'y',
      group: 'school',
      se: 'sigma',
      priors: { tau_school: halfT(3, 5) },
    });
    expect(schools).toStrictEqual(formula('y | se(sigma) ~ 1 + (1 | school)', { priors: { tau_school: halfT(3, 5) } }));
    expect(schools).toStrictEqual(
      modelGraph({
        beta: defaultPrior(),
        Sigma_school: halfT(3, 5),
        population: population({ terms: ['1'], coef: 'beta' }),
        u_school: group({ by: 'school', terms: ['1'], cov: 'Sigma_school' }),
        eta: linearPredictor('population', 'u_school'),
        y: gaussian('y', { eta: 'eta', se: 'sigma' }),
      }),
    );
  });

  it('equals its formula with row and level-2 predictors, nested groups and names in need of backticks', () => {
    expect(
      hierarchicalNormal({
        response: 'log( radon )',
        group: 'county',
        predictors: ['floor', 'log( x )'],
        level2: ['log_uranium'],
      }),
    ).toStrictEqual(formula('log(radon) ~ floor + log(x) + (1 | county)', { level2: { county: '~ log_uranium' } }));
    expect(hierarchicalNormal({ response: 'y', group: 'a:my school', level2: [] })).toStrictEqual(
      formula('y ~ 1 + (1 | a:`my school`)', { level2: { 'a:my school': '~ 1' } }),
    );
  });

  it('takes predictors for terms, not for formulas', () => {
    expect(() => hierarchicalNormal({ response: 'y', group: 'g', predictors: ['x) + (1 | h'] })).toThrow(
      'expected ":" or the end of the term',
    );
    expect(() => hierarchicalNormal({ response: 'y', group: 'g', predictors: ['x + z'] })).toThrow('found +');
  });
});

describe('varyingSlopes', () => {
  it('is the radon model of the design page', () => {
    const priors = { sigma: halfT(3, 1), gamma_county: normal(0, 5), Sigma_county: halfTCov(2, 1) };
    expect(
      varyingSlopes({ response: 'log_radon', group: 'county', varying: ['floor'], level2: ['log_uranium'], priors }),
    ).toStrictEqual(
      formula('log_radon ~ floor + (1 + floor | county)', { level2: { county: '~ log_uranium' }, priors }),
    );
  });

  it('equals its formula without correlations, with predictors and a regression for each varying term', () => {
    expect(
      varyingSlopes({ response: 'y', group: 'g', varying: ['x', 'z'], predictors: ['v'], correlated: false }),
    ).toStrictEqual(formula('y ~ x + z + v + (x + z || g)'));
    expect(varyingSlopes({ response: 'y', group: 'g', varying: ['x'], level2: { 1: ['w'], x: [] } })).toStrictEqual(
      formula('y ~ x + (x | g)', { level2: { g: { 1: '~ w', x: '~ 1' } } }),
    );
  });
});

describe('logitVoter', () => {
  it('is a logit with varying intercepts, deep-equal to its formula and to the graph built by hand', () => {
    const voters = logitVoter({ response: 'vote', group: 'state', predictors: ['income'] });
    expect(voters).toStrictEqual(formula('vote ~ income + (1 | state)', { family: 'binomial' }));
    expect(voters).toStrictEqual(
      modelGraph({
        beta: defaultPrior(),
        Sigma_state: defaultPrior(),
        population: population({ terms: ['1', 'income'], coef: 'beta' }),
        u_state: group({ by: 'state', terms: ['1'], cov: 'Sigma_state' }),
        eta: linearPredictor('population', 'u_state'),
        vote: binomialLogit('vote', { eta: 'eta' }),
      }),
    );
  });

  it('equals its formula with trials, varying slopes, level-2 predictors and priors', () => {
    const priors = { gamma_state: normal(0, 5), Sigma_state: halfTCov(2, 1) };
    expect(
      logitVoter({
        response: 'dem',
        trials: 'n',
        group: 'state',
        varying: ['income'],
        predictors: ['female:black'],
        level2: ['avgincome'],
        priors,
      }),
    ).toStrictEqual(
      formula('dem | trials(n) ~ income + female:black + (1 + income | state)', {
        family: 'binomialLogit',
        level2: { state: '~ avgincome' },
        priors,
      }),
    );
    expect(logitVoter({ response: 'y', group: 'g', varying: ['x'], level2: { 1: ['w'], x: [] } })).toStrictEqual(
      formula('y ~ x + (x | g)', { family: 'binomial', level2: { g: { 1: '~ w', x: '~ 1' } } }),
    );
  });

  it('takes predictors for terms, not for formulas', () => {
    expect(() => logitVoter({ response: 'y', group: 'g', varying: ['x || h'] })).toThrow('expected ":" or the end');
  });
});
