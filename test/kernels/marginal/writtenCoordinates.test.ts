import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { halfCauchy, halfNormal, inverseGamma } from '../../../src/graph/priors.ts';
import {
  type WrittenCoordinates,
  writtenCoordinates,
  writtenProposal,
} from '../../../src/kernels/marginal/writtenCoordinates.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { logMixtureProposal } from '../../../src/proposals/logMixture.ts';
import { allocateMixture, mixtureProposal } from '../../../src/proposals/mixture.ts';
import { createRng } from '../../../src/random/rng.ts';

/** The coordinates of a model of one or two slopes on columns so many sds from zero. */
function coordinatesOf(shift: number, slopes: number): WrittenCoordinates {
  const rng = createRng([72, slopes]);
  const rows: Record<string, (number | string)[]> = { y: [], g: [], x1: [], x2: [] };
  for (let i = 0; i < 24; i += 1) {
    rows['y']!.push(rng.normal());
    rows['g']!.push(`g${i % 6}`);
    rows['x1']!.push(shift + rng.normal());
    rows['x2']!.push(-shift + 2 * rng.normal());
  }
  const names = ['x1', 'x2'].slice(0, slopes);
  const priors = Object.fromEntries(['Intercept', ...names].map((name) => [`tau_g[${name}]`, halfNormal(1)]));
  const { moving } = plan(formula(`y ~ ${names.join(' + ')} + (1 + ${names.join(' + ')} | g)`, { priors }), {
    rows: rows as never,
  });
  return writtenCoordinates(moving.design.groupTerms, moving.priors.groups)!;
}

describe('covariances of the columns as written', () => {
  for (const [shift, slopes] of [
    [5, 1],
    [1000, 1],
    [20, 2],
  ] as const) {
    it(`lead back, with the determinant of finite differences: ${slopes} slopes, ${shift} from zero`, () => {
      const { d, q, toWritten, fromWritten } = coordinatesOf(shift, slopes);
      const rng = createRng([73, shift]);
      for (let trial = 0; trial < 5; trial += 1) {
        const written = Float64Array.from({ length: d }, (_, k) => (k < q ? Math.exp(rng.normal()) : rng.normal()));
        const phi = new Float64Array(d);
        const back = new Float64Array(d);
        const logFrom = fromWritten(written, phi);
        const logTo = toWritten(phi, back);
        // Of an sd a shift away from its terms that many digits are lost, twice where they are squared.
        for (let k = 0; k < d; k += 1) expect(Math.abs(back[k]! / written[k]! - 1)).toBeLessThan(1e-14 * shift * shift);
        expect(Math.abs(logFrom + logTo)).toBeLessThan(1e-12 * shift);
        // |d phi / d written| by central differences, by elimination of the matrix.
        const matrix: number[][] = Array.from({ length: d }, () => new Array<number>(d).fill(0));
        for (let k = 0; k < d; k += 1) {
          const h = 1e-5;
          const [up, down] = [h, -h].map((step) => {
            const at = written.slice();
            at[k] = at[k]! + step;
            const out = new Float64Array(d);
            fromWritten(at, out);
            return out;
          });
          for (let i = 0; i < d; i += 1) matrix[i]![k] = (up![i]! - down![i]!) / (2 * h);
        }
        expect(logDeterminant(matrix)).toBeCloseTo(logFrom, shift > 100 ? 2 : 4);
      }
    });
  }

  it('have a proposal whose density is that of the points it draws: it integrates to 1', () => {
    const coordinates = coordinatesOf(20, 1);
    const { d, q } = coordinates;
    const mixture = allocateMixture(d, q, 1);
    mixture.means.set([1, 1, 0]);
    for (let k = 0; k < d; k += 1) mixture.factors[k * d + k] = 0.3;
    const wide = allocateMixture(d, q, 1);
    wide.means.set([4, 1, 1]);
    for (let k = 0; k < d; k += 1) wide.factors[k * d + k] = 1.5;
    const moving = mixtureProposal(wide);
    const mixed = writtenProposal(coordinates, mixtureProposal(mixture), moving, 0.5);
    const rng = createRng([74]);
    const phi = new Float64Array(d);
    // E over the mixed density of moving / mixed is the integral of moving: 1. The ratio is at most 2.
    const N = 20_000;
    let sum = 0;
    for (let n = 0; n < N; n += 1) {
      mixed.draw(rng, phi);
      sum += Math.exp(moving.logDensity(phi) - mixed.logDensity(phi)) / N;
    }
    expect(Math.abs(sum - 1)).toBeLessThan(5 / Math.sqrt(N));
  });

  // Sds of any two columns may be apart by all digits there are, in either system; only the way there was looked at once,
  // and chains were taken to points 300 nats down, of which the proposal had no density, and stayed.
  it.each([
    [5, 1],
    [5, 2],
    [20, 2],
    [1000, 2],
  ] as const)(
    'have a density of every point that is drawn, or no sds there: %d from zero, %d slopes',
    (shift, slopes) => {
      const coordinates = coordinatesOf(shift, slopes);
      const { d, q } = coordinates;
      const mixture = allocateMixture(d, 0, 1);
      for (let k = 0; k < d; k += 1) mixture.factors[k * d + k] = k < q ? 9 : 1;
      const proposal = writtenProposal(coordinates, logMixtureProposal(mixture, q), logMixtureProposal(mixture, q), 1);
      const rng = createRng([75, shift, slopes]);
      const phi = new Float64Array(d);
      let placed = 0;
      for (let n = 0; n < 2000; n += 1) {
        proposal.draw(rng, phi);
        if (phi.subarray(0, q).some((sd) => sd === 0)) continue;
        placed += 1;
        expect(proposal.logDensity(phi)).toBeGreaterThan(-Infinity);
      }
      expect(placed).toBeGreaterThan(500);
      expect(placed).toBeLessThan(2000);
    },
  );

  it('are none where every prior is about the means', () => {
    const rows = { y: [1, 2, 3, 4, 5, 6], g: ['a', 'a', 'b', 'b', 'c', 'c'] };
    for (const prior of [halfCauchy(1), inverseGamma(2, 1)]) {
      const { moving } = plan(formula('y ~ 1 + (1 | g)', { priors: { tau_g: prior } }), { rows });
      expect(writtenCoordinates(moving.design.groupTerms, moving.priors.groups)).toBeNull();
    }
  });
});

function logDeterminant(rows: number[][]): number {
  let sum = 0;
  const M = rows.map((row) => [...row]);
  for (let k = 0; k < M.length; k += 1) {
    const pivot = M.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(M[best]![k]!) ? k + i : best), k);
    [M[k], M[pivot]] = [M[pivot]!, M[k]!];
    sum += Math.log(Math.abs(M[k]![k]!));
    for (let i = k + 1; i < M.length; i += 1) {
      const factor = M[i]![k]! / M[k]![k]!;
      for (let j = k; j < M.length; j += 1) M[i]![j]! -= factor * M[k]![j]!;
    }
  }
  return sum;
}
