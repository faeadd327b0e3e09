import { expect, describe as suite, test } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import {
  exponential,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  separation,
} from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe } from '../../src/report/describe.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { syntheticFit } from '../summary/syntheticFit.ts';

/** The text up to the kernels: what they are called and why is theirs to say. */
const beforeKernels = (text: string): string => text.slice(0, text.indexOf('\n\nKernels'));

const radonForms = [
  'Multilevel form',
  '  log_radon_i ~ normal(b_county[j,Intercept] + b_county[j,floor] floor_i, sigma)',
  '  b_county[j,Intercept] = beta[Intercept] + beta[log_uranium] log_uranium_j + u_county[j,Intercept]',
  '  b_county[j,floor] = beta[floor] + beta[floor:log_uranium] log_uranium_j + u_county[j,floor]',
  '  u_county[j] ~ normal(0, Sigma_county), with sds tau_county and correlations corr_county',
  '  (j: the county of row i; gamma_county: the beta in the lines of b_county)',
  '',
  'Composite form',
  '  log_radon_i ~ normal(beta[Intercept] + beta[floor] floor_i + beta[log_uranium] log_uranium_j + ' +
    'beta[floor:log_uranium] floor_i log_uranium_j + u_county[j,Intercept] + u_county[j,floor] floor_i, sigma)',
  '',
  'Data',
  '  n = 919 rows; p = 4 population-level columns',
  '  log_radon: gaussian, identity link',
  '  county: J = 85 groups of 1 to 116 rows; q = 2 varying (Intercept, floor); m = 2 level-2 (Intercept, log_uranium)',
  '',
  'Priors',
];

const coefNote =
  "Note: coef() of county is b_j = gamma w_j + u_j; lme4's coef() leaves the level-2 part (log_uranium) out of its intercepts and slopes.";

suite('the description of radon', () => {
  const radon = fixtureFrame('radon_arm');
  const composite = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');

  test('in the spelling of lme4 has both forms, the sizes, the defaults on the data, the kernels and the note on coef()', () => {
    const model = plan(composite, { rows: radon });
    const text = describe(model);
    expect(beforeKernels(text)).toBe(
      [
        'log_radon ~ 1 + floor + log_uranium + floor:log_uranium + (1 + floor | county)',
        '',
        ...radonForms,
        '  quantity               prior                                  from',
        '  ---------------------  -------------------------------------  -------',
        '  beta (all 4)           flat()                                 default',
        '  tau_county[Intercept]  half_t(3, 2.133) at floor = 0.1664853  default',
        '  tau_county[floor]      half_t(3, 2.863)                       default',
        '  corr_county            lkj(1) about the means of the columns  default',
        '  sigma                  half_t(3, 2.133)                       default',
        '  default sds: half_t(3, 2.5 s), s = 0.8533 the sd of log_radon; of a varying slope, over twice the sd of its column',
      ].join('\n'),
    );
    const kernels = model.kernels.flatMap(({ name, updates, why }) => [
      `  ${name} updates ${updates.join(', ')}`,
      `    ${why}`,
    ]);
    expect(text.slice(beforeKernels(text).length)).toBe(
      ['', '', 'Kernels (chosen for the model)', ...kernels, '', coefNote].join('\n'),
    );
  });

  test('with the predictor in a group table and a level-2 regression has the same forms and names the priors given', () => {
    const levels = [...new Set(radon.columns.get('county')!.values as readonly string[])];
    const first = levels.map((level) => (radon.columns.get('county')!.values as readonly string[]).indexOf(level));
    const uranium = radon.columns.get('log_uranium')!.values;
    const columns = new Map([...radon.columns].filter(([name]) => name !== 'log_uranium'));
    const data: ModelData = {
      rows: { n: radon.n, columns },
      groups: { county: { county: levels, log_uranium: first.map((i) => uranium[i] as number) } },
    };
    const graph = formula('log_radon ~ floor + (1 + floor | county)', {
      level2: { county: '~ log_uranium' },
      priors: { sigma: halfT(3, 1), gamma_county: normal(0, 5), Sigma_county: halfTCov(2, 1) },
    });
    const text = describe(plan(graph, data, { kernels: 'gibbs' }));
    expect(beforeKernels(text)).toBe(
      [
        'log_radon ~ 1 + floor + (1 + floor | county)',
        'level 2 of county: ~ 1 + log_uranium',
        '',
        ...radonForms,
        '  quantity      prior             from',
        '  ------------  ----------------  ------------',
        '  beta (all 4)  normal(0, 5)      gamma_county',
        '  Sigma_county  half_t_cov(2, 1)  Sigma_county',
        '  sigma         half_t(3, 1)      sigma',
      ].join('\n'),
    );
    expect(text).toContain('\n\nKernels (asked for: gibbs)\n');
    expect(text.endsWith(coefNote)).toBe(true);
  });

  test('of a graph alone has the forms and the priors as they were given', () => {
    expect(describe(composite)).toBe(
      [
        'log_radon ~ 1 + floor + log_uranium + floor:log_uranium + (1 + floor | county)',
        '',
        'Multilevel form',
        '  log_radon_i ~ normal(beta[log_uranium] log_uranium_i + beta[floor:log_uranium] floor_i log_uranium_i + ' +
          'b_county[j,Intercept] + b_county[j,floor] floor_i, sigma)',
        '  b_county[j,Intercept] = beta[Intercept] + u_county[j,Intercept]',
        '  b_county[j,floor] = beta[floor] + u_county[j,floor]',
        '  u_county[j] ~ normal(0, Sigma_county), with sds tau_county and correlations corr_county',
        '  (j: the county of row i)',
        '',
        'Composite form',
        '  log_radon_i ~ normal(beta[Intercept] + beta[floor] floor_i + beta[log_uranium] log_uranium_i + ' +
          'beta[floor:log_uranium] floor_i log_uranium_i + u_county[j,Intercept] + u_county[j,floor] floor_i, sigma)',
        '',
        'Priors',
        '  quantity      prior    from',
        '  ------------  -------  --------------------',
        '  beta          default  resolved on the data',
        '  Sigma_county  default  resolved on the data',
        '  sigma         default  resolved on the data',
      ].join('\n'),
    );
  });
});

suite('the description of', () => {
  test('sleepstudy has a line for the intercepts and one for the slopes, and no note on coef()', () => {
    const text = describe(
      plan(formula('Reaction ~ Days + (1 + Days | Subject)'), { rows: fixtureFrame('sleepstudy') }),
    );
    expect(beforeKernels(text)).toBe(
      [
        'Reaction ~ 1 + Days + (1 + Days | Subject)',
        '',
        'Multilevel form',
        '  Reaction_i ~ normal(b_Subject[j,Intercept] + b_Subject[j,Days] Days_i, sigma)',
        '  b_Subject[j,Intercept] = beta[Intercept] + u_Subject[j,Intercept]',
        '  b_Subject[j,Days] = beta[Days] + u_Subject[j,Days]',
        '  u_Subject[j] ~ normal(0, Sigma_Subject), with sds tau_Subject and correlations corr_Subject',
        '  (j: the Subject of row i)',
        '',
        'Composite form',
        '  Reaction_i ~ normal(beta[Intercept] + beta[Days] Days_i + u_Subject[j,Intercept] + u_Subject[j,Days] Days_i, sigma)',
        '',
        'Data',
        '  n = 180 rows; p = 2 population-level columns',
        '  Reaction: gaussian, identity link',
        '  Subject: J = 18 groups of 10 rows; q = 2 varying (Intercept, Days); m = 1 level-2 (Intercept)',
        '',
        'Priors',
        '  quantity                prior                                  from',
        '  ----------------------  -------------------------------------  -------',
        '  beta (all 2)            flat()                                 default',
        '  tau_Subject[Intercept]  half_t(3, 140.8) at Days = 4.5         default',
        '  tau_Subject[Days]       half_t(3, 24.51)                       default',
        '  corr_Subject            lkj(1) about the means of the columns  default',
        '  sigma                   half_t(3, 140.8)                       default',
        '  default sds: half_t(3, 2.5 s), s = 56.33 the sd of Reaction; of a varying slope, over twice the sd of its column',
      ].join('\n'),
    );
    expect(text).not.toContain('coef()');
  });

  test('eight schools has known standard errors and no sigma', () => {
    const text = describe(plan(formula('y | se(sigma) ~ 1 + (1 | school)'), { rows: fixtureFrame('eight_schools') }));
    expect(beforeKernels(text)).toBe(
      [
        'y | se(sigma) ~ 1 + (1 | school)',
        '',
        'Multilevel form',
        '  y_i ~ normal(b_school[j,Intercept], se_i)',
        '  se_i = sigma of row i, known',
        '  b_school[j,Intercept] = beta[Intercept] + u_school[j,Intercept]',
        '  u_school[j,Intercept] ~ normal(0, tau_school[Intercept])',
        '  (j: the school of row i)',
        '',
        'Composite form',
        '  y_i ~ normal(beta[Intercept] + u_school[j,Intercept], se_i)',
        '',
        'Data',
        '  n = 8 rows; p = 1 population-level column',
        '  y: gaussian, identity link',
        '  school: J = 8 groups of 1 row; q = 1 varying (Intercept); m = 1 level-2 (Intercept)',
        '',
        'Priors',
        '  quantity               prior             from',
        '  ---------------------  ----------------  -------',
        '  beta[Intercept]        flat()            default',
        '  tau_school[Intercept]  half_t(3, 26.11)  default',
        '  default sds: half_t(3, 2.5 s), s = 10.44 the sd of y',
      ].join('\n'),
    );
  });

  test('nested pastes has the intercept in the regression of the rows and a deviation for each factor', () => {
    const text = describe(plan(formula('strength ~ 1 + (1 | batch/cask)'), { rows: fixtureFrame('pastes') }));
    expect(beforeKernels(text)).toBe(
      [
        'strength ~ 1 + (1 | batch) + (1 | batch:cask)',
        '',
        'Multilevel form',
        '  strength_i ~ normal(beta[Intercept] + u_batch[j,Intercept] + u_batch:cask[k,Intercept], sigma)',
        '  u_batch[j,Intercept] ~ normal(0, tau_batch[Intercept])',
        '  u_batch:cask[k,Intercept] ~ normal(0, tau_batch:cask[Intercept])',
        '  (j: the batch of row i; k: the batch:cask of row i)',
        '',
        'Composite form',
        '  strength_i ~ normal(beta[Intercept] + u_batch[j,Intercept] + u_batch:cask[k,Intercept], sigma)',
        '',
        'Data',
        '  n = 60 rows; p = 1 population-level column',
        '  strength: gaussian, identity link',
        '  batch: J = 10 groups of 6 rows; q = 1 varying (Intercept); m = 1 level-2 (Intercept)',
        '  batch:cask: J = 30 groups of 2 rows; q = 1 varying (Intercept); m = 1 level-2 (Intercept)',
        '',
        'Priors',
        '  quantity                   prior             from',
        '  -------------------------  ----------------  -------',
        '  beta[Intercept]            flat()            default',
        '  tau_batch[Intercept]       half_t(3, 8.095)  default',
        '  tau_batch:cask[Intercept]  half_t(3, 8.095)  default',
        '  sigma                      half_t(3, 8.095)  default',
        '  default sds: half_t(3, 2.5 s), s = 3.238 the sd of strength',
      ].join('\n'),
    );
  });

  test('a maximum likelihood fit has the model and the data of its plan, and how it was estimated', () => {
    const rows = { y: [1, 2, 3, 4, 5, 6], g: [...'abcabc'] };
    const model = 'y ~ 1 + (1 | g)';
    const fit = maximumLikelihood(model, rows);
    const [start, end] = describe(fit).split('Estimation\n');
    expect(describe(plan(model, rows)).startsWith(start!)).toBe(true);
    expect(end!.split('\n')).toEqual([
      '  REML: the likelihood of what the rows say beside the coefficients; no priors; df = 3 parameters',
      expect.stringMatching(/^ {2}deviance 22\.24495964 after \d+ evaluations; a Newton step .* less$/),
      `  ${fit.boundary[0]}`,
    ]);
  });

  test('a fit is that of its plan with the size of the run', () => {
    const graph = formula('y | se(sigma) ~ 1 + (1 | school)');
    const data = { rows: fixtureFrame('eight_schools') };
    const fit = sampleSync(graph, data, { chains: 1, warmup: 5, iterations: 4, seed: 3 });
    const size = '1 chain, each 5 warm-up and 4 recorded iterations, seed 3';
    const steps = 'marginalCovariance: 100 of 100 independent steps accepted';
    expect(describe(fit)).toBe(`${describe(plan(graph, data))}\n\nSampling\n  ${size}\n  ${steps}`);
  });

  test('a hand-picked set of priors spells each as the command line does and says where it comes from', () => {
    const rows = {
      y: [1, 2, 4, 3, 5, 4, 8, 7, null, 6],
      x: [0, 1, 2, 0, 1, 2, 0, 1, 2, 1],
      z: [3, 1, 2, 2, 1, 5, 0, 1, 2, 1],
      v: [3, 1, 2, 0, 1, 5, 0, 9, 2, 1],
      g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'c'],
    };
    const priors = {
      'beta[x]': normal(1, 0.5),
      Sigma_g: separation({ tau: { Intercept: halfNormal(2), x: exponential(0.25) }, corr: lkj(2) }),
      Sigma_g_2: inverseWishart(3, [
        [2, 0.5],
        [0.5, 1],
      ]),
      sigma: inverseGamma(2, 3),
    };
    const graph = formula('y ~ x + (1 + x | g) + (0 + z + v | g)', { priors });
    const text = describe(plan(graph, { rows }, { missing: 'drop' }));
    const section = text.slice(text.indexOf('\nData'), text.indexOf('\n\nKernels'));
    expect(section).toBe(
      [
        '',
        'Data',
        '  n = 9 rows, 1 with missing values left out; p = 2 population-level columns',
        '  y: gaussian, identity link',
        '  g: J = 3 groups of 3 rows; q = 4 varying (Intercept, x, z, v); m = 1 level-2 (Intercept)',
        '',
        'Priors',
        '  quantity              prior                                     from',
        '  --------------------  ----------------------------------------  ---------',
        '  beta[Intercept]       flat()                                    default',
        '  beta[x]               normal(1, 0.5)                            beta[x]',
        '  tau_g[Intercept]      half_normal(2)                            Sigma_g',
        '  tau_g[x]              exponential(0.25)                         Sigma_g',
        '  corr_g[Intercept, x]  lkj(2)                                    Sigma_g',
        '  Sigma_g[z, v]         inverse_wishart(3, [[2, 0.5], [0.5, 1]])  Sigma_g_2',
        '  sigma                 inverse_gamma(2, 3) on the variance       sigma',
      ].join('\n'),
    );
  });
});

suite('the description of a binomial model', () => {
  const rows = {
    vote: ['R', 'D', 'R', 'R', 'D', 'D'],
    won: [3, 0, 2, 5, 1, 1],
    of: [4, 2, 2, 9, 3, 1],
    x: [1, 2, 0, 3, 1, 5],
    g: ['a', 'a', 'b', 'b', 'c', 'c'],
  };
  /** Draws of no posterior: what is described are model, data and priors. */
  const told = (text: string, family: 'binomial' | 'probit'): string =>
    describe(syntheticFit(formula(text, { family }), { rows }));

  test('says which value is success, how the rows are distributed and where the intercept has its prior', () => {
    const text = told('vote ~ x + (1 | g)', 'binomial');
    expect(text).toContain('vote_i ~ bernoulli(inverse_logit(beta[x] x_i + b_g[j,Intercept]))');
    expect(text).toContain(
      '  vote: binomial, logit link; success is R, failure D; one trial a row; 3 of 6 are successes\n',
    );
    expect(text).toMatch(/beta\[Intercept\] +normal\(0, 10\) at the centre +default/);
    expect(text).toMatch(/beta\[x\] +normal\(0, 1\.398\) +default/);
    expect(text).toContain('default sds: half_t(3, 2.5 s), s = 1 on the scale of the linear predictor');
    expect(text).toContain('the intercept has its prior at the centre of the columns');
    expect(text).not.toMatch(/sigma/);
  });

  test('has trials and their range, and the distribution function of the probit link', () => {
    const text = told('won | trials(of) ~ 1 + (1 | g)', 'binomial');
    expect(text).toContain('won_i ~ binomial(of_i, inverse_logit(b_g[j,Intercept]))');
    expect(text).toContain('  won: binomial, logit link; 1 to 9 trials a row; 12 of 21 are successes\n');
    expect(text).not.toContain('centre');
    expect(told('vote ~ x', 'probit')).toContain('vote_i ~ bernoulli(Phi(beta[Intercept] + beta[x] x_i))');
  });
});
