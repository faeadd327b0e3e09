import { correlationPairs } from '../design/correlationPairs.ts';
import type { CovarianceBlock, Design } from '../design/design.ts';
import { exp } from '../elementary.ts';
import { transformedFactor } from '../linalg/transformedFactor.ts';
import type { BlockStandardisation } from '../products/blockStandardisation.ts';
import { sdClasses } from '../residual/sdClasses.ts';
import type { Variable } from './draws.ts';

/**
 * What a chain records of its state's position: the same values on the user's columns. Allocates nothing; `out` may be
 * filled anew for every draw.
 */
export type Recording = (position: Float64Array, out: Float64Array) => void;

/**
 * Chains move in the standardised coordinates of each covariance block (see `BlockStandardisation`); draws are of the
 * columns as written: u = T u', and the sds and correlations of T Sigma' T'; and sigma where the columns of its terms
 * are 0, where chains have it at their means. Null where the two are the same.
 */
export function recording(
  { n, groupTerms, residual }: Design,
  blocks: readonly (readonly BlockStandardisation[])[],
  variables: readonly Variable[],
): Recording | null {
  const steps = groupTerms.flatMap((term, f) => {
    const { factor, q, J } = term;
    const place = (name: string): number => variables.find((variable) => variable.name === name)!.offset;
    const pairs = correlationPairs(term.blocks);
    return term.blocks.flatMap((block, b): Recording[] => {
      const standardisation = blocks[f]![b]!;
      if (standardisation.plain) return [];
      const own = pairs.flatMap(({ block: at, row, column }, i) => (at === b ? [{ i, row, column }] : []));
      return [
        deviations(place(`u_${factor}`), J, q, block, standardisation),
        block.size === 1
          ? oneSd(place(`tau_${factor}`) + block.start, standardisation.unit[0]!)
          : covariance(place(`tau_${factor}`) + block.start, own, place(`corr_${factor}`), standardisation),
      ];
    });
  });
  if (residual?.sigma) steps.push(sigmaAtZero(variables, sdClasses(n, residual.sigma).centre));
  if (steps.length === 0) return null;
  return (position, out) => {
    out.set(position);
    for (let s = 0; s < steps.length; s += 1) steps[s]!(position, out);
  };
}

/** sigma where the columns of its terms are 0, from the one at their means. */
function sigmaAtZero(variables: readonly Variable[], centre: Float64Array): Recording {
  const place = (name: string): number => variables.find((variable) => variable.name === name)!.offset;
  const [sigmaAt, deltaAt] = [place('sigma'), place('delta')];
  const { size } = variables.find(({ name }) => name === 'sigma')!;
  return (position, out) => {
    let shift = 0;
    for (let k = 0; k < centre.length; k += 1) shift += position[deltaAt + k]! * centre[k]!;
    const ratio = exp(-shift);
    for (let t = 0; t < size; t += 1) out[sigmaAt + t] = position[sigmaAt + t]! * ratio;
  };
}

/** u_j = T u'_j over the columns of a block. */
function deviations(
  at: number,
  J: number,
  q: number,
  { start, size }: CovarianceBlock,
  { T }: BlockStandardisation,
): Recording {
  return (position, out) => {
    for (let j = 0; j < J; j += 1) {
      const first = at + j * q + start;
      for (let a = 0; a < size; a += 1) {
        let sum = 0;
        for (let k = 0; k < size; k += 1) sum += T[a * size + k]! * position[first + k]!;
        out[first + a] = sum;
      }
    }
  };
}

/**
 * The largest double below 1. A slope on a column a thousand sds from zero makes the correlation at zero 1 - 1e-17,
 * which no double tells from 1; but the covariance of a draw is never singular.
 */
const LARGEST_CORRELATION = 1 - 2 ** -53;

function oneSd(at: number, unit: number): Recording {
  return (position, out) => {
    out[at] = position[at]! / unit;
  };
}

/**
 * The sds and correlations of T Sigma' T', from a factor of Sigma' and not from squares: an intercept far from the data
 * keeps its digits.
 */
function covariance(
  tauAt: number,
  pairs: readonly { readonly i: number; readonly row: number; readonly column: number }[],
  corrAt: number,
  { T, size }: BlockStandardisation,
): Recording {
  const R = new Float64Array(size * size);
  const factor = new Float64Array(size * size);
  const sds = new Float64Array(size);
  return (position, out) => {
    R.fill(0);
    for (let k = 0; k < size; k += 1) R[k * size + k] = 1;
    for (let p = 0; p < pairs.length; p += 1) {
      const { i, row, column } = pairs[p]!;
      R[row * size + column] = position[corrAt + i]!;
    }
    singularFactor(R, size);
    transformedFactor(T, size, position, tauAt, R, sds, factor);
    for (let k = 0; k < size; k += 1) out[tauAt + k] = sds[k]!;
    for (let p = 0; p < pairs.length; p += 1) {
      const { i, row, column } = pairs[p]!;
      let sum = 0;
      for (let t = 0; t <= column; t += 1) sum += factor[row * size + t]! * factor[column * size + t]!;
      out[corrAt + i] = Math.max(-LARGEST_CORRELATION, Math.min(LARGEST_CORRELATION, sum));
    }
  };
}

/**
 * The lower Cholesky factor of a correlation matrix in place; one that rounding has made singular keeps zeros where
 * nothing is left.
 */
function singularFactor(R: Float64Array, size: number): void {
  for (let j = 0; j < size; j += 1) {
    let pivot = R[j * size + j]!;
    for (let k = 0; k < j; k += 1) pivot -= R[j * size + k]! * R[j * size + k]!;
    const diagonal = pivot > 0 ? Math.sqrt(pivot) : 0;
    R[j * size + j] = diagonal;
    for (let i = j + 1; i < size; i += 1) {
      let sum = R[i * size + j]!;
      for (let k = 0; k < j; k += 1) sum -= R[i * size + k]! * R[j * size + k]!;
      R[i * size + j] = diagonal > 0 ? sum / diagonal : 0;
    }
  }
}
