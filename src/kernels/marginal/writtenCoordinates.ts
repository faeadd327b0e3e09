import type { GroupTerm } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { transformedFactor } from '../../linalg/transformedFactor.ts';
import type { MovingPrior } from '../../priors/priors.ts';
import type { DifferenceWalk } from '../../proposals/differenceWalk.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import { choleskyFromPartials } from '../state/partialCorrelations.ts';

/**
 * phi as chains have it, of columns about their means, and phi of the columns as written (of the blocks whose priors
 * are stated there): sqrt(sd / sigma), then atanh of the canonical partial correlations. Both maps give the log of the
 * determinant of their derivative, and -Infinity where doubles do not tell the point from one of an sd of 0 or a
 * correlation of 1.
 */
export interface WrittenCoordinates {
  readonly d: number;
  readonly q: number;
  toWritten(phi: Float64Array, out: Float64Array): number;
  fromWritten(written: Float64Array, out: Float64Array): number;
}

/** Digits that a sum may lose: what is left of an sd, as a share of its terms. */
const LOST = 1e-9;

/** The two coordinate systems of a model; null where no prior is of the columns as written. Allocates here alone. */
export function writtenCoordinates(
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
): WrittenCoordinates | null {
  if (!priors.flat().some(({ kind }) => kind === 'mapped')) return null;
  const q = terms.reduce((sum, term) => sum + term.q, 0);
  let first = 0;
  let pair = q;
  const blocks = terms.flatMap((term, f) => {
    const offset = first;
    first += term.q;
    return term.blocks.map(({ start, size }, b) => {
      const prior = priors[f]![b]!;
      const pairs = pair;
      pair += (size * (size - 1)) / 2;
      const square = () => new Float64Array(size * size);
      const maps = prior.kind === 'mapped' ? { to: prior.T, from: prior.inverse } : null;
      return { at: offset + start, pairs, size, maps, L: square(), out: square(), sds: new Float64Array(size) };
    });
  });
  const d = pair;
  const lambda = new Float64Array(q);

  /** Of `size` sds that `lambda` has from `at` and their correlations: |d Sigma / d phi| up to a constant factor. */
  const volume = (values: Float64Array, at: number, size: number, logCorrelations: number): number => {
    let sum = logCorrelations;
    for (let k = at; k < at + size; k += 1) sum += (2 * size + 1) * log(values[k]!);
    return sum;
  };

  const move =
    (direction: 'to' | 'from') =>
    (from: Float64Array, to: Float64Array): number => {
      let jacobian = 0;
      for (let k = 0; k < q; k += 1) lambda[k] = from[k]! * from[k]!;
      for (let k = 0; k < d; k += 1) to[k] = from[k]!;
      for (const { at, pairs, size, maps, L, out, sds } of blocks) {
        if (!maps) continue;
        const M = maps[direction];
        jacobian += volume(from, at, size, choleskyFromPartials(from, pairs, size, L));
        transformedFactor(M, size, lambda, at, L, sds, out);
        for (let i = 0; i < size; i += 1) {
          let terms2 = 0;
          for (let k = 0; k < size; k += 1) terms2 = Math.max(terms2, Math.abs(M[i * size + k]! * lambda[at + k]!));
          if (!(out[i * size + i]! * sds[i]! > LOST * terms2)) return Number.NEGATIVE_INFINITY;
          to[at + i] = Math.sqrt(sds[i]!);
        }
        exactPartials(out, size, to, pairs);
        jacobian -= volume(to, at, size, choleskyFromPartials(to, pairs, size, L));
        // d vech(M S M') = |M|^(size + 1) d vech(S), M triangular or a permutation of such.
        jacobian += (size + 1) * logDeterminant(M, size, out);
      }
      return Number.isFinite(jacobian) ? jacobian : Number.NEGATIVE_INFINITY;
    };
  return { d, q, toWritten: move('to'), fromWritten: move('from') };
}

/** atanh of the partial correlations from the Cholesky factor of a correlation matrix, with all digits next to 1. */
function exactPartials(L: Float64Array, size: number, z: Float64Array, offset: number): void {
  let at = offset;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      let after = 0;
      for (let m = j + 1; m <= i; m += 1) after += L[i * size + m]! * L[i * size + m]!;
      const l = L[i * size + j]!;
      const rest = Math.sqrt(after + l * l);
      const size1 = Math.abs(l) / rest;
      z[at] = Math.sign(l) * log((1 + size1) * (rest / Math.sqrt(after)));
      at += 1;
    }
  }
}

/** log |det M| by elimination; `work` is overwritten. */
function logDeterminant(M: Float64Array, size: number, work: Float64Array): number {
  work.set(M);
  let sum = 0;
  for (let k = 0; k < size; k += 1) {
    let pivot = k;
    for (let i = k + 1; i < size; i += 1) {
      if (Math.abs(work[i * size + k]!) > Math.abs(work[pivot * size + k]!)) pivot = i;
    }
    for (let j = k; j < size; j += 1) {
      const value = work[k * size + j]!;
      work[k * size + j] = work[pivot * size + j]!;
      work[pivot * size + j] = value;
    }
    sum += log(Math.abs(work[k * size + k]!));
    for (let i = k + 1; i < size; i += 1) {
      const factor = work[i * size + k]! / work[k * size + k]!;
      for (let j = k + 1; j < size; j += 1) work[i * size + j] = work[i * size + j]! - factor * work[k * size + j]!;
    }
  }
  return sum;
}

/**
 * A proposal of phi that draws from `written`, of the columns as written, with probability `share` and from `moving`
 * else: its density is the sum of both, each in the coordinates of chains. A point of which doubles do not tell where
 * it is comes out with sds of 0, which no posterior has.
 */
export function writtenProposal(
  coordinates: WrittenCoordinates,
  written: Proposal,
  moving: Proposal,
  share: number,
): Proposal {
  const point = new Float64Array(coordinates.d);
  const [logOwn, logOther] = [log(share), log(1 - share)];
  return {
    draw(rng, out) {
      if (share < 1 && !(rng.uniform() < share)) {
        moving.draw(rng, out);
        return;
      }
      written.draw(rng, point);
      // The way back loses digits of its own: without a density the point would be taken whatever its height.
      const there = coordinates.fromWritten(point, out) > -Infinity && coordinates.toWritten(out, point) > -Infinity;
      if (!there) out.fill(0);
    },
    logDensity(phi) {
      const jacobian = coordinates.toWritten(phi, point);
      const own = jacobian > -Infinity ? logOwn + written.logDensity(point) + jacobian : -Infinity;
      if (share === 1) return own;
      const other = logOther + moving.logDensity(phi);
      const top = Math.max(own, other);
      return top > -Infinity ? top + log(exp(own - top) + exp(other - top)) : top;
    },
  };
}

/** A walk of phi of the columns as written, as one of phi as chains have it; without coordinates the walk itself. */
export function writtenWalk(coordinates: WrittenCoordinates | null, walk: DifferenceWalk): DifferenceWalk {
  if (!coordinates) return walk;
  const here = new Float64Array(coordinates.d);
  const there = new Float64Array(coordinates.d);
  return (from, rng, out) => {
    const before = coordinates.toWritten(from, here);
    const shift = walk(here, rng, there);
    const after = before > -Infinity ? coordinates.fromWritten(there, out) : -Infinity;
    if (after > -Infinity) return shift + before + after;
    out.fill(0);
    return 0;
  };
}
