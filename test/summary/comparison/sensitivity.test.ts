import { describe, expect, it } from 'vitest';
import { halfNormal, normal, sampleSync, sensitivity, sensitivityText, summarize } from '../../../src/index.ts';
import { cumulativeDistance } from '../../../src/summary/comparison/cumulativeDistance.ts';
import { faultOf } from '../../faultOf.ts';
import { normalQuantileGrid } from '../../oracle/normalQuantileGrid.ts';

const schools = { y: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18], school: [...'ABCDEFGH'] };

/** The definition, written slowly: both divergences with their integrals, of x and of -x. */
function slowDistance(x: readonly number[], weights: readonly number[]): number {
  const square = (values: readonly number[], w: readonly number[]): number => {
    const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
    const P = order.slice(0, -1).map((_, i) => (i + 1) / values.length);
    const Q = order.slice(0, -1).map((_, i) => order.slice(0, i + 1).reduce((sum, k) => sum + w[k]!, 0));
    const width = P.map((_, i) => values[order[i + 1]!]! - values[order[i]!]!);
    const integral = (F: (i: number) => number): number => width.reduce((sum, d, i) => sum + d * F(i), 0);
    const [p, q] = [integral((i) => P[i]!), integral((i) => Q[i]!)];
    const divergence = (A: readonly number[], B: readonly number[], a: number, b: number): number =>
      integral((i) => A[i]! * Math.log2(A[i]! / (0.5 * (A[i]! + B[i]!)))) + (b - a) / (2 * Math.LN2);
    return (divergence(P, Q, p, q) + divergence(Q, P, q, p)) / (p + q);
  };
  return Math.sqrt(
    Math.max(
      square(x, weights),
      square(
        x.map((value) => -value),
        weights,
      ),
    ),
  );
}

describe('cumulativeDistance', () => {
  const sorted = [-2, -0.5, 0.1, 0.4, 3, 7];
  it.each([[[0.3, 0.2, 0.2, 0.1, 0.1, 0.1]], [[0.05, 0.05, 0.1, 0.2, 0.3, 0.3]], [[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]]])(
    'is the definition, summed: %j',
    (weights) => {
      expect(cumulativeDistance(sorted, weights)).toBeCloseTo(slowDistance(sorted, weights), 12);
    },
  );

  it('is 0 for equal weights and for equal draws', () => {
    expect(
      cumulativeDistance(
        sorted,
        sorted.map(() => 1 / 6),
      ),
    ).toBeLessThan(1e-7);
    expect(cumulativeDistance([2, 2, 2], [0.5, 0.3, 0.2])).toBe(0);
  });
});

describe('sensitivity', () => {
  it('is that of the exact posterior of a normal mean, for prior and likelihood', () => {
    const y = [3.1, 2.2, 4.4, 2.9, 3.8, 1.9, 3.3, 2.7];
    const rows = { y, s: y.map(() => 2) };
    const fit = sampleSync('y | se(s) ~ 1', rows, {
      priors: { beta: normal(0, 1) },
      seed: 5,
      iterations: 5000,
    });
    // The posterior is N(m, 1 / (1 + n / 4)); powers of a normal density are normal densities.
    const n = y.length;
    const mean = y.reduce((sum, value) => sum + value, 0) / 4 / (1 + n / 4);
    const grid = normalQuantileGrid(mean, 1 / Math.sqrt(1 + n / 4), 20_000);
    const exact = (part: (x: number) => number): number => {
      const moved = [1 / 1.01, 1.01].map((power) => {
        const raw = grid.map((x) => Math.exp((power - 1) * part(x)));
        const sum = raw.reduce((a, b) => a + b, 0);
        return cumulativeDistance(
          grid,
          raw.map((value) => value / sum),
        );
      });
      return (moved[0]! + moved[1]!) / (2 * Math.log2(1.01));
    };
    const [row] = sensitivity(fit).rows;
    // Moments of 20 000 nearly independent draws are known to a hundredth, and the range that the distance is over to
    // some hundredths.
    expect(row!.prior / exact((x) => -0.5 * x * x)).toBeCloseTo(1, 1);
    expect(row!.likelihood / exact((x) => -0.125 * y.reduce((sum, v) => sum + (v - x) ** 2, 0))).toBeCloseTo(1, 1);
    expect(row!.diagnosis).toBe('priorDataConflict');
  });

  it('halves a prior as a fit with the halved prior has it', () => {
    const model = 'y | se(se) ~ 1 + (1 | school)';
    const tau = halfNormal(10);
    const fit = sampleSync(model, schools, {
      priors: { beta: normal(0, 4), tau_school: tau },
      seed: 1,
      iterations: 4000,
    });
    const found = sensitivity(fit);
    const half = sampleSync(model, schools, {
      priors: { beta: normal(0, 2), tau_school: tau },
      seed: 2,
      iterations: 4000,
    });
    const row = found.halved.find(({ variable }) => variable === 'beta[Intercept]')!;
    expect(row.prior).toBe('normal(0, 4)');
    const [refitted] = summarize(half, { variables: ['beta'] });
    const [own] = summarize(fit, { variables: ['beta'] });
    // Four Monte Carlo errors of the difference; weights leave less than a third of the draws' worth.
    const error = Math.hypot(refitted!.mcseMean, 2 * own!.mcseMean);
    expect(Math.abs(row.halved! - refitted!.mean)).toBeLessThan(4 * error);
    expect(row.change).toBeCloseTo((row.halved! - row.mean) / own!.sd, 6);
  });

  it('says that the prior decides where the rows say little, and nothing where they say all', () => {
    const narrow = sampleSync('y | se(se) ~ 1 + (1 | school)', schools, {
      priors: { tau_school: halfNormal(0.5) },
      seed: 1,
    });
    const tau = sensitivity(narrow).rows.find(({ variable }) => variable.startsWith('tau'))!;
    expect(tau.diagnosis).toBe('weakLikelihood');
    const many = {
      y: Array.from({ length: 200 }, (_, i) => 3 + Math.sin(i)),
      x: Array.from({ length: 200 }, (_, i) => i % 7),
    };
    const sure = sensitivity(sampleSync('y ~ x', many, { seed: 1, priors: { beta: normal(0, 50) } }));
    expect(sure.rows.map(({ diagnosis }) => diagnosis)).toEqual(['none', 'none', 'none']);
    expect(sensitivityText(sure)).toContain('No quantity depends much on its prior.');
    expect(sure.paretoK.prior).toBeLessThan(0.5);
  });

  it('takes a fit of draws', () => {
    expect(faultOf(() => sensitivity({} as never)).message).toContain('sensitivity: expected a fit of draws');
  });
});
