import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { knotPlaces } from '../../../src/kernels/whitened/knotPlaces.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { fuzzKinds } from '../../fuzz/posterior/fuzzKinds.ts';
import { randomModel } from '../../fuzz/posterior/randomModel.ts';

const variance = (phi: Float64Array, moving: readonly boolean[]): number =>
  Math.log(phi.reduce((sum, v, k) => sum + (moving[k] ? v ** 4 : 0), 0));
/** Independent normals of log phi with these sds, and a density of 0 beyond `ends`. */
const normals =
  (mode: Float64Array, sds: readonly number[], ends: readonly number[]) =>
  (phi: Float64Array): number =>
    phi.reduce((sum, v, k) => sum - 0.5 * (Math.log(v / mode[k]!) / sds[k]!) ** 2 - (v > ends[k]! ? Infinity : 0), 0);

describe('where knots of a size lie', () => {
  const mode = Float64Array.of(1.2, 0.7, 2);
  const none = [Infinity, Infinity, Infinity];

  it('is where all sds are in proportion', () => {
    const { moving, at } = toTheEnd(knotPlaces(normals(mode, [0.3, 0.5, 0.4], none), mode, 3, variance));
    expect(moving).toEqual([true, true, true]);
    const centre = variance(mode, moving);
    const phi = at(centre + 2)!;
    expect(variance(phi, moving)).toBeCloseTo(centre + 2, 12);
    phi.forEach((v, k) => {
      expect(v / mode[k]!).toBeCloseTo(Math.exp(0.5), 12);
    });
  });

  it('leaves out an sd that is pinned, and counts it not', () => {
    const { moving, at } = toTheEnd(knotPlaces(normals(mode, [0.3, 0.5, 0.01], none), mode, 3, variance));
    expect(moving).toEqual([true, true, false]);
    const s = variance(mode, moving) - 3;
    const phi = at(s)!;
    expect(phi[2]).toBe(mode[2]);
    expect(variance(phi, moving)).toBeCloseTo(s, 12);
  });

  it('stops an sd at the end of its prior, and has the others go the rest of the way', () => {
    const ends = [1.7, Infinity, Infinity];
    const { moving, at } = toTheEnd(knotPlaces(normals(mode, [0.3, 0.5, 0.4], ends), mode, 3, variance));
    expect(moving).toEqual([true, true, true]);
    const s = variance(mode, moving) + 2;
    const phi = at(s)!;
    expect(phi[0]).toBeCloseTo(1.7, 6);
    expect(phi[0]).toBeLessThanOrEqual(1.7);
    expect(variance(phi, moving)).toBeCloseTo(s, 8);
    expect(phi[1]! / mode[1]!).toBeCloseTo(phi[2]! / mode[2]!, 12);
  });

  it('is nowhere where all have met their ends', () => {
    const { moving, at } = toTheEnd(knotPlaces(normals(mode, [0.3, 0.5, 0.4], [1.7, 0.9, 2.9]), mode, 3, variance));
    expect(at(variance(mode, moving) + 2)).toBeNull();
  });
});

describe('knots of probit models with bounds on sds that exclude the usual sizes', () => {
  // Uniform priors on [8.81, 8.86], [.929, 47], [.054, .056] and [0, .072]: the search began at .4, where the density
  // is 0, and left one knot there.
  it.each([522, 524, 527, 528])('are several: random model %d', (seed) => {
    const random = randomModel(fuzzKinds.find(({ name }) => name === 'probit')!, seed);
    const design = buildDesign(formula(random.formula, random.options), { rows: random.rows });
    const { knots } = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
    expect(knots.length).toBeGreaterThan(5);
  });
});
