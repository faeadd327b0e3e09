import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { coefficientCovariance } from '../../../src/likelihood/gaussian/coefficientCovariance.ts';
import { type ProfiledDeviance, profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { probeErrors } from '../../../src/likelihood/probeErrors.ts';
import { estimateTheta } from '../../../src/likelihood/search/estimateTheta.ts';
import { sparseProducts } from '../../../src/products/sparseProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { gaussianCase } from '../../oracle/gaussianCases.ts';

const CASES: Readonly<Record<string, Parameters<typeof gaussianCase>[0]>> = {
  'two crossed factors': {
    seed: 1,
    n: 240,
    factors: [
      { J: 40, columns: ['one'] },
      { J: 25, columns: ['one'] },
    ],
  },
  'the larger factor last': {
    seed: 6,
    n: 300,
    factors: [
      { J: 30, columns: ['one', 'x'] },
      { J: 50, columns: ['one'] },
    ],
  },
  'pupils in classes in schools': {
    seed: 2,
    n: 300,
    factors: [
      { J: 4, columns: ['one'] },
      { J: 20, columns: ['one'], nestedIn: 0 },
      { J: 100, columns: ['one'], nestedIn: 1 },
    ],
  },
  'slopes crossed with slopes, weights': {
    seed: 3,
    n: 400,
    factors: [
      { J: 30, columns: ['one', 'x'] },
      { J: 24, columns: ['one', 'year', 'income'] },
    ],
    extras: ['weights', 'offset'],
  },
  'three factors, known standard errors, a level without rows': {
    seed: 4,
    n: 200,
    factors: [
      { J: 12, columns: ['x'] },
      { J: 30, columns: ['one', 'x'] },
      { J: 19, columns: ['one'] },
    ],
    extras: ['standardErrors', 'emptyLevel'],
  },
};

/** So few levels beside the leading factor that each is counted: no probe is random. */
const COUNTED: Parameters<typeof gaussianCase>[0] = {
  seed: 5,
  n: 240,
  factors: [
    { J: 40, columns: ['one', 'x'] },
    { J: 8, columns: ['one', 'x'] },
  ],
};

const NONE_FACTORED = 0;
/** The dearest by ML alone. */
const cases = Object.keys(CASES)
  .flatMap((name) => (['ML', 'REML'] as const).map((method) => [name, method] as const))
  .filter(([name, method]) => method === 'ML' || !name.startsWith('slopes crossed'));

function both(of: Parameters<typeof gaussianCase>[0], method: 'ML' | 'REML') {
  const design: Design = gaussianCase(of).design;
  const exact = profiledDeviance(sparseProducts(design), design, method);
  const probed = profiledDeviance(sparseProducts(design, NONE_FACTORED), design, method);
  return { design, exact, probed };
}

function start({ factors: { size } }: ProfiledDeviance, scale: number): Float64Array {
  const rng = createRng([7]);
  return Float64Array.from({ length: size }, () => scale * (0.5 + rng.uniform()));
}

/** The largest difference of two arrays, relative to the largest entry of the first. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const largest = Array.from(a).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / largest;
}

/** How far the probes' determinant is from the exact one, in its Monte Carlo standard errors. */
function score(exact: ProfiledDeviance, probed: ProfiledDeviance): number {
  const values = probed.system.factorisation.probed!().map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (mean - exact.system.logDetZ) / Math.sqrt(squares / (values.length - 1) / values.length);
}

describe('conjugate gradients and probes beside the exact factor', () => {
  it.each(cases)('the gradient is that of the criterion, coefficients are exact: %s, %s', (name, method) => {
    const { design, exact, probed } = both(CASES[name]!, method);
    for (const scale of [0.3, 2]) {
      const x = start(exact, scale);
      const [gradient, unused] = [new Float64Array(x.length), new Float64Array(x.length)];
      exact.search(x, unused);
      probed.search(x, gradient);
      expect(probed.sigma2() / exact.sigma2()).toBeCloseTo(1, 10);
      const [a, b] = [exact.coefficients(), probed.coefficients()];
      expect(apart(a.beta, b.beta)).toBeLessThan(1e-8);
      a.u.forEach((u, f) => {
        expect(apart(u, b.u[f]!)).toBeLessThan(1e-8);
      });
      expect(apart(coefficientCovariance(exact, design.p, 1), coefficientCovariance(probed, design.p, 1))).toBeLessThan(
        1e-8,
      );
      const [step, direction] = [1e-4, start(exact, 1)];
      const [up, down] = [step, -step].map((by) =>
        probed.at(probed.factors.fromSearch(x.map((v, k) => v + by * direction[k]!))),
      );
      const slope = direction.reduce((sum, entry, k) => sum + entry * gradient[k]!, 0);
      const largest = gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
      expect(Math.abs((up! - down!) / (2 * step) - slope) / largest).toBeLessThan(1e-5);
    }
  });

  it('the determinant is off by what its standard error says', () => {
    const scores = Object.values(CASES).flatMap((of) =>
      [11, 12].map((seed) => {
        const { exact, probed } = both({ ...of, seed }, 'ML');
        const x = start(exact, 1);
        for (const deviance of [exact, probed]) deviance.search(x, new Float64Array(x.length));
        return score(exact, probed);
      }),
    );
    // The probes of designs of the same levels are the same, and squares of few of them skewed: over 90 designs and
    // other probes the root of the mean square was 1.5.
    const rms = Math.sqrt(scores.reduce((sum, value) => sum + value * value, 0) / scores.length);
    expect(rms).toBeGreaterThan(0.3);
    expect(rms).toBeLessThan(3);
  });

  it('where every level is counted all is exact, on the boundary too', () => {
    for (const method of ['ML', 'REML'] as const) {
      const { exact, probed } = both(COUNTED, method);
      const x = start(exact, 1);
      for (const zeros of [0, 1, 3]) {
        x.fill(0, 0, zeros);
        const [g, h] = [new Float64Array(x.length), new Float64Array(x.length)];
        const value = exact.search(x, g);
        expect(probed.search(x, h) / value).toBeCloseTo(1, 10);
        expect(apart(g, h)).toBeLessThan(1e-6);
        const D = exact.derivative();
        probed.derivative().forEach((block, f) => {
          expect(apart(D[f]!, block)).toBeLessThan(1e-5);
        });
      }
    }
  });

  it('a fit is off by what its standard errors say, variances of modes by a tenth', () => {
    const scores: number[] = [];
    for (const seed of [21, 22, 23]) {
      const of = {
        seed,
        n: 3000,
        factors: [
          { J: 600, columns: ['one' as const] },
          { J: 500, columns: ['one' as const] },
        ],
      };
      const { exact, probed } = both(of, 'REML');
      const { minimum, lambdas } = estimateTheta(probed);
      const errors = probeErrors(probed, minimum)!;
      expect(minimum.evaluations).toBeLessThan(12);
      // Where the exact criterion has its minimum: a Newton step from that of the probes.
      const { x, hessian: H } = minimum;
      const g = new Float64Array(2);
      exact.search(x, g);
      const determinant = H[0]! * H[3]! - H[1]! * H[2]!;
      const steps = [(H[3]! * g[0]! - H[1]! * g[1]!) / determinant, (H[0]! * g[1]! - H[2]! * g[0]!) / determinant];
      const sigma = Math.sqrt(exact.sigma2());
      const moved = exact.factors.fromSearch(x.map((value, k) => value - steps[k]!));
      exact.at(moved);
      const taus = [exact, probed].map((deviance, k) => {
        const at = k === 0 ? moved : lambdas;
        if (k === 1) deviance.at(at);
        return at.map((L) => Math.abs(L[0]!) * Math.sqrt(deviance.sigma2()));
      });
      for (const f of [0, 1]) scores.push((taus[0]![f]! - taus[1]![f]!) / errors.tau[f]![0]!);
      expect(Math.sqrt(exact.sigma2()) / sigma).toBeCloseTo(1, 2);
      exact.at(lambdas);
      const blocks = [exact, probed].map((deviance) => deviance.system.factorisation.conditionalCovariance());
      blocks[0]!.forEach((block, f) => {
        const off = block.map((value, k) => (blocks[1]![f]![k]! / value - 1) ** 2);
        expect(Math.sqrt(off.reduce((sum, value) => sum + value, 0) / off.length)).toBeLessThan(0.15);
      });
    }
    // The probes are those of one design for all three, so that these are as good as two t of 7 degrees of freedom.
    const rms = Math.sqrt(scores.reduce((sum, value) => sum + value * value, 0) / scores.length);
    expect(rms).toBeGreaterThan(0.1);
    expect(rms).toBeLessThan(4);
  });
});

describe('a model whose matrix is not factored', () => {
  const rng = createRng([3]);
  const J = 5000;
  const [ua, ub] = [0.4, 0.6].map((sd) => Float64Array.from({ length: J }, () => sd * rng.normal()));
  const rows = Array.from({ length: 30_000 }, () => {
    const [a, b, x] = [Math.floor(rng.uniform() * J), Math.floor(rng.uniform() * J), rng.normal()];
    return { a: `a${a}`, b: `b${b}`, x, y: 1 + 0.5 * x + ua![a]! + ub![b]! + rng.normal() };
  });
  const fit = maximumLikelihood('y ~ x + (1 | a) + (1 | b)', rows);

  it('is fitted by probes, and says so with its errors', () => {
    expect(fit.approximation).toMatchObject({ kind: 'probes', probes: 8 });
    expect(fit.convergence.converged).toBe(true);
    const { deviance, tau, sigma } = fit.approximation!;
    // What was simulated, within three standard errors of 30 000 rows.
    expect(Math.abs(fit.groups[0]!.tau[0]! - 0.4)).toBeLessThan(0.03);
    expect(Math.abs(fit.groups[1]!.tau[0]! - 0.6)).toBeLessThan(0.03);
    expect(Math.abs(fit.sigma! - 1)).toBeLessThan(0.02);
    for (const error of [tau[0]![0]!, tau[1]![0]!, sigma!]) {
      expect(error).toBeGreaterThan(1e-6);
      expect(error).toBeLessThan(1e-3);
    }
    expect(deviance).toBeLessThan(3);
    expect(fit.messages.join()).toMatch(
      /^approximation: probes: .* over 8 probes; Monte Carlo standard errors: deviance/,
    );
  });

  it('predicts with the sds of its coefficients', () => {
    const [one] = predict(fit, [{ a: 'a1', b: 'b1', x: 0 }]).rows as unknown as [{ se: number }];
    expect(one.se).toBeGreaterThan(0.1);
    expect(one.se).toBeLessThan(0.8);
  });
});
