import { correlationPairs } from '../../design/correlationPairs.ts';
import type { CovarianceBlock, GroupTerm } from '../../design/design.ts';
import type { MovingPrior } from '../../priors/priors.ts';
import type { Kernel, State } from '../kernel.ts';
import { blockDraw, blockReason } from './covarianceDraws.ts';

/**
 * Draws the covariance of one factor given its deviations u (J x q): Sigma | u, block by block.
 * Each block depends on u only through S = sum_j u_j u_j'.
 */
export function covarianceKernel(term: GroupTerm, priors: readonly MovingPrior[]): Kernel {
  const { factor, blocks, J, q } = term;
  const tauName = `tau_${factor}`;
  const corrName = `corr_${factor}`;
  const uName = `u_${factor}`;
  const pairs = correlationPairs(blocks);
  const draws = blocks.map((block, b) => blockDraw(block, priors[b]!, J));
  const sums = blocks.map((block) => new Float64Array(block.size * block.size));
  const matrices = blocks.map((block) => new Float64Array(block.size * block.size));
  return {
    name: 'covariance',
    updates: [tauName, ...(pairs.length > 0 ? [corrName] : [])],
    why: `Sigma given u: ${[...new Set(blocks.map((block, b) => blockReason(block, priors[b]!)))].join('; ')}`,
    stats: [],
    init() {},
    step(state, rng) {
      const u = state.at[uName]!;
      const tau = state.at[tauName]!;
      blocks.forEach((block, b) => {
        crossProduct(u, J, q, block, sums[b]!);
        readBlock(state, tauName, corrName, pairs, b, block, matrices[b]!);
        draws[b]!(sums[b]!, matrices[b]!, rng);
        for (let k = 0; k < block.size; k += 1) tau[block.start + k] = Math.sqrt(matrices[b]![k * block.size + k]!);
      });
      for (let i = 0; i < pairs.length; i += 1) {
        const { block, row, column, first, second } = pairs[i]!;
        const value = matrices[block]![row * blocks[block]!.size + column]! / (tau[first]! * tau[second]!);
        state.at[corrName]![i] = Math.max(-1, Math.min(1, value));
      }
    },
  };
}

/** S = sum_j u_j u_j' over a block's columns. */
function crossProduct(
  u: Float64Array,
  J: number,
  q: number,
  { start, size }: CovarianceBlock,
  out: Float64Array,
): void {
  out.fill(0);
  for (let j = 0; j < J; j += 1) {
    const base = j * q + start;
    for (let a = 0; a < size; a += 1) {
      for (let b = 0; b <= a; b += 1) out[a * size + b] = out[a * size + b]! + u[base + a]! * u[base + b]!;
    }
  }
  for (let a = 0; a < size; a += 1) for (let b = 0; b < a; b += 1) out[b * size + a] = out[a * size + b]!;
}

/** The block's Sigma from the sds and correlations in the state. */
function readBlock(
  state: State,
  tauName: string,
  corrName: string,
  pairs: ReturnType<typeof correlationPairs>,
  index: number,
  { start, size }: CovarianceBlock,
  out: Float64Array,
): void {
  const tau = state.at[tauName]!;
  for (let k = 0; k < size; k += 1) out[k * size + k] = tau[start + k]! * tau[start + k]!;
  for (let i = 0; i < pairs.length; i += 1) {
    const { block, row, column, first, second } = pairs[i]!;
    if (block !== index) continue;
    const value = state.at[corrName]![i]! * tau[first]! * tau[second]!;
    out[row * size + column] = value;
    out[column * size + row] = value;
  }
}
