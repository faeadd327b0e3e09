import { expect, it } from 'vitest';
import { chainWorker } from '../../src/run/chainWorker.ts';

it('a worker that is stopped before it has a plan has stopped, with no chains', () => {
  expect(chainWorker()({ kind: 'stop' })).toEqual({ kind: 'stopped', checkpoints: [], part: null });
});
