import { cholesky, choleskySolve } from '../linalg/cholesky.ts';
import { identity } from '../linalg/smallMatrix.ts';
import { conjugateGradients } from '../linalg/sparse/conjugateGradients.ts';
import type { HeadTail } from '../linalg/sparse/headTail.ts';
import { allocateHeadTail, factorHeadTail, solveHeadTail } from '../linalg/sparse/headTailFactor.ts';
import { levelFill } from './levelFill.ts';
import { diagonalOfLevels, type LevelProducts, multiplyLevels } from './levelProducts.ts';
import { growingRidge, type NormalEquations } from './referenceFit.ts';

/** The normal equations of cross-products by pairs of levels: by their factor, or where `places` is null iterated. */
export function levelEquations(A: LevelProducts, places: HeadTail | null, ridge: Float64Array): NormalEquations {
  const { p, groups, population } = A;
  return {
    population() {
      const factor = new Float64Array(p * p);
      let largest = 0;
      for (let k = 0; k < p; k++) largest = Math.max(largest, population[k * p + k]!);
      growingRidge(largest || 1, (extra) => {
        factor.set(population);
        for (let k = 0; k < p; k++) factor[k * p + k]! += extra;
        return cholesky(factor, p);
      });
      return (b) => choleskySolve(factor, p, b);
    },
    whole() {
      if (places === null) return iterated(A, ridge);
      const fill = levelFill(A, places);
      const factor = allocateHeadTail(places);
      const identities = groups.map(({ q }) => identity(q));
      const largest = diagonalOfLevels(A).reduce((most, value) => Math.max(most, value), 0);
      growingRidge(largest || 1, (extra) => {
        fill(
          identities,
          ridge.map((value) => value + extra),
          factor,
        );
        return factorHeadTail(factor);
      });
      return (b) => solveHeadTail(factor, b);
    },
  };
}

/** Steps and residuals of a reference fit: whatever it is, what is measured from it belongs to it. */
const REFERENCE = { tolerance: 1e-9, most: 300 };

/** Solves with A + diag(ridge) by conjugate gradients, each level's block and X'WX solved with beforehand. */
function iterated(A: LevelProducts, ridge: Float64Array): (b: Float64Array) => void {
  const { groups, offsets, blocks, population, p, size } = A;
  const parts = [
    ...groups.map(({ J, q }, f) => ({ J, q, from: offsets[f]!, values: blocks[f]!.slice() })),
    { J: 1, q: p, from: size - p, values: population.slice() },
  ];
  for (const { J, q, from, values } of parts) {
    for (let j = 0; j < J; j++) {
      const block = values.slice(j * q * q, (j + 1) * q * q);
      const largest = block.reduce((most, value) => Math.max(most, value), 0) || 1;
      growingRidge(largest, (extra) => {
        values.set(block, j * q * q);
        for (let a = 0; a < q; a++) values[(j * q + a) * q + a]! += ridge[from + j * q + a]! + extra;
        return cholesky(values, q, j * q * q);
      });
    }
  }
  const multiply = (x: Float64Array, out: Float64Array): void => {
    multiplyLevels(A, x, out);
    for (let i = 0; i < size; i++) out[i] = out[i]! + ridge[i]! * x[i]!;
  };
  const precondition = (x: Float64Array, out: Float64Array): void => {
    out.set(x);
    for (const { J, q, from, values } of parts) {
      for (let j = 0; j < J; j++) choleskySolve(values, q, out, j * q * q, from + j * q);
    }
  };
  return (b) => {
    const x = new Float64Array(size);
    conjugateGradients(multiply, b, x, { ...REFERENCE, precondition });
    b.set(x);
  };
}
