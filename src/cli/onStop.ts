import type { StopName } from './io.ts';

const SIGNALS: readonly StopName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Has the first Ctrl-C, SIGTERM or SIGHUP (the terminal was closed) call `listener`, once. From then on, as before, the
 * system ends the process by itself at the next one, whatever it is at. Gives what stops listening.
 */
export function onStop(listener: (signal: StopName) => void): () => void {
  const stop = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, heard);
  };
  const heard = (signal: NodeJS.Signals): void => {
    stop();
    listener(signal as StopName);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return stop;
}
