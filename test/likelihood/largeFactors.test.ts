import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../src/likelihood/maximumLikelihoodFit.ts';
import { cholesky, forwardSolve } from '../../src/linalg/cholesky.ts';
import { gaussianProducts } from '../../src/products/gaussianProducts.ts';
import { jointCovariance } from '../../src/summary/jointCovariance.ts';
import { golden } from './goldenData.ts';
import { LARGE, type LargeData } from './largeFactors.ts';

interface GoldenFit {
  readonly deviance: number;
  readonly theta: readonly number[];
  readonly names: readonly string[];
  readonly sigma: number;
  readonly beta: readonly number[];
  readonly vcov: readonly (readonly number[])[];
  readonly groups: Readonly<Record<string, { level: string[]; mode: number[][]; sd: number[][] }>>;
}

const numbers = golden<Record<string, { sum: number; fits: { REML: GoldenFit; ML: GoldenFit } }>>('large_factors');
const fits = new Map<string, MaximumLikelihoodFit>();

function fitOf(name: string, method: 'REML' | 'ML'): MaximumLikelihoodFit {
  const key = `${name} ${method}`;
  const known = fits.get(key);
  if (known) return known;
  const fit = maximumLikelihood(LARGE[name]!.formula, LARGE[name]!.data(), { method });
  fits.set(key, fit);
  return fit;
}

const cases = Object.keys(LARGE).flatMap((name) => (['REML', 'ML'] as const).map((method) => [name, method] as const));

/**
 * lme4's derivative-free search ends within some 1e-5 of its optimum: theta and what hangs on it are compared to that.
 */
describe('factors of some hundred levels beside lme4', () => {
  it.each(cases)('%s by %s', (name, method) => {
    const columns = LARGE[name]!.data();
    const gold = numbers[name]!;
    expect(columns.y!.reduce<number>((sum, y) => sum + Number(y), 0)).toBeCloseTo(gold.sum, 8);
    const lme4 = gold.fits[method];
    const fit = fitOf(name, method);
    expect(fit.deviance).toBeLessThan(lme4.deviance + 1e-7);
    expect(fit.deviance).toBeCloseTo(lme4.deviance, 5);
    expect(fit.sigma).toBeCloseTo(lme4.sigma, 5);
    expect(fit.convergence.converged).toBe(true);
    expect(fit.optima).toBe(1);
    lme4.names.forEach((label, k) => {
      const factor = label.slice(0, label.indexOf('.'));
      const within = lme4.names.filter((other, l) => l < k && other.startsWith(`${factor}.`)).length;
      const at = fit.thetaLabels.findIndex((own) => own.startsWith(`${factor}[`)) + within;
      expect(Math.abs(fit.theta[at]! - lme4.theta[k]!)).toBeLessThan(2e-4);
    });
    lme4.beta.forEach((value, k) => {
      expect(fit.fixef.estimates[k]).toBeCloseTo(value, 5);
      lme4.vcov[k]!.forEach((entry, l) => {
        expect(Math.abs(fit.fixef.vcov[k * lme4.beta.length + l]! - entry)).toBeLessThan(1e-4 * lme4.vcov[0]![0]!);
      });
    });
    for (const group of fit.groups) {
      const { level, mode, sd } = lme4.groups[group.factor]!;
      level.forEach((name, j) => {
        const own = group.levels.indexOf(name);
        for (let k = 0; k < group.q; k++) {
          expect(group.modes[own * group.q + k]).toBeCloseTo(mode[j]![k]!, 3);
          const variance = group.conditionalCov[(own * group.q + k) * group.q + k]!;
          expect(Math.sqrt(variance)).toBeCloseTo(sd.flat()[j * group.q + k]!, 3);
        }
      });
    }
    expect(fit.boundary.length).toBe(name === 'zero' ? 1 : 0);
  });

  it('have sds of predictions by the same elimination: against a dense factor', () => {
    const fit = fitOf('slopes', 'REML');
    const { design, sigma } = fit;
    const { n, p, X, groupTerms } = design;
    const offsets = [0, groupTerms[0]!.J * groupTerms[0]!.q];
    const beta = offsets[1]! + groupTerms[1]!.J * groupTerms[1]!.q;
    const size = beta + p;
    // The precision of (u, beta) itself: no sd is 0 here.
    const P = new Float64Array(size * size);
    for (let i = 0; i < n; i++) {
      const entries: [number, number][] = [];
      groupTerms.forEach((term, f) => {
        for (let k = 0; k < term.q; k++)
          entries.push([offsets[f]! + term.index[i]! * term.q + k, term.Z[i * term.q + k]!]);
      });
      for (let k = 0; k < p; k++) entries.push([beta + k, X[i * p + k]!]);
      for (const [a, x] of entries) for (const [b, y] of entries) P[a * size + b]! += (x * y) / sigma! ** 2;
    }
    fit.groups.forEach(({ J, q, Sigma }, f) => {
      const inverse = q === 1 ? [1 / Sigma[0]!] : inverseOfTwo(Sigma);
      for (let j = 0; j < J; j++) {
        for (let a = 0; a < q; a++) {
          const row = offsets[f]! + j * q + a;
          for (let b = 0; b < q; b++) P[row * size + row - a + b]! += inverse[a * q + b]!;
        }
      }
    });
    expect(cholesky(P, size)).toBe(true);
    const joint = jointCovariance(fit);
    const combinations: [{ f: number; j: number; k: number; weight: number }[], number[]][] = [
      [[], [1, 0.7]],
      [[{ f: 0, j: 3, k: 1, weight: 1 }], [0, 1]],
      [[{ f: 1, j: 17, k: 0, weight: 1 }], [1, 0]],
      [
        [
          { f: 0, j: 200, k: 0, weight: 1 },
          { f: 0, j: 200, k: 1, weight: -0.4 },
          { f: 1, j: 399, k: 0, weight: 1 },
        ],
        [1, -0.4],
      ],
    ];
    for (const [deviations, x] of combinations) {
      const b = new Float64Array(size);
      for (const { f, j, k, weight } of deviations) b[offsets[f]! + j * groupTerms[f]!.q + k] = weight;
      b.set(x, beta);
      forwardSolve(P, size, b);
      expect(joint.sdOf(deviations, x)).toBeCloseTo(Math.sqrt(b.reduce((sum, entry) => sum + entry * entry, 0)), 9);
    }
  });

  it('are what the levels are eliminated by degree for; beside one large factor the arrow stays', () => {
    const products = (text: string, data: LargeData) => gaussianProducts(buildDesign(formula(text), data));
    const { formula: text, data } = LARGE.nested!;
    const all = products(text, data());
    expect('places' in all && all.places?.tail).toBeLessThan(20);
    expect('places' in products('y ~ x + (1 | s) + (1 | p)', data())).toBe(false);
    expect('places' in products('y ~ x + (1 + x | p)', data())).toBe(false);
  });
});

function inverseOfTwo([a, b, , d]: ArrayLike<number> & Iterable<number>): number[] {
  const determinant = a! * d! - b! * b!;
  return [d! / determinant, -b! / determinant, -b! / determinant, a! / determinant];
}
