import { ModelError } from '../errors.ts';
import type { Fit } from '../mcmc/fit.ts';

/**
 * One or more chains failed. Code, place and message are those of the first: kernel, chain and iteration. A fit of
 * fewer chains than were asked for is not handed over as if nothing had been: it hangs on the error.
 */
export class ChainFailure extends ModelError {
  /** What happened, one for each chain that failed. */
  readonly failures: readonly ModelError[];
  /** The fit of the chains that did not fail, which ran to their end; null where none are left. */
  readonly fit: Fit | null;

  constructor(failures: readonly ModelError[], fit: Fit | null) {
    const { code, where, message } = failures[0]!;
    super(code, where, message);
    this.failures = failures;
    this.fit = fit;
  }
}
