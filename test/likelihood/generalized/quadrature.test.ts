import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { generalizedCriterion } from '../../../src/likelihood/generalized/generalizedCriterion.ts';
import { laplaceDeviance } from '../../../src/likelihood/generalized/laplaceDeviance.ts';
import { generalizedState } from '../../../src/likelihood/generalized/marginalDeviance.ts';
import { quadratureDeviance } from '../../../src/likelihood/generalized/quadrature.ts';
import { toWorking } from '../../../src/products/coordinates.ts';
import { familyRows } from '../../../src/products/familyRows.ts';
import { gaussHermite } from '../../../src/special/gaussHermite.ts';
import { countedDesign } from '../../oracle/countedDesign.ts';
import { groupIntegralDeviance } from '../../oracle/groupIntegral.ts';

const shapes: [string, Design][] = [
  ['two groups, 0/1', countedDesign({ n: 20, p: 2, factors: [{ J: 2, columns: [0] }] }, 21)],
  [
    'counts and an offset',
    countedDesign({ n: 30, p: 2, factors: [{ J: 6, columns: [0] }], offset: true }, 22, 'binomialLogit', 12),
  ],
  ['a varying slope alone', countedDesign({ n: 40, p: 2, factors: [{ J: 5, columns: [1] }], weights: true }, 23)],
  ['probit', countedDesign({ n: 40, p: 2, factors: [{ J: 5, columns: [0] }] }, 24, 'bernoulliProbit')],
];

function criterionOf(design: Design, points: number) {
  const state = generalizedState(design, familyRows(design));
  return {
    state,
    criterion: generalizedCriterion(design, quadratureDeviance(state, points), new Float64Array(design.p)),
  };
}

describe('the Gauss-Hermite rule', () => {
  it.each([1, 2, 3, 8, 9, 25, 60, 120, 200])(
    'integrates polynomials under exp(-z^2/2) exactly with %d points',
    (points) => {
      const { nodes, weights } = gaussHermite(points);
      // Moments of the standard normal: (d - 1)!! for even d, 0 for odd.
      let moment = Math.sqrt(2 * Math.PI);
      for (let d = 0; d < Math.min(2 * points, 20); d += 2) {
        if (d > 0) moment *= d - 1;
        const of = (degree: number) =>
          nodes.reduce((sum, z, k) => sum + weights[k]! * Math.exp((-z * z) / 2) * z ** degree, 0);
        expect(Math.abs(of(d) / moment - 1)).toBeLessThan(1e-11);
        expect(Math.abs(of(d + 1))).toBeLessThan(1e-9 * moment);
      }
    },
  );

  it('has the nodes and weights of Abramowitz and Stegun, table 25.10, for 5 points', () => {
    const { nodes, weights } = gaussHermite(5);
    const published = [
      [0, 0.945308720482942],
      [0.958572464613819, 0.393619323152241],
      [2.020182870456086, 0.01995324205904591],
    ] as const;
    published.forEach(([x, w], k) => {
      expect(Math.abs(nodes[2 + k]! / Math.SQRT2 - x)).toBeLessThan(1e-14);
      expect(Math.abs((weights[2 + k]! * Math.exp(-x * x)) / Math.SQRT2 - w)).toBeLessThan(1e-14);
    });
  });
});

describe('adaptive quadrature', () => {
  it.each(shapes)('with many points is the integral itself: %s', (_, design) => {
    const { state, criterion } = criterionOf(design, 60);
    for (const lambda of [0.2, 1, 2.5]) {
      const beta = Float64Array.of(0.3, -0.4);
      const exact = groupIntegralDeviance(design, [lambda], beta, 601);
      const working = Float64Array.from(beta);
      toWorking(state.predictor.coordinates.beta, working);
      const value = criterion.at([Float64Array.of(lambda), working]);
      expect(Math.abs(value - exact)).toBeLessThan(1e-9 * Math.abs(exact));
    }
  });

  it.each(shapes)('with one point is the Laplace approximation: %s', (_, design) => {
    const { state, criterion } = criterionOf(design, 1);
    const value = criterion.at([Float64Array.of(0.8), Float64Array.of(0.1, 0.2)]);
    const laplace = laplaceDeviance(state).at([0.1, 0.2]);
    expect(Math.abs(value - laplace)).toBeLessThan(1e-11 * Math.abs(laplace));
  });

  it.each([1, 2, 9])('has the gradient that differences of it give, with %d points', (points) => {
    for (const [, design] of shapes) {
      const { criterion } = criterionOf(design, points);
      for (const lambda of [0.7, -0.05]) {
        const x = Float64Array.of(lambda, 0.3, -0.5);
        const gradient = new Float64Array(3);
        criterion.search(x, gradient);
        const spare = new Float64Array(3);
        x.forEach((value, k) => {
          const difference = (h: number): number => {
            const at = (shift: number) =>
              criterion.search(
                x.map((entry, l) => (l === k ? value + shift : entry)),
                spare,
              );
            return (at(h) - at(-h)) / (2 * h);
          };
          const expected = (4 * difference(1e-3) - difference(2e-3)) / 3;
          expect(Math.abs(gradient[k]! - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
        });
      }
    }
  });

  it('approaches the integral geometrically in the number of points', () => {
    const design = shapes[1]![1];
    const exact = groupIntegralDeviance(design, [1.2], [0.3, -0.4], 601);
    const errors = [1, 3, 5, 9, 15].map((points) => {
      const { state, criterion } = criterionOf(design, points);
      const working = Float64Array.of(0.3, -0.4);
      toWorking(state.predictor.coordinates.beta, working);
      return Math.abs(criterion.at([Float64Array.of(1.2), working]) - exact);
    });
    errors.slice(1).forEach((error, k) => {
      expect(error).toBeLessThan(errors[k]! / 3 + 1e-10);
    });
  });
});
