import { describe, expect, it } from 'vitest';
import { expectFinite } from '../input.ts';
import { judgeFit, type ReferenceFit } from './judgeFit.ts';
import { type ProductEstimates, type ProductFit, productFit } from './productFit.ts';
import { type CaseKind, caseKinds, type RandomCase, randomCase } from './randomCase.ts';

/**
 * The part of `npm run fuzz:lme4` that needs no R: every kind is generated and answered, and the judge tells right
 * from wrong.
 */

const kinds = Object.keys(caseKinds) as CaseKind[];

describe('random models for maximum likelihood', () => {
  for (const kind of kinds) {
    it(`${kind}: an answer in finite numbers or one sentence`, () => {
      let answered = 0;
      for (let seed = 0; seed < 6; seed += 1) {
        const one = randomCase(kind, seed);
        expect(randomCase(kind, seed)).toEqual(one);
        // Large ones are left to the long version.
        if (one.n > 700) continue;
        const fit = productFit(one);
        if (!fit.ok) expect(fit.code, `${one.id}: ${fit.error}`).not.toBe('CRASH');
        else {
          answered += 1;
          expectFinite({ deviance: fit.deviance, beta: fit.beta, theta: fit.theta, groups: fit.groups });
        }
      }
      // Empty cells may all be refused; elsewhere most have an answer.
      if (kind !== 'cells') expect(answered).toBeGreaterThan(0);
    });
  }
});

describe('residuals that are not independent', () => {
  // The optimum of test/fuzz/lme4/residuals.R, which writes the covariance of all rows down; nlme's, where it has one.
  it.each([
    [9, 'a correlation of the nearest rows alone', 225.664446593704],
    [314, 'a second optimum with the other sign of an sd', 391.418704816238],
    [433, 'a second optimum at a correlation of the other sign', 23.6426037145382],
    [332, 'a varying intercept in place of a correlation', 26.8660180604742],
    [62004, 'a covariance of occasions beside a varying intercept, told apart by sds of the rows', 130.0837304],
    // Within 1e-5 of the end's, the criterion's digits kept (in 50 decimal digits 47.93146, 310.00370).
    [476, 'a correlation at its end, rows of unlike sds', 47.9314616988297 + 1e-5],
    [630, 'the lowest correlation there can be', 310.003688292125 + 1e-6],
  ] as const)('seed %d, %s: the best optimum', (seed, _what, best) => {
    const fit = productFit(randomCase('residual', seed));
    expect(fit).toMatchObject({ ok: true, converged: true });
    expect((fit as ProductEstimates).deviance).toBeLessThan(best + 1e-6);
    expect((fit as ProductEstimates).deviance).toBeGreaterThan(best - 2e-5);
  });

  // Each by the ranks of the rows that become exact: so many contrasts are in the span of as many columns.
  it.each([
    [10, 'four contrasts, three columns and a ratio of sds', 'rho[1] goes to'],
    [43, 'seven rows, six levels and a column', 'the residual sd of some rows goes to 0 by ffb'],
    [394, 'correlated in pairs to -1 beside two sds', 'rho[1] goes to -1'],
    [
      687,
      'nine rows, six levels with a slope each',
      'goes to 0: the columns and group terms of the model fit every row',
    ],
    [53, 'pairs of occasions', 'the residual at 2 becomes a combination of those before it'],
  ] as const)('seed %d, %s: a likelihood without bound', (seed, _what, sentence) => {
    const fit = productFit(randomCase('residual', seed));
    expect(fit).toMatchObject({ ok: false, code: 'residual-scale', error: expect.stringContaining(sentence) });
  });
});

describe('the judge of fits', () => {
  const one: RandomCase = randomCase('gauss', 0);
  const ours: ProductEstimates = {
    id: one.id,
    ok: true,
    deviance: 100,
    logLik: -50,
    df: 4,
    sigma: 1,
    labels: ['Intercept', 'x1'],
    beta: [1, 2],
    se: [0.1, 0.2],
    theta: [0.5],
    thetaLabels: ['g[Intercept]'],
    converged: true,
    flat: 0,
    message: '',
    boundary: [],
    groups: [
      { factor: 'g', labels: ['Intercept'], levels: ['a', 'b'], tau: [0.5], modes: [0.1, -0.1], condsd: [0.3, 0.3] },
    ],
  };
  const theirs: ReferenceFit = {
    id: one.id,
    ok: true,
    dropped: '',
    default: 100,
    best: 100,
    bestFrom: 'default',
    atProduct: 100,
    df: 4,
    betaNames: ['x1', '(Intercept)'],
    betaAt: [2, 1],
    seAt: [0.2, 0.1],
    sigmaAt: 1,
    singularAt: false,
    flat: 3,
    ranef: [
      { factor: 'g', labels: ['(Intercept)'], levels: ['b', 'a'], modes: [-0.1, 0.1], condsd: [0.3, 0.3], tau: [0.5] },
    ],
  };
  const outcome = (p: Partial<ProductEstimates>, r: Partial<ReferenceFit>) => {
    const { outcome: kind, faults } = judgeFit(one, { ...ours, ...p }, { ...theirs, ...r });
    return [kind, ...faults.map(({ what }) => what)];
  };

  it.each([
    [{}, {}, ['agree']],
    [{}, { default: 101 }, ['ours better']],
    [{}, { best: 99.9 }, ['FAULT', 'worse optimum']],
    [{}, { best: 90, thetaMost: 1e6 }, ['FAULT', 'no optimum, not said']],
    [{}, { atProduct: 99.9, exact: 'NA' }, ['FAULT', 'criterion']],
    [{}, { atProduct: 99.9, exact: 100 }, ['agree']],
    [{}, { df: 3 }, ['FAULT', 'df']],
    [{}, { flat: 1e-7 }, ['FAULT', 'flat, not said']],
    [{ df: 3, flat: 1 }, { flat: 1e-7 }, ['not identified', 'said']],
    [{ message: 'tau_g is 75 on the link scale' }, { flat: 1e-7 }, ['not identified', 'said']],
    [{ message: 'tau_g is 75 on the link scale' }, { flat: 1e-7, flatElse: 2 }, ['not identified', 'said']],
    [{ message: 'tau_g is 75 on the link scale' }, { flat: 1e-7, flatElse: 1e-7 }, ['FAULT', 'flat, not said']],
    [{}, { nlme: 99.9 }, ['FAULT', 'nlme is lower']],
    [{ flat: 1 }, { flat: 1e-7 }, ['FAULT', 'df']],
    [{ df: 3, flat: 1 }, {}, ['FAULT', 'said to be flat']],
    [{ df: 3, flat: 1 }, { dependent: 1 }, ['not identified', 'said']],
    [{ df: 2, flat: 2 }, { dependent: 1 }, ['FAULT', 'said to be flat']],
    [{}, { betaAt: [2.001, 1] }, ['FAULT', 'coefficients']],
    [{}, { seAt: [0.2001, 0.1] }, ['FAULT', 'standard errors']],
    [{}, { sigmaAt: 1.001 }, ['FAULT', 'sigma']],
    [{}, { singularAt: true }, ['FAULT', 'boundary']],
    [{}, { tmb: 99 }, ['FAULT', 'glmmTMB is lower']],
    [{ converged: false, message: 'flat' }, { flat: 1e-7 }, ['not identified', 'flat by lme4 too']],
    [{ converged: false, message: 'stopped' }, {}, ['not converged', 'not converged']],
    [{}, { ok: false, error: 'Downdated' }, ['only ours', 'lme4']],
  ] as [Partial<ProductEstimates>, Partial<ReferenceFit>, string[]][])('%o and lme4 %o', (p, r, expected) => {
    expect(outcome(p, r)).toEqual(expected);
  });

  // 2.77 is 2 log 4: log sigma^2 goes on falling; 0 is a criterion that levels off.
  it.each([
    [{ ahead: 2.7726, far: 140 }, ['refused', 'residual-scale']],
    [{ ahead: 0.001, far: 99 }, ['refused', 'residual-scale']],
    [{ ahead: 0.001, far: 140, thetaMost: 1e6 }, ['refused', 'residual-scale']],
    [{ ahead: 0.001, far: 140 }, ['FAULT', 'false refusal']],
    [{ ahead: -2.7726, far: 101 }, ['FAULT', 'false refusal']],
    [{}, ['refused', 'residual-scale']],
  ] as [Partial<ReferenceFit>, string[]][])('a refusal for want of a bound, where lme4 has %o', (r, expected) => {
    const refused: ProductFit = { id: one.id, ok: false, code: 'residual-scale', error: 'no estimate' };
    const { outcome: kind, faults } = judgeFit(one, refused, { ...theirs, thetaMost: 3, ...r });
    expect([kind, ...faults.map(({ what }) => what)]).toEqual(expected);
  });

  it('says why standard errors of a binary model were not compared', () => {
    const binary = randomCase('binary', 0);
    const judge = (r: Partial<ReferenceFit>) =>
      judgeFit(binary, { ...ours, sigma: null }, { ...theirs, exact: 100, ...r });
    expect(judge({}).uncompared).toBeUndefined();
    expect(judge({ seAt: ['NA', 'NA'] })).toMatchObject({
      outcome: 'agree',
      uncompared: expect.stringMatching(/digits/),
    });
    expect(judge({ seAt: [0.2, 0.101] }).faults).toMatchObject([{ what: 'standard errors' }]);
  });

  it('sees a mode that is off by a hundredth of its sd', () => {
    const ranef = [{ ...theirs.ranef![0]!, modes: [-0.1, 0.103] }];
    expect(outcome({}, { ranef })).toEqual(['FAULT', 'modes']);
  });
});
