/** What `sample` uses of an AbortSignal. */
export interface StopSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** Milliseconds between two looks at a signal. */
const LOOK = 20;

/**
 * What `promise` gives, or the signal's reason if it is stopped first; the signal is looked at every so often, so that
 * it need not tell.
 */
export async function unlessStopped<T>(promise: Promise<T>, signal: StopSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let timer: ReturnType<typeof setInterval> | undefined;
  const stopped = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      try {
        signal.throwIfAborted();
      } catch (reason) {
        reject(reason);
      }
    }, LOOK);
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    clearInterval(timer);
  }
}
