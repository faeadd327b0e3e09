import { describe, expect, it } from 'vitest';
import { boundedStarts, priorStarts } from '../../../src/kernels/marginal/priorStarts.ts';
import { choleskyFromPartials } from '../../../src/kernels/state/partialCorrelations.ts';
import type { BlockPrior, MovingPrior, ScalePrior } from '../../../src/priors/priors.ts';
import { handDesign } from '../../oracle/handDesign.ts';

const index = Array.from({ length: 12 }, (_, i) => i % 4);
const X = index.map((_, i) => [1, i]);
const { groupTerms } = handDesign({ y: index, X, groups: [{ factor: 'g', J: 4, index, Z: X }] });
const uniform = (high: number): ScalePrior => ({ distribution: 'uniform', low: 0, high });
const own: BlockPrior = { kind: 'separation', tau: [uniform(4), uniform(0.5)], eta: 1 };

describe('starts that priors on the columns as written give', () => {
  it('have their usual sds there, without correlations, in one ratio to sigma', () => {
    // u' = u_0 + 300 u_1, u_1 / 0.1: a column 300 from its mean, in units of 10.
    const T = Float64Array.of(1, -30, 0, 0.1);
    const inverse = Float64Array.of(1, 300, 0, 10);
    const mapped: MovingPrior = { kind: 'mapped', of: own, size: 2, T, inverse };
    const starts = priorStarts(groupTerms, [[mapped]], Float64Array.of(0.7, 0.7));
    expect(starts.length).toBe(5);
    for (const phi of starts) {
      const L = new Float64Array(4);
      choleskyFromPartials(phi, 2, 2, L);
      const factor = Float64Array.from(L, (v, i) => v * phi[Math.floor(i / 2)]! ** 2);
      // T Sigma' T' over sigma^2.
      const M = [0, 1].map((i) => [0, 1].map((j) => T[2 * i]! * factor[j]! + T[2 * i + 1]! * factor[2 + j]!));
      const product = (a: number, b: number): number => M[a]![0]! * M[b]![0]! + M[a]![1]! * M[b]![1]!;
      // Middles 2 and 1/4 of the priors; the partial correlation is next to 1, some 1e-5 away, and keeps six digits of
      // that.
      expect(Math.sqrt(product(0, 0) / product(1, 1))).toBeCloseTo(8, 4);
      expect(Math.abs(product(0, 1)) / Math.sqrt(product(0, 0) * product(1, 1))).toBeLessThan(1e-4);
    }
    const sizes = starts.map((phi) => Math.log(phi[0]!));
    expect(sizes[4]! - sizes[0]!).toBeCloseTo(6, 10);
  });

  it('stand to sigma as its own bounds allow where nothing else has a positive density', () => {
    const T = Float64Array.of(1, -0.5, 0, 0.1);
    const inverse = Float64Array.of(1, 5, 0, 10);
    const mapped: MovingPrior = { kind: 'mapped', of: own, size: 2, T, inverse };
    for (const low of [0, 1e-3]) {
      for (const high of [2e-3, 10]) {
        const sigma: ScalePrior = { distribution: 'uniform', low, high };
        const starts = boundedStarts(groupTerms, [[mapped]], sigma);
        expect(starts.length).toBe(5);
        for (const phi of starts) {
          // The slope's sd as written is 1/4: over sigma it is T_11 times that of the moving one.
          const implied = 0.25 / (T[3]! * phi[1]! ** 2);
          expect(implied).toBeGreaterThan(low);
          expect(implied).toBeLessThan(high);
        }
      }
    }
    expect(boundedStarts(groupTerms, [[own]], null)).toEqual([Float64Array.of(Math.sqrt(2), 0.5, 0)]);
  });

  it('are none where every prior is of the coordinates that chains move in', () => {
    expect(priorStarts(groupTerms, [[own]], Float64Array.of(0.7, 0.7))).toEqual([]);
  });
});
