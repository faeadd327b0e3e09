import { log } from '../../elementary.ts';
import { cholesky, choleskySolve } from '../../linalg/cholesky.ts';
import { inverse, product, transpose } from '../../linalg/smallMatrix.ts';
import { conjugateGradients } from '../../linalg/sparse/conjugateGradients.ts';
import { diagonalOfLevels, multiplyLevels } from '../../products/levelProducts.ts';
import { scaleBy, scaleTransposed } from '../../products/relativePrecision.ts';
import { addProducts } from './addProducts.ts';
import { levelVariances } from './levelVariances.ts';
import { type LevelSystem, probedDeterminants } from './probedDeterminants.ts';
import { levelFloors, raisedFactor } from './raisedFactor.ts';
import { reducedLevels } from './reducedLevels.ts';
import type { ProbedDeterminant, RelativeFactorisation } from './relativeFactorisation.ts';

/** Solutions have residuals of this share of the right side; those that variances are read off may have the second. */
const SOLVED = 1e-12;
const CLOSE = 1e-6;
const MOST = 3000;

/**
 * Several factors so large that neither a tail nor what fills in fits: nothing is factored. The leading factor's levels
 * are eliminated (`reducedLevels`), solutions are by conjugate gradients, and log|M| is by probes and Lanczos'
 * quadrature, with the derivative of that (`probedDeterminants`). With fixed probes this is one smooth function of the
 * covariances, which a search may take for the determinant; it differs from it by what the probes' mean differs from
 * its expectation. What X adds, log|X'V^-1 X|, is exact: one solution for each of its columns.
 */
export function probedFactorisation(products: LevelSystem): RelativeFactorisation {
  const { A, p, size, groups, leading } = products;
  const beta = size - p;
  const reduced = reducedLevels(A, leading);
  const determinants = probedDeterminants(products, reduced);
  const floors = levelFloors(A);
  // Lambda'Z'WX by column of X, and M^-1 of it; the factor of X'V^-1 X.
  const sides = Array.from({ length: p }, () => new Float64Array(size));
  const solutions = Array.from({ length: p }, () => new Float64Array(size));
  const population = new Float64Array(p * p);
  let lambda: readonly Float64Array[] = [];
  // What has been made at which factors: a search asks for the same more than once.
  let factored: readonly Float64Array[] | null = null;
  let own: readonly ProbedDeterminant[] | null = null;
  let raisedTo: { at: readonly Float64Array[]; each: readonly ProbedDeterminant[] } | null = null;

  return {
    keepsDigits: false,
    factor(Lambda) {
      lambda = Lambda;
      if (factored !== null && same(factored, Lambda)) return true;
      factored = null;
      own = null;
      if (!reduced.set(lambda)) return false;
      if (!reduceColumns()) return false;
      factored = lambda.map((L) => L.slice());
      return true;
    },
    logDetZ() {
      const each = probed();
      return each.reduce((sum, { value }) => sum + value / each.length, 0);
    },
    logDetX() {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += 2 * log(population[k * p + k]!);
      return sum;
    },
    solve(b) {
      const tail = b.slice(beta);
      for (let k = 0; k < p; k++) tail[k]! -= alongLevels(solutions[k]!, b);
      choleskySolve(population, p, tail);
      if (!solveLevels(b, SOLVED)) b.fill(Number.NaN);
      for (let k = 0; k < p; k++) {
        for (let i = 0; i < beta; i++) b[i] = b[i]! - tail[k]! * solutions[k]![i]!;
      }
      b.set(tail, beta);
    },
    project: (v, out) => scaleTransposed(products, lambda, v, out),
    penalise(out, at) {
      for (let i = 0; i < beta; i++) out[i]! -= at[i]!;
    },
    coefficientFactor: () => population.slice(),
    multiply: (x, out) => multiplyLevels(A, x, out),
    diagonal: diagonalOfLevels(A),
    derivative({ solution, score }, reml, weight, images) {
      const raised = lambda.map((L, f) => raisedFactor(L, groups[f]!.q, floors[f]!));
      const each = raised.every((L, f) => L === lambda[f]) ? probed() : probedAt(raised);
      const columns = reml ? columnScores() : [];
      return groups.map(({ J, q }, f) => {
        const from = A.offsets[f]!;
        const L = lambda[f]!;
        const image = new Float64Array(q * q);
        for (const one of each) for (let k = 0; k < q * q; k++) image[k]! += one.images[f]![k]! / each.length;
        const D = symmetric(product(image, inverse(raised[f]!, q)!, q), q);
        if (images) images[f]!.set(raised[f] === L ? image : product(D, L, q));
        const take = (scores: Float64Array, modes: Float64Array, by: number): void => {
          addProducts(scores, scores, from, J, q, -by, D);
          if (images) addProducts(scores, modes, from, J, q, -by, images[f]!);
        };
        for (const { scores, modes } of columns) take(scores, modes, 1);
        take(score, solution, weight);
        return D;
      });
    },
    conditionalCovariance: () => levelVariances(A, (b) => solveLevels(b, CLOSE)),
    probed,
  };

  function probed(): readonly ProbedDeterminant[] {
    own ??= determinants(lambda);
    return own;
  }

  /** `probed` at other factors than those of the factorisation, which it has again afterwards. */
  function probedAt(other: readonly Float64Array[]): readonly ProbedDeterminant[] {
    if (raisedTo === null || !same(raisedTo.at, other)) {
      const each = reduced.set(other) ? determinants(other) : [];
      raisedTo = { at: other.map((L) => L.slice()), each };
      reduced.set(lambda);
    }
    return raisedTo.each;
  }

  /** Solves M e = b for the levels' part of b, in place. */
  function solveLevels(b: Float64Array, tolerance: number): boolean {
    const side = new Float64Array(reduced.length);
    const x = new Float64Array(reduced.length);
    reduced.reduce(b, side);
    if (!conjugateGradients(reduced.multiply, side, x, { tolerance, most: MOST })) return false;
    reduced.restore(x, b);
    return true;
  }

  function reduceColumns(): boolean {
    const unit = new Float64Array(size);
    const column = new Float64Array(size);
    for (let k = 0; k < p; k++) {
      unit.fill(0)[beta + k] = 1;
      multiplyLevels(A, unit, column);
      scaleTransposed(products, lambda, column, sides[k]!);
      solutions[k]!.set(sides[k]!);
      if (!solveLevels(solutions[k]!, SOLVED)) return false;
      for (let l = 0; l <= k; l++) {
        population[k * p + l] = A.population[k * p + l]! - alongLevels(sides[l]!, solutions[k]!);
      }
    }
    return cholesky(population, p);
  }

  /**
   * Z'V^-1 X L^-T and Lambda' of it, by column, X'V^-1 X = L L': the derivative of log|X'V^-1 X| is less their squares.
   */
  function columnScores(): { scores: Float64Array; modes: Float64Array }[] {
    const found: { scores: Float64Array; modes: Float64Array }[] = [];
    const x = new Float64Array(size);
    const e = new Float64Array(size);
    for (let k = 0; k < p; k++) {
      for (let i = 0; i < beta; i++) e[i] = -solutions[k]![i]!;
      scaleBy(products, lambda, e, x);
      x[beta + k] = 1;
      const scores = new Float64Array(size);
      multiplyLevels(A, x, scores);
      found.forEach((before, l) => {
        const by = population[k * p + l]!;
        for (let i = 0; i < beta; i++) scores[i] = scores[i]! - by * before.scores[i]!;
      });
      for (let i = 0; i < beta; i++) scores[i] = scores[i]! / population[k * p + k]!;
      const modes = new Float64Array(size);
      scaleTransposed(products, lambda, scores, modes);
      found.push({ scores, modes });
    }
    return found;
  }

  function alongLevels(a: Float64Array, b: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < beta; i++) sum += a[i]! * b[i]!;
    return sum;
  }
}

function same(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  return a.every((L, f) => L.every((entry, k) => entry === b[f]![k]));
}

function symmetric(D: Float64Array, q: number): Float64Array {
  const turned = transpose(D, q);
  return D.map((entry, k) => (entry + turned[k]!) / 2);
}
