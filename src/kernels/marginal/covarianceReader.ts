import type { GroupTerm } from '../../design/design.ts';
import type { State } from '../kernel.ts';
import { correlationFactor } from '../state/correlationFactor.ts';
import { partialsFromCholesky } from '../state/partialCorrelations.ts';

/**
 * Reads the covariances of every factor from the state as the coordinates phi of a marginal target with sigma = 1:
 * sqrt(tau) of all varying columns, then atanh of the partial correlations of each block. Returns a function that
 * allocates nothing.
 */
export function covarianceReader(terms: readonly GroupTerm[]): (state: State, phi: Float64Array) => void {
  const parts = terms.map((term) => ({
    tau: `tau_${term.factor}`,
    q: term.q,
    read: correlationFactor(term),
    Lambda: new Float64Array(term.q * term.q),
    blocks: term.blocks.map(({ start, size }) => ({ start, size, L: new Float64Array(size * size) })),
  }));
  const total = terms.reduce((sum, { q }) => sum + q, 0);
  return (state, phi) => {
    let first = 0;
    let at = total;
    for (let f = 0; f < parts.length; f += 1) {
      const { tau, q, read, Lambda, blocks } = parts[f]!;
      const sds = state.at[tau]!;
      for (let k = 0; k < q; k += 1) phi[first + k] = Math.sqrt(sds[k]!);
      first += q;
      read(state, 1, Lambda);
      for (let b = 0; b < blocks.length; b += 1) {
        const { start, size, L } = blocks[b]!;
        if (size === 1) continue;
        for (let i = 0; i < size; i += 1) {
          for (let k = 0; k <= i; k += 1) L[i * size + k] = Lambda[(start + i) * q + start + k]! / sds[start + i]!;
        }
        partialsFromCholesky(L, size, phi, at);
        at += (size * (size - 1)) / 2;
      }
    }
  };
}
