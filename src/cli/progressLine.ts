import type { SampleProgress } from '../run/sampleProgress.ts';
import type { Io } from './io.ts';

/**
 * A line on a terminal that says how far sampling has come, and leaves no trace when done; nothing at all in a pipe.
 */
export interface ProgressLine {
  show(progress: SampleProgress): void;
  clear(): void;
}

export function progressLine(io: Io): ProgressLine {
  let shown = '';
  const put = (text: string): void => {
    if (!io.isTTY || text === shown) return;
    (io.line ?? io.stderr).write(`\r${text.padEnd(shown.length)}${text === '' ? '\r' : ''}`);
    shown = text;
  };
  return { show: (progress) => put(renderProgress(progress)), clear: () => put('') };
}

/** `sampling  62%  4 chains  3 s left`; `preparing  4 chains` while kernels are fitted. */
function renderProgress({ phase, done, total, chains, secondsLeft }: SampleProgress): string {
  const run = `${chains} ${chains === 1 ? 'chain' : 'chains'}`;
  if (phase === 'preparing') return `preparing  ${run}`;
  const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
  const left = secondsLeft === null ? '' : `  ${Math.ceil(secondsLeft)} s left`;
  return `${phase === 'warmup' ? 'warm-up ' : 'sampling'} ${percent}  ${run}${left}`;
}
