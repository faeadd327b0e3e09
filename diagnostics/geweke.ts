import { type Chains, chainsShape, copyChains } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { mean } from './moments.ts';
import { spectrumAtZero } from './spectrumAtZero.ts';

/** The two windows that Geweke's diagnostic compares, as fractions of the chain. */
export interface GewekeOptions {
  /** Default 0.1. */
  readonly first?: number;
  /** Default 0.5. */
  readonly last?: number;
}

/**
 * Geweke's (1992) z of each chain: the difference between the means of its first 10% and last 50%, over its standard
 * error from the spectral densities of the windows at frequency zero; about standard normal when the chain is
 * stationary (R's `coda::geweke.diag`, its windows to the draw). NaN for a chain with NaN or infinities, and when both
 * windows stand still at one value.
 *
 * Throws DiagnosticsError `bad-argument` when the windows overlap, and as every measure on unusable chains.
 */
export function geweke(chains: Chains, options: GewekeOptions = {}): number[] {
  checkOptions('geweke', options, { first: 'number', last: 'number' });
  const { first = 0.1, last = 0.5 } = options;
  if (!(first > 0 && last > 0 && first + last <= 1)) {
    throw new DiagnosticsError(
      'bad-argument',
      `the windows are the first ${first} and the last ${last} of the chain; give positive fractions that sum to at most 1`,
    );
  }
  const { chainCount, drawCount } = chainsShape(chains);
  const values = new Float64Array(chainCount * drawCount);
  copyChains(chains, values);
  // coda counts draws from 1 and rounds both windows outwards
  const firstEnd = Math.ceil(1 + first * (drawCount - 1));
  const lastStart = Math.floor(drawCount - last * (drawCount - 1));
  return chains.map((_, c) => {
    const chain = values.subarray(c * drawCount, (c + 1) * drawCount);
    const early = chain.subarray(0, firstEnd);
    const late = chain.subarray(lastStart - 1);
    const squaredError = spectrumAtZero(early) / early.length + spectrumAtZero(late) / late.length;
    return (mean(early) - mean(late)) / Math.sqrt(squaredError);
  });
}
