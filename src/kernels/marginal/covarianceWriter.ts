import { correlationPairs } from '../../design/correlationPairs.ts';
import type { GroupTerm } from '../../design/design.ts';
import type { State } from '../kernel.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Takes the covariances of every factor from where a marginal target was last evaluated into the state. */
export interface CovarianceWriter {
  /** The names it writes: tau and, where there are any, correlations of each factor. */
  readonly names: readonly string[];
  /** Writes tau = sigma lambda and the correlations. */
  write(target: MarginalTarget, state: State, sigma: number): void;
}

/** A writer for the group terms of a design. */
export function covarianceWriter(terms: readonly GroupTerm[]): CovarianceWriter {
  const places = terms.map((term, f) => ({
    tau: `tau_${term.factor}`,
    corr: `corr_${term.factor}`,
    q: term.q,
    offset: terms.slice(0, f).reduce((sum, before) => sum + before.q, 0),
    blocks: term.blocks,
    pairs: correlationPairs(term.blocks),
  }));
  return {
    names: places.flatMap(({ tau, corr, pairs }) => (pairs.length > 0 ? [tau, corr] : [tau])),
    write(target, state, sigma) {
      for (let f = 0; f < places.length; f += 1) {
        const { tau, corr, q: columns, offset, blocks, pairs } = places[f]!;
        const sds = state.at[tau]!;
        for (let k = 0; k < columns; k += 1) sds[k] = target.lambda[offset + k]! * sigma;
        for (let i = 0; i < pairs.length; i += 1) {
          const { block, row, column } = pairs[i]!;
          const size = blocks[block]!.size;
          const L = target.factors[f]![block]!;
          let sum = 0;
          for (let t = 0; t <= column; t += 1) sum += L[row * size + t]! * L[column * size + t]!;
          state.at[corr]![i] = sum;
        }
      }
    },
  };
}
