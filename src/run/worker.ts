/**
 * What runs in a worker: the entry `partial-pooling/worker`. In Node `sample` finds it by itself. For a page, a file of
 * the page's own with the one line `import 'partial-pooling/worker'` is what a bundler finds behind `new Worker(new
 * URL('./chains.worker.js', import.meta.url), { type: 'module' })`.
 */
import { chainWorker } from './chainWorker.ts';
import { isNode, nodeModule } from './nodeModule.ts';
import type { WorkerRequest } from './workerMessages.ts';

// Draws are posted as copies: once a thread has given an array away, V8 has every access to any typed array check for
// that (a quarter more time a draw).
const answer = chainWorker();

/** A dedicated worker's global scope, as far as it is used. */
const scope = globalThis as unknown as {
  addEventListener?: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void;
  postMessage?: (message: unknown) => void;
};

if (isNode()) {
  nodeModule('worker_threads').then(({ parentPort }) => {
    parentPort?.on('message', (message) => {
      parentPort.postMessage(answer(message as WorkerRequest));
    });
  });
} else {
  // In the first turn: what was posted before the script had run is handed over right after it.
  scope.addEventListener?.('message', ({ data }) => {
    scope.postMessage?.(answer(data as WorkerRequest));
  });
}
