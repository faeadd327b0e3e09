import type { Fit } from '../mcmc/fit.ts';
import type { SampleAsyncOptions } from '../run/sample.ts';
import { type Io, STATUS, type Status, type StopName } from './io.ts';
import { progressLine } from './progressLine.ts';

/**
 * What came of sampling: a fit, null where it was stopped before there was one; and the status of a command that was
 * stopped, else null.
 */
export interface Sampled {
  readonly fit: Fit | null;
  readonly stopped: Status | null;
}

/**
 * Samples with a line of progress. The first Ctrl-C, SIGTERM or SIGHUP ends sampling, and what was drawn is the fit,
 * which is said; the second ends the process. `work` is given what to tell `sample`, or `extend`.
 */
export async function sampleStoppable(
  work: (options: Pick<SampleAsyncOptions, 'onProgress' | 'signal'>) => Promise<Fit>,
  io: Io,
): Promise<Sampled> {
  const line = progressLine(io);
  const controller = new AbortController();
  let heard: StopName | null = null;
  const forget = io.onStop((signal) => {
    heard = signal;
    controller.abort(new Stopped());
  });
  const stopped = (): Status | null => (heard === null ? null : STATUS[heard]);
  try {
    const fit = await work({ onProgress: line.show, signal: controller.signal });
    line.clear();
    if (heard !== null) {
      const { chains, iterations } = fit.draws;
      io.stderr.write(`note: stopped by ${heard}; the ${iterations} draws of ${perChain(chains)} are kept\n`);
    }
    return { fit, stopped: stopped() };
  } catch (error) {
    line.clear();
    if (!(error instanceof Stopped)) throw error;
    io.stderr.write(`note: stopped by ${heard} before every chain had four draws; there is nothing to keep\n`);
    return { fit: null, stopped: stopped() };
  } finally {
    forget();
  }
}

/** The reason of the signal, to be told from errors. */
class Stopped extends Error {}

function perChain(chains: number): string {
  return chains === 1 ? 'the chain' : `each of ${chains} chains`;
}
