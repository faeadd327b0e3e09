import { describe, expect, it } from 'vitest';
import { type FormulaOptions, formula, type GivenPriors } from '../../src/formula/formula.ts';
import { halfT, halfTCov, inverseWishart } from '../../src/graph/priors.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';

/**
 * The posterior does not know where a column has its origin, nor its unit: with default priors equal seeds give equal
 * draws of everything that has a meaning apart from them, but for rounding. What rounding leaves of a column about an
 * origin `shift` sds away is 1e-16 shift of an sd; draws amplify it by no more than a few thousand here. A step that
 * would be accepted in one and not in the other would show as a difference of order 1.
 */
const J = 12;
const stream = createRng([11]);
const effects = Array.from({ length: J }, () => [stream.normal(), 0.6 * stream.normal()]);
const rows = Array.from({ length: 144 }, (_, i) => {
  const j = i % J;
  const x = stream.normal();
  const eta = 0.3 + 0.5 * x + effects[j]![0]! + effects[j]![1]! * x;
  const y = eta + stream.normal();
  const v = stream.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
  return { x, y, v, w: (j % 4) * 0.7, g: `g${j}`, h: `h${(i * 7) % 5}`, side: i % 3 === 0 ? 'left' : 'right' };
});

function sampled(text: string, options: FormulaOptions, kernels: string, shift: number, unit: number): Fit {
  const data = { rows: rows.map((row) => ({ ...row, x: shift + unit * row.x })) };
  return sampleSync(formula(text, options), data, { kernels, seed: 5, chains: 1, warmup: 20, iterations: 60 });
}

/** The draws of one scalar. */
function scalar({ draws }: Fit, name: string, k: number): Float64Array {
  const count = draws.chains * draws.iterations;
  const variable = draws.variables.find((each) => each.name === name)!;
  return draws.values.subarray((variable.offset + k) * count, (variable.offset + k + 1) * count);
}

/**
 * What does not depend on the origin and unit of x: slopes per unit of the x that was shifted, the line of a group
 * where that x is 0.
 */
function invariants(fit: Fit, shift: number, unit: number): Record<string, Float64Array> {
  const names = new Set(fit.draws.variables.map(({ name }) => name));
  const [beta0, beta1] = [scalar(fit, 'beta', 0), scalar(fit, 'beta', 1)];
  const [u0, u1] = [scalar(fit, 'u_g', 0), scalar(fit, 'u_g', 1)];
  return {
    ...(names.has('sigma') ? { sigma: scalar(fit, 'sigma', 0) } : {}),
    ...(names.has('nu') ? { nu: scalar(fit, 'nu', 0) } : {}),
    ...(names.has('tau_h') ? { tau_h: scalar(fit, 'tau_h', 0) } : {}),
    slope: beta1.map((value) => value * unit),
    tauSlope: scalar(fit, 'tau_g', 1).map((value) => value * unit),
    line: beta0.map((value, i) => value + shift * beta1[i]! + u0[i]! + shift * u1[i]!),
  };
}

const MOVES: readonly (readonly [number, number])[] = [
  [10, 1],
  [300, 1],
  [2000, 5],
  [1e6, 1],
  [0, 1e-6],
  [0, 1e6],
];

const CASES: readonly (readonly [string, FormulaOptions, readonly string[]])[] = [
  ['y ~ x + (x | g)', {}, ['auto', 'gibbs']],
  ['y ~ x + (x | g) + (1 | h)', {}, ['auto', 'gibbs']],
  ['y ~ x * w + (x | g)', {}, ['auto']],
  ['y ~ x + (x | g)', { family: 'studentT' }, ['auto']],
  ['v ~ x + (x | g)', { family: 'binomial' }, ['auto', 'polyaGamma']],
  ['v ~ x + (x | g) + (1 | h)', { family: 'binomial' }, ['auto']],
  ['v ~ x + (x | g)', { family: 'probit' }, ['auto', 'albertChib']],
];

describe('draws under default priors do not know the origin and unit of a column', () => {
  CASES.flatMap(([text, options, rules]) => rules.map((kernels) => ({ text, options, kernels }))).forEach(
    ({ text, options, kernels }, turn) => {
      const first = turn === 0;
      it(`${text}, ${options.family ?? 'gaussian'}, ${kernels}`, () => {
        const was = invariants(sampled(text, options, kernels, 0, 1), 0, 1);
        // All moves of the first model, two of every other, all in turn.
        const moves = first ? MOVES : [MOVES[turn % MOVES.length]!, MOVES[(turn + 3) % MOVES.length]!];
        for (const [shift, unit] of moves) {
          const now = invariants(sampled(text, options, kernels, shift, unit), shift, unit);
          const tolerance = 1e-9 + 1e-15 * Math.abs(shift / unit) * 1e3;
          for (const [name, values] of Object.entries(was)) {
            const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
            values.forEach((value, i) => {
              expect(Math.abs(now[name]![i]! - value) / size, `${name} at ${shift}, ${unit}`).toBeLessThan(tolerance);
            });
          }
        }
      });
    },
  );

  it('the unit of a column whose origin is the model: independent intercepts and slopes', () => {
    const was = invariants(sampled('y ~ x + (x || g)', {}, 'auto', 0, 1), 0, 1);
    for (const unit of [1e-6, 1e6]) {
      const now = invariants(sampled('y ~ x + (x || g)', {}, 'auto', 0, unit), 0, unit);
      for (const [name, values] of Object.entries(was)) {
        values.forEach((value, i) => {
          expect(Math.abs(now[name]![i]! - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
        });
      }
    }
  });

  it('the reference of a two-valued factor: sds are the same, the slope and its correlations change sign', () => {
    const text = (reference: string) =>
      `y ~ factor(side, ref = "${reference}") + (factor(side, ref = "${reference}") | g)`;
    const fitOf = (reference: string): Fit =>
      sampleSync(formula(text(reference)), { rows }, { seed: 5, chains: 1, warmup: 100, iterations: 200 });
    const left = fitOf('left');
    const right = fitOf('right');
    for (const [name, k, sign] of [
      ['sigma', 0, 1],
      ['tau_g', 1, 1],
      ['beta', 1, -1],
    ] as const) {
      const a = scalar(left, name, k);
      const b = scalar(right, name, k);
      const meanOf = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
      const sd = Math.sqrt(a.reduce((sum, value) => sum + (value - meanOf(a)) ** 2, 0) / a.length);
      // The correlation's proposal is not the same after a change of sign, so that draws differ: means agree within 5
      // of their errors (200 draws each).
      expect(Math.abs(meanOf(a) - sign * meanOf(b)), name).toBeLessThan((5 * sd * Math.SQRT2) / Math.sqrt(150));
    }
  });
});

describe('priors of the user stay on the columns as written', () => {
  const shifted = { rows: rows.map((row) => ({ ...row, x: 3 + row.x })) };
  it.each<[string, GivenPriors]>([
    ['sds', { 'tau_g[Intercept]': halfT(3, 2), 'tau_g[x]': halfT(3, 1) }],
    ['Huang and Wand', { Sigma_g: halfTCov(2, 1.5) }],
    ['inverse Wishart', { Sigma_g: inverseWishart(4, 1) }],
  ])('%s: marginal and Gibbs have one posterior', (_, priors) => {
    const size = { seed: 3, chains: 4, warmup: 200, iterations: 1000 };
    const model = formula('y ~ x + (x | g)', { priors });
    const fits = ['marginal', 'gibbs'].map((kernels) => sampleSync(model, shifted, { ...size, kernels }));
    for (const [name, k] of [
      ['tau_g', 0],
      ['tau_g', 1],
      ['corr_g', 0],
      ['sigma', 0],
    ] as const) {
      const [a, b] = fits.map((fit) => batches(scalar(fit, name, k)));
      expect(Math.abs(a!.mean - b!.mean) / Math.hypot(a!.error, b!.error), name).toBeLessThan(4.5);
    }
  });
});

/** Mean and its standard error from 40 batches. */
function batches(x: Float64Array): { mean: number; error: number } {
  const size = x.length / 40;
  const means = Array.from(
    { length: 40 },
    (_, b) => x.subarray(b * size, (b + 1) * size).reduce((s, v) => s + v, 0) / size,
  );
  const mean = means.reduce((sum, value) => sum + value / 40, 0);
  return { mean, error: Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (39 * 40)) };
}
