import type { SampleProgress } from '../../src/index.ts';

/** CPU seconds of this process, user and system. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** CPU seconds at which a run was prepared, and at which its warm-up was over; 0 until its progress says so. */
export function phaseMarks() {
  const marks = { ready: 0, drawing: 0 };
  const onProgress = ({ phase }: SampleProgress): void => {
    if (phase !== 'preparing' && marks.ready === 0) marks.ready = cpuSeconds();
    if (phase === 'sampling' && marks.drawing === 0) marks.drawing = cpuSeconds();
  };
  return { marks, onProgress };
}
