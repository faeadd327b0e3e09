import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { generalizedCriterion } from '../../../src/likelihood/generalized/generalizedCriterion.ts';
import { laplaceDeviance } from '../../../src/likelihood/generalized/laplaceDeviance.ts';
import { generalizedState } from '../../../src/likelihood/generalized/marginalDeviance.ts';
import { relativeFactors } from '../../../src/likelihood/relativeFactor.ts';
import { toWorking } from '../../../src/products/coordinates.ts';
import { familyRows } from '../../../src/products/familyRows.ts';
import { countedDesign } from '../../oracle/countedDesign.ts';
import { denseLaplace } from '../../oracle/denseLaplace.ts';
import { uniforms } from '../../oracle/randomDesign.ts';

const one = { J: 7, columns: [0] };
const two = { J: 6, columns: [0, 1] };
const shapes: [string, Design][] = [
  ['a varying intercept, 0/1', countedDesign({ n: 40, p: 2, factors: [one] }, 11)],
  ['a varying intercept, counts', countedDesign({ n: 40, p: 2, factors: [one], offset: true }, 12, 'binomialLogit', 9)],
  ['a varying slope', countedDesign({ n: 60, p: 3, factors: [two] }, 13)],
  [
    'independent intercept and slope, weights',
    countedDesign({ n: 60, p: 2, factors: [{ ...two, blocks: [1, 1] }], weights: true }, 14),
  ],
  ['three varying columns', countedDesign({ n: 80, p: 3, factors: [{ J: 5, columns: [0, 1, 2] }] }, 15)],
  ['two crossed factors', countedDesign({ n: 60, p: 2, factors: [one, { J: 4, columns: [0] }] }, 16)],
  [
    'two crossed factors with slopes, the larger one second',
    countedDesign({ n: 90, p: 3, factors: [{ J: 4, columns: [0, 1] }, two] }, 17),
  ],
  [
    'three factors',
    countedDesign({ n: 90, p: 2, factors: [one, two, { J: 3, columns: [0] }] }, 18, 'binomialLogit', 4),
  ],
  ['probit, a varying slope', countedDesign({ n: 60, p: 3, factors: [two] }, 19, 'bernoulliProbit')],
  [
    'probit, two crossed factors',
    countedDesign({ n: 60, p: 2, factors: [one, { J: 4, columns: [0] }] }, 20, 'bernoulliProbit'),
  ],
];

function criterionOf(design: Design) {
  const state = generalizedState(design, familyRows(design));
  const start = new Float64Array(design.p);
  return { state, criterion: generalizedCriterion(design, laplaceDeviance(state), start) };
}

/** Search coordinates with every entry away from 0. */
function somewhere(size: number, seed: number): Float64Array {
  const uniform = uniforms(seed);
  return Float64Array.from({ length: size }, () => (uniform() < 0.5 ? -1 : 1) * (0.2 + 0.6 * uniform()));
}

describe('the Laplace deviance', () => {
  it.each(shapes)('is that of dense matrices at arbitrary theta and beta: %s', (_, design) => {
    const { criterion, state } = criterionOf(design);
    const { groups } = state.predictor.coordinates;
    const factors = relativeFactors(design.groupTerms, groups);
    const uniform = uniforms(3);
    const theta = Float64Array.from({ length: factors.size }, () => 0.3 + uniform());
    const lambdas = factors.fromTheta(theta);
    const beta = Float64Array.from({ length: design.p }, () => uniform() - 0.5);
    const dense = denseLaplace(design, lambdas, beta);
    const working = Float64Array.from(beta);
    toWorking(state.predictor.coordinates.beta, working);
    // The oracle takes second derivatives by differences: 1e-8 of each row.
    expect(Math.abs(criterion.at([...lambdas, working]) - dense.deviance)).toBeLessThan(1e-5);
  });

  it.each(shapes)('has the gradient that differences of it give: %s', (_, design) => {
    const { criterion } = criterionOf(design);
    const x = somewhere(criterion.factors.size, 5);
    const gradient = new Float64Array(x.length);
    criterion.search(x, gradient);
    const spare = new Float64Array(x.length);
    x.forEach((value, k) => {
      // Richardson's extrapolation of central differences: error h^4 and rounding 1e-13 / h.
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
  });

  it.each(shapes)('has a derivative by the covariances at 0, on the boundary: %s', (_, design) => {
    const { criterion } = criterionOf(design);
    const x = somewhere(criterion.factors.size, 6);
    const { blocks } = criterion.factors;
    x.fill(0, 0, x.length - design.p);
    criterion.at(criterion.factors.fromSearch(x));
    const derivatives = criterion.derivative();
    const start = criterion.at(criterion.factors.fromSearch(x));
    for (const block of blocks) {
      const K = criterion.factors.blockDerivative(block, derivatives[block.factor]!);
      // Variance t in the first coordinate of the block, from 0: one-sided differences, extrapolated.
      const slope = (t: number): number => {
        const moved = Float64Array.from(x);
        moved[block.offset] = Math.sqrt(t);
        return (criterion.at(criterion.factors.fromSearch(moved)) - start) / t;
      };
      const expected = 2 * slope(1e-5) - slope(2e-5);
      expect(Math.abs(K[0]! - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
    }
  });
});
