import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';

/** Mean, sd and skewness of a density by its values at equally spaced points. */
function moments(points: readonly number[], density: readonly number[]): [number, number, number] {
  const mass = density.reduce((sum, value) => sum + value, 0);
  const mean = points.reduce((sum, x, i) => sum + x * density[i]!, 0) / mass;
  const central = (k: number) => points.reduce((sum, x, i) => sum + (x - mean) ** k * density[i]!, 0) / mass;
  return [mean, Math.sqrt(central(2)), central(3) / central(2) ** 1.5];
}

const grid = (step: number) => Array.from({ length: 2 * Math.round(8 / step) + 1 }, (_, i) => -8 + i * step);

describe('the transforms of the whitened coordinates', () => {
  // Untransformed, these have a skewness of -0.57, -0.99 and -0.23. What three moments cannot hold is left: of one
  // success in 60, 0.36 of 1.02.
  it.each([
    [3, 60],
    [0, 5],
    [2, 5],
  ])('leave the exact density of a coefficient with mean 0, sd 1 and no skewness, where %i of %i succeed', (y, n) => {
    const design = buildDesign(formula('y | trials(n) ~ 1', { family: 'binomialLogit' }), { rows: { y: [y], n: [n] } });
    const { map, table, allocateFactor } = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
    const [factor, place] = [allocateFactor(), map.allocatePlace()];
    expect(map.factorAt(factor, new Float64Array(0))).toBe(true);
    const points = grid(0.02);
    const xi = new Float64Array(table.layout.size);
    const density = points.map((point) => {
      map.placeBorder(factor, place, xi.fill(point));
      map.placeBlocks(factor, place, xi);
      return Math.exp(place.border + place.total);
    });
    const [mean, sd, skewness] = moments(points, density);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(sd - 1)).toBeLessThan(0.02);
    expect(Math.abs(skewness)).toBeLessThan(0.1);
  });

  it('do so for each of the two coordinates of a block, given the border at its mean', () => {
    const rows = [0, 1, 2, 3].flatMap((j) =>
      [-1, 1].map((x) => ({
        y: [
          [6, 6],
          [0, 0],
          [0, 6],
          [1, 5],
        ][j]![(x + 1) / 2]!,
        n: 6,
        x,
        g: `g${j}`,
      })),
    );
    const design = buildDesign(formula('y | trials(n) ~ x + (1 + x | g)', { family: 'binomialLogit' }), { rows });
    const { map, table, allocateFactor, proposal } = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
    const [factor, place] = [allocateFactor(), map.allocatePlace()];
    expect(map.factorAt(factor, proposal.start)).toBe(true);
    const { J } = table;
    const xi = new Float64Array(table.layout.size);
    map.placeBorder(factor, place, xi);
    const x = new Float64Array(2 * J);
    const points = grid(0.2);
    // Of every block, the density of each coordinate: the other one summed over.
    const marginals = Array.from({ length: 2 * J }, () => points.map(() => 0));
    points.forEach((first, i) => {
      points.forEach((second, k) => {
        for (let j = 0; j < J; j += 1) {
          xi[2 * j] = first;
          xi[2 * j + 1] = second;
        }
        map.blocks(factor, place, xi, x, place.values, place.factors);
        for (let j = 0; j < J; j += 1) {
          const density = Math.exp(place.values[j]!) * place.factors[j]!;
          marginals[2 * j]![i]! += density;
          marginals[2 * j + 1]![k]! += density;
        }
      });
    });
    for (const density of marginals) {
      const [mean, sd, skewness] = moments(points, density);
      // The other coordinate is summed over: a transform of each by itself leaves a little more.
      expect(Math.abs(mean)).toBeLessThan(0.1);
      expect(Math.abs(sd - 1)).toBeLessThan(0.1);
      expect(Math.abs(skewness)).toBeLessThan(0.3);
    }
  });
});
