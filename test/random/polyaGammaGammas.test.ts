import { describe, expect, it } from 'vitest';
import { polyaGammaGammas, polyaGammaMean } from '../../src/random/polyaGammaGammas.ts';
import { createRng } from '../../src/random/rng.ts';
import { INTERVALS, thorinQuadrature } from '../../src/random/thorinQuadrature.ts';
import { fourierSeries, interpolatedCdf, type LogCharacteristic } from '../oracle/fourierSeries.ts';
import { polyaGammaFourier, polyaGammaInterval } from '../oracle/polyaGammaCdf.ts';
import { distributionComparison } from '../oracle/polyaGammaComparisons.ts';
import { polyaGammaCumulants } from '../oracle/polyaGammaMoments.ts';

const POINTS = 1500;
const TILTS = [0, 1, 2, 3, 4, 6, 8, 12, 20, 100, 700];

/** The law of polyaGammaGammas with n = 1, read from the same table in its own words: constant, nodes and weights. */
function rule(z: number, m: number): { constant: number; nodes: number[]; weights: number[] } {
  const table = thorinQuadrature(m);
  const tau = 1 / Math.hypot(1, z / Math.PI);
  const row = Math.min(Math.floor(tau * INTERVALS), INTERVALS - 1);
  const at = (values: Float64Array, i: number): number => {
    const part = tau * INTERVALS - row;
    return (1 - part) * values[row * m + i]! + part * values[(row + 1) * m + i]!;
  };
  const nodes = Array.from({ length: m }, (_, i) => (2 * at(table.nodes, i)) / (Math.PI ** 2 + z * z));
  const weights = Array.from({ length: m }, (_, i) => at(table.weights, i) / tau);
  const mean = z === 0 ? 0.25 : Math.tanh(z / 2) / (2 * z);
  return { constant: nodes.reduce((rest, node, i) => rest - node * weights[i]!, mean), nodes, weights };
}

function logCharacteristic(n: number, z: number, m: number): LogCharacteristic {
  const { constant, nodes, weights } = rule(z, m);
  return (t) => {
    let real = 0;
    let phase = n * constant * t;
    nodes.forEach((node, i) => {
      real -= 0.5 * n * weights[i]! * Math.log1p((t * node) ** 2);
      phase += n * weights[i]! * Math.atan(t * node);
    });
    return [real, phase];
  };
}

/** Half the integral of (sqrt f - sqrt g)^2, f the density of PG(n, z) and g that of m gammas and a constant. */
function hellinger2(n: number, z: number, m: number): number {
  const f = polyaGammaFourier(n, z, POINTS);
  const g = fourierSeries(logCharacteristic(n, z, m), ...polyaGammaInterval(n, z), POINTS);
  let sum = 0;
  for (let i = 0; i < POINTS; i++) {
    sum += (Math.sqrt(Math.max(0, f.density[i]!)) - Math.sqrt(Math.max(0, g.density[i]!))) ** 2;
  }
  return 0.5 * sum * f.step;
}

// Computed, not sampled: nothing here is subject to chance. 1e-9 is what keeps a million draws within 0.045 in total
// variation.
describe('the gammas in place of PG(n, z)', () => {
  it.each([
    [3, 4],
    [2, 12],
    [1, 1000],
  ])('are, %i of them, within squared Hellinger distance 1e-9 from n = %d on, for every z', (m, from) => {
    const worst = TILTS.map((z) => hellinger2(from, z, m));
    expect(Math.max(...worst)).toBeLessThan(1e-9);
    // The distance falls with n.
    expect(hellinger2(3 * from, 4, m)).toBeLessThan(worst[TILTS.indexOf(4)]! / 3);
    // One gamma less would not do.
    if (m > 1) expect(hellinger2(from, 4, m - 1)).toBeGreaterThan(1e-9);
  });

  it('have 2 m + 1 cumulants of PG(n, z), to the interpolation of the table', () => {
    for (const z of [0, 0.01, 0.7, 3, 11, 90, 700]) {
      const exact = polyaGammaCumulants(1, z, 8);
      for (const m of [1, 2, 3]) {
        const { constant, nodes, weights } = rule(z, m);
        expect(constant).toBeGreaterThan(0);
        let factorial = 1;
        for (let r = 1; r <= 2 * m + 1; r++) {
          const cumulant = nodes.reduce((sum, y, i) => sum + factorial * weights[i]! * y ** r, r === 1 ? constant : 0);
          expect(Math.abs(cumulant / exact[r - 1]! - 1)).toBeLessThan(r === 1 ? 1e-13 : 3e-5);
          factorial *= r;
        }
      }
    }
  });

  it('are drawn with the law that was compared', () => {
    // One comparison for each m at 0.1%; seeds chosen before the first run.
    for (const [m, n, z] of [
      [1, 6, 1],
      [2, 3, 4],
      [3, 2, 0],
    ] as const) {
      const rng = createRng([4201, m]);
      const sample = Float64Array.from({ length: 100_000 }, () => polyaGammaGammas(n, z, Math.exp(-z), m, rng));
      const [, high] = polyaGammaInterval(n, z);
      const law = interpolatedCdf(fourierSeries(logCharacteristic(n, z, m), 0, 2 * high, 3000));
      expect(distributionComparison(sample, law).p).toBeGreaterThan(0.001);
    }
  });
});

describe('polyaGammaMean', () => {
  it('is tanh(z / 2) / (2 z) to rounding, the series and the quotient joined', () => {
    for (const z of [1e-8, 1e-3, 0.0299, 0.03, 0.0301, 0.5, 5, 50, 700]) {
      expect(Math.abs((polyaGammaMean(z, Math.exp(-z)) * 2 * z) / Math.tanh(z / 2) - 1)).toBeLessThan(2e-14);
    }
    expect(polyaGammaMean(0, 1)).toBe(0.25);
  });
});
