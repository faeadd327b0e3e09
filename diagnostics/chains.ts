import { DiagnosticsError } from './diagnosticsError.ts';

/**
 * The draws of one quantity: one array per chain, all of one length, in the order in which they were drawn, without
 * warm-up.
 */
export type Chains = readonly ArrayLike<number>[];

/**
 * What the caller knows about a quantity and the draws alone cannot tell: `constant` is fixed by design (the diagonal
 * of a correlation matrix), `scale` is a standard deviation, bounded below at zero.
 */
export type VariableHint = 'constant' | 'scale';

/** A named quantity with its draws. */
export interface Variable {
  readonly name: string;
  readonly chains: Chains;
  readonly hint?: VariableHint;
}

/** Number of chains M and of draws per chain N. */
export interface ChainsShape {
  readonly chainCount: number;
  readonly drawCount: number;
}

const isTyped = (chain: ArrayLike<number>): boolean => ArrayBuffer.isView(chain);

/** Shows a value that was given in a place where a number was expected. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return value === null || typeof value !== 'object' ? String(value) : Array.isArray(value) ? 'an array' : 'an object';
}

/**
 * The shape of the draws of one quantity, after the checks that every measure makes first. `name` appears in messages.
 *
 * Throws DiagnosticsError `no-chains` (nothing given, or one flat array of numbers), `no-draws`, `unequal-chains`.
 */
export function chainsShape(chains: Chains, name = 'draws'): ChainsShape {
  if (!Array.isArray(chains)) {
    throw new DiagnosticsError(
      'no-chains',
      `${name} is ${quote(chains)}; give an array with one array of draws per chain`,
    );
  }
  if (chains.length === 0) {
    throw new DiagnosticsError('no-chains', `${name} has no chains; give an array with one array of draws per chain`);
  }
  const lengths = chains.map((chain: unknown, c) => {
    if (typeof chain === 'object' && chain !== null && typeof (chain as { length?: unknown }).length === 'number') {
      return (chain as ArrayLike<number>).length;
    }
    const hint = typeof chain === 'number' ? '; wrap the draws of a single chain as [draws]' : '';
    throw new DiagnosticsError(
      'no-chains',
      `chain ${c + 1} of ${name} is ${quote(chain)}, not an array of draws${hint}`,
    );
  });
  const drawCount = lengths[0]!;
  const odd = lengths.findIndex((length) => length !== drawCount);
  if (odd >= 0) {
    throw new DiagnosticsError(
      'unequal-chains',
      `chain ${odd + 1} of ${name} has ${lengths[odd]} draws and chain 1 has ${drawCount}; all chains must have one length`,
    );
  }
  if (drawCount === 0)
    throw new DiagnosticsError('no-draws', `the chains of ${name} are empty; give at least one draw per chain`);
  return { chainCount: chains.length, drawCount };
}

/**
 * Copies the chains one after the other into `out` (M x N, row-major).
 *
 * Throws DiagnosticsError `not-numeric` for a draw that is not a number (a string, null, a hole). NaN and infinities
 * are numbers: they are copied, and the measures document what they make of them.
 */
export function copyChains(chains: Chains, out: Float64Array, name = 'draws'): void {
  let to = 0;
  for (let c = 0; c < chains.length; c++) {
    const chain = chains[c]!;
    if (isTyped(chain)) {
      out.set(chain, to);
      to += chain.length;
      continue;
    }
    for (let i = 0; i < chain.length; i++) {
      const value: unknown = chain[i];
      if (typeof value !== 'number') {
        throw new DiagnosticsError(
          'not-numeric',
          `draw ${i + 1} of chain ${c + 1} of ${name} is ${quote(value)}, not a number`,
        );
      }
      out[to++] = value;
    }
  }
}

/** A probability between 0 and 1, or DiagnosticsError `bad-argument`. */
export function checkProbability(probability: number, name: string): number {
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    throw new DiagnosticsError('bad-argument', `${name} is ${quote(probability)}; give a probability between 0 and 1`);
  }
  return probability;
}
