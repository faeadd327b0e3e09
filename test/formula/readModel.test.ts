import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { halfT } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { sample } from '../../src/run/sample.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const sleepstudy = fixtureFrame('sleepstudy');
const text = 'Reaction ~ Days + (Days | Subject)';
const size = { chains: 2, warmup: 20, iterations: 20, seed: 20261128 };

describe('the text of a formula in the place of a model', () => {
  it('gives the draws of the model it makes, bare rows those of { rows }, by both forms of sampling', async () => {
    const expected = sampleSync(formula(text), { rows: sleepstudy }, size).draws.values;
    expect(sampleSync(text, sleepstudy, size).draws.values).toEqual(expected);
    expect((await sample(text, sleepstudy, { ...size, workers: false })).draws.values).toEqual(expected);
  });

  it('takes the options of the formula among those of the function', () => {
    const priors = { sigma: halfT(3, 10) };
    const fit = sampleSync(text, sleepstudy, { ...size, family: 'student', priors });
    expect(fit.graph).toEqual(formula(text, { family: 'student', priors }));
    expect(maximumLikelihood(text, sleepstudy, { method: 'ML' }).logLik).toBeCloseTo(-875.9697, 3);
    expect(describeModel(text)).toBe(describeModel(formula(text)));
    expect(() => simulatePrior(text, sleepstudy, { draws: 5 })).toThrow('beta[Intercept]');
  });

  it('says of an option of the formula beside a made model where it belongs', () => {
    const graph = formula('y ~ 1 + (1 | g)');
    expect(() => sampleSync(graph, { rows: [] }, { family: 'binomial' } as never)).toThrow(
      'sampleSync: family belongs to the formula, and this model has been made; give it there: formula(text, { family }), or pass the text itself',
    );
  });

  it('leaves options that are none to the check of options', () => {
    expect(() => sampleSync(text, sleepstudy, null as never)).toThrow(
      'sampleSync: options must be an object, not null',
    );
    expect(() => sampleSync(text, sleepstudy, { draws: 2000 } as never)).toThrow('did you mean "iterations"?');
    expect(() => sampleSync('Reaction ~ Dys + (1 | Subject)', sleepstudy)).toThrow('Dys');
  });
});
