/**
 * What runs in a worker: the entry `partial-pooling/worker`. In Node `sample` finds it by itself. For a page, a file of the page's own with the one line
 * `import 'partial-pooling/worker'` is what a bundler finds behind `new Worker(new URL('./chains.worker.js', import.meta.url), { type: 'module' })`.
 */
import { chainWorker, movable } from './chainWorker.ts';
import { isNode, nodeModule } from './nodeModule.ts';
import type { WorkerRequest } from './workerMessages.ts';

const answer = chainWorker();

/** A dedicated worker's global scope, as far as it is used. */
const scope = globalThis as unknown as {
  addEventListener?: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void;
  postMessage?: (message: unknown, transfer: readonly ArrayBuffer[]) => void;
};

if (isNode()) {
  nodeModule('worker_threads').then(({ parentPort }) => {
    parentPort?.on('message', (message) => {
      const reply = answer(message as WorkerRequest);
      parentPort.postMessage(reply, movable(reply));
    });
  });
} else {
  // In the first turn: what was posted before the script had run is handed over right after it.
  scope.addEventListener?.('message', ({ data }) => {
    const reply = answer(data as WorkerRequest);
    scope.postMessage?.(reply, movable(reply));
  });
}
