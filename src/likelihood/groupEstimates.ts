import type { Design, GroupTerm } from '../design/design.ts';
import { product } from '../linalg/smallMatrix.ts';
import type { GroupEstimates } from './maximumLikelihoodFit.ts';

/** Position of the first covariance block of factor f among all blocks. */
export function blockIndex(design: Design, f: number): number {
  return design.groupTerms.slice(0, f).reduce((count, term) => count + term.blocks.length, 0);
}

/**
 * Covariance, sds, correlations and conditional covariances of one factor from its relative factor (q x q, user scale)
 * and those of the standardised modes (J x q x q); `ranks` are those of its covariance blocks, the first ones of the
 * array.
 */
export function groupEstimates(
  term: GroupTerm,
  lambda: Float64Array,
  sigma2: number,
  modes: Float64Array,
  standardised: Float64Array,
  ranks: readonly number[],
): GroupEstimates {
  const { factor, levels, J, q, labels, blocks } = term;
  const transposed = new Float64Array(q * q);
  for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) transposed[a * q + b] = lambda[b * q + a]!;
  const Sigma = product(lambda, transposed, q).map((value) => value * sigma2);
  const tau = Float64Array.from({ length: q }, (_, k) => Math.sqrt(Sigma[k * q + k]!));
  const pairs = blocks.flatMap(({ start, size }) => {
    const inside: [number, number][] = [];
    for (let k = start; k < start + size; k++) for (let l = k + 1; l < start + size; l++) inside.push([k, l]);
    return inside;
  });
  const corr = Float64Array.from(pairs, ([k, l]) => {
    if (tau[k] === 0 || tau[l] === 0) return Number.NaN;
    const value = Sigma[k * q + l]! / (tau[k]! * tau[l]!);
    // Two columns tied to one direction: exactly 1 or -1, not the nearest that rounding left.
    const block = blocks.findIndex(({ start, size }) => k >= start && k < start + size);
    const tied = ranks[block] === 1 || Math.abs(value) > 1;
    return tied ? Math.sign(value) : value;
  });
  const conditionalCov = new Float64Array(J * q * q);
  for (let j = 0; j < J; j++) {
    const block = standardised.subarray(j * q * q, (j + 1) * q * q);
    const image = product(product(lambda, block, q), transposed, q);
    for (let k = 0; k < q * q; k++) conditionalCov[j * q * q + k] = image[k]! * sigma2;
  }
  return { factor, levels, J, q, labels, Sigma, tau, pairs, corr, modes, conditionalCov };
}
