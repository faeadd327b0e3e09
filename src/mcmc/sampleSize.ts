import { optionError } from '../input/optionError.ts';
import { type Keep, keptDraws } from './keep.ts';

/** `SampleOptions` with every number checked and filled in. */
export interface SampleSize {
  readonly chains: number;
  readonly warmup: number;
  readonly iterations: number;
  readonly seed: number;
}

/**
 * The size of a fit, defaults filled in; throws `ModelError` code `option` naming the option, what was given and what
 * is accepted.
 */
export function sampleSize(options: Partial<SampleSize>): SampleSize {
  return {
    chains: options.chains ?? 4,
    warmup: options.warmup ?? 1000,
    iterations: options.iterations ?? 1000,
    seed: options.seed ?? 1,
  };
}

/** The fewest draws of a chain that make a fit. */
export const FEWEST_DRAWS = 4;

/** Throws `option` where too few of the iterations are kept. */
export function checkKept(keep: Keep, { iterations }: SampleSize): void {
  if (keptDraws(keep, iterations) >= FEWEST_DRAWS) return;
  const most = Math.floor(iterations / FEWEST_DRAWS);
  throw optionError(
    'thin',
    keep.thin,
    `a whole number from 1 to ${most}, so that ${FEWEST_DRAWS} of ${iterations} iterations are kept`,
  );
}
