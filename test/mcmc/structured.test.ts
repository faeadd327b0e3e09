import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { studentT } from '../../src/graph/nodes.ts';
import { halfCauchy, halfNormal, halfT, normal, uniform } from '../../src/graph/priors.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { check } from '../../src/summary/checks/check.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { denseDeviance } from '../oracle/denseDeviance.ts';
import { denseResiduals } from '../oracle/denseResiduals.ts';

interface Reference {
  readonly variable: string;
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
}

const orthodont = fixtureFrame('orthodont');
const TEXT = 'distance ~ age * Sex + (1 | Subject)';
const OPTIONS = { chains: 2, warmup: 100, iterations: 1500, seed: 11 };
const priors = { beta: normal(0, 100), tau_Subject: halfCauchy(2.5), sigma: halfCauchy(2.5) };
const ar1 = sampleSync(TEXT, orthodont, { ...OPTIONS, residual: 'ar1(age | Subject)', priors });

describe('sampling with residuals that depend on each other', () => {
  it('agrees with JAGS: AR(1) beside a varying intercept', () => {
    const file = new URL('../fixtures/posteriors/jags_orthodont_ri_ar1.json', import.meta.url);
    const { key } = JSON.parse(readFileSync(file, 'utf8')) as { key: Reference[] };
    const ours = summarize(ar1).filter(({ variable }) => !variable.startsWith('u_'));
    const names = [
      'beta[Intercept]',
      'beta[age]',
      'beta[SexMale]',
      'beta[age:SexMale]',
      'phi',
      'sigma',
      'tau_Subject[Intercept]',
    ];
    key.forEach((reference, k) => {
      const row = ours.find(({ variable }) => variable === names[k])!;
      const error = Math.hypot(reference.mcse_mean, row.mcseMean);
      // Seven means, four combined Monte Carlo standard errors.
      expect(Math.abs(row.mean - reference.mean)).toBeLessThan(4 * error);
      expect(row.essBulk).toBeGreaterThan(0.5 * OPTIONS.chains * OPTIONS.iterations);
    });
  });

  it.each([
    [0, 0.9],
    [-0.42, 0.18],
  ])('agrees with quadrature: compound symmetry, sd by a term, flat beta, rho in (%d, %d)', (low, high) => {
    const rows = {
      y: [1.2, 2.1, 1.9, 3.8, 4.4, 2.2, 0.4, 1.1, 3.1, 5.2],
      g: ['a', 'a', 'a', 'b', 'b', 'c', 'c', 'c', 'd', 'd'],
      z: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
    };
    const own = { sigma: halfNormal(2), delta: normal(0.2, 0.5), rho: uniform(low, high) };
    const options = { residual: 'cs(g)', sigma: '~ z', priors: own };
    const design = buildDesign(formula('y ~ z', options), rows);
    // At the mean of z, 0.5, sigma has its prior; z = 0 has sigma exp(-delta / 2).
    const sums = { weight: 0, rho: 0, delta: 0, sigma: 0 };
    const step = (high - low) / 15;
    for (let rho = low + step / 2; rho < high; rho += step) {
      for (let delta = -1.8; delta <= 2.2; delta += 0.2) {
        const sd = rows.z.map((z) => Math.exp(delta * (z - 0.5)));
        const law = denseResiduals({ kind: 'cs', correlations: [rho] }, { group: rows.g, time: rows.z, sd });
        const { r2, logDetV, logDetXVX } = denseDeviance(design, [], 'REML', law);
        for (let log = -2; log <= 3; log += 0.05) {
          const sigma = Math.exp(log);
          const prior = -0.5 * (sigma / 2) ** 2 - 0.5 * ((delta - 0.2) / 0.5) ** 2 + log;
          const weight = Math.exp(-0.5 * (logDetV + logDetXVX + r2 / sigma ** 2) - 8 * log + prior);
          sums.weight += weight;
          sums.rho += weight * rho;
          sums.delta += weight * delta;
          sums.sigma += weight * sigma * Math.exp(-0.5 * delta);
        }
      }
    }
    const fit = sampleSync('y ~ z', rows, { ...OPTIONS, iterations: 3000, ...options });
    for (const [variable, sum] of [
      ['rho', sums.rho],
      ['delta[z]', sums.delta],
      ['sigma', sums.sigma],
    ] as const) {
      const row = summarize(fit).find((each) => each.variable === variable)!;
      // The sums are of smooth densities and good to 1e-3 of an sd.
      expect(Math.abs(row.mean - sum / sums.weight)).toBeLessThan(4 * row.mcseMean + 2e-3 * row.sd);
    }
  });

  it('survives JSON, passes the checks, and is described', () => {
    const text = toJson(ar1);
    expect(toJson(fromJson(text))).toBe(text);
    expect(check(ar1).ok).toBe(true);
    const words = describeModel(plan(TEXT, orthodont, { residual: 'ar1(age | Subject)', sigma: '~ Sex' }));
    expect(words).toMatch(/phi +uniform\(-1, 1\) +default/);
    expect(words).toMatch(/delta\[SexMale\] +normal\(0, 1\.018\) +default/);
    expect(words).toContain('marginalCovariance updates tau_Subject, sigma, phi, delta');
  });

  it('predicts the next row of a group from those before it', () => {
    const rows = { age: [16, 16], Sex: ['Male', 'Male'], Subject: ['M01', 'new'] };
    const [known, fresh] = predict(ar1, rows, { kind: 'response' }).rows;
    expect(known!.sd as number).toBeLessThan(fresh!.sd as number);
    expect(known!.mean as number).toBeGreaterThan(fresh!.mean as number);
    expect(faultOf(() => predict(ar1, undefined, { kind: 'response' })).message).toContain('is of new rows');
  });

  it('replicates residuals that depend on each other', () => {
    const fit = sampleSync('distance ~ age', orthodont, { ...OPTIONS, iterations: 300, residual: 'cs(Subject)' });
    const { n, draws, responses } = simulate(fit, { draws: 300 });
    const { index } = fit.design.residual!.groups!;
    let [within, between, pairs, others] = [0, 0, 0, 0];
    for (let d = 0; d < draws; d++) {
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < i; k++) {
          const square = (responses[i * draws + d]! - responses[k * draws + d]!) ** 2;
          if (fit.design.X[2 * i + 1] !== fit.design.X[2 * k + 1] && index[i] === index[k]) {
            within += square;
            pairs += 1;
          } else if (index[i] !== index[k]) {
            between += square;
            others += 1;
          }
        }
      }
    }
    // Correlations of about 0.7: rows of one child differ by much less than rows of two.
    expect(within / pairs).toBeLessThan(0.6 * (between / others));
  });

  const WRONG: readonly (readonly [FormulaOptions & { readonly kernels?: string }, string])[] = [
    [
      { residual: 'toeplitz(age | Subject)', priors: { rho: uniform(0, 1) } },
      '"rho" is uniform; accepted: its default alone',
    ],
    [{ residual: 'unstructured(age | Subject)', priors: { rho: uniform(0, 1) } }, 'lkj(eta)'],
    [{ sigma: '~ Sex', kernels: 'gibbs' }, 'kernels: gibbs takes'],
    [{ residual: 'ar1(age | Subject)', priors: { phi: uniform(2, 3) } }, 'holds no correlation'],
    [
      { residual: 'cs(Subject)', priors: { rho: uniform(-0.5, 0.5) } },
      'rho has the prior uniform(-0.5, 0.5), which begins below all it may be; here rho lies between -0.333333 and 1',
    ],
    [{ residual: 'car1(age | Subject)', priors: { phi: uniform(-0.5, 0.5) } }, 'here phi lies between 0 and 1'],
    [{ residual: 'ar1(age | Subject)', priors: { rho: uniform(0, 1) } }, 'the model has no "rho"'],
    [{ sigma: '~ (1 | Subject)', priors: { omega_Subject: uniform(-1, 1) } }, '"omega_Subject": low of uniform'],
    [{ sigma: '~ Sex', priors: { delta: halfT(3, 1) as never } }, '"delta" is halfT; accepted: normal(mean, sd)'],
    [{ sigma: '~ Sex', priors: { delta: studentT(3, 0, 1) as never } }, 'accepted: normal(mean, sd)'],
    [{ sigma: '~ Sex', priors: { 'delta[age]': normal(0, 1) } }, 'there is a prior for delta[age]'],
    [
      { sigma: '~ I(age - 1000000)' },
      'which no number holds; take it from about its mean, as in I(age - 1000000 + 1000000)',
    ],
  ];
  it.each(WRONG)('%j is refused', (options, sentence) => {
    expect(faultOf(() => sampleSync(TEXT, orthodont, { ...OPTIONS, ...options })).message).toContain(sentence);
  });
});
