import type { Variable } from '../../diagnostics/chains.ts';

/** The draws of all chains, one after the other. */
export function pooledDraws({ chains }: Pick<Variable, 'chains'>): Float64Array {
  const out = new Float64Array(chains.length * chains[0]!.length);
  chains.forEach((chain, c) => {
    out.set(chain, c * chain.length);
  });
  return out;
}
