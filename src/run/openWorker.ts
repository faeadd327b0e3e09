import { ModelError } from '../errors.ts';
import { type Address, isNode, type NodeWorker, nodeModule } from './nodeModule.ts';
import type { WorkerReply, WorkerRequest } from './workerMessages.ts';

/** A Web Worker, or one of node:worker_threads, as far as it is used. */
export type WorkerLike = NodeWorker | WebWorkerLike;

/** The part of a page's Worker in use. */
export interface WebWorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly message?: unknown }) => void,
  ): unknown;
}

/**
 * Where the worker's code is: a function that makes a worker of `partial-pooling/worker`, or the address of a built
 * one.
 */
export type WorkerSource = (() => WorkerLike) | string | Address;

/** A worker that answers requests in the order they were asked. */
export interface OpenWorker {
  /** Rejects when the worker stops, cannot be started, or has a fault of its own. */
  ask(request: WorkerRequest): Promise<WorkerReply>;
  /**
   * Ends the worker: in a page at once, in Node when it has answered what it was asked and has then been idle for a
   * while.
   */
  close(): void;
}

/**
 * Milliseconds that a thread of Node is idle before it is ended. Node 20 and V8 abort the whole process at times
 * (node_platform.cc, ForIsolate) when a thread ends whose functions are still being compiled in the background.
 */
const IDLE = 250;

/** Resolves when workers that were closed have ended, and what they held is free. */
export function threadsEnded(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 2 * IDLE));
}

/**
 * Starts one worker. Without `source` it is the file beside this one, which only Node can start; nothing is started
 * from text or from a blob, so that a page's content security policy has nothing to object to. Throws `ModelError` code
 * `worker-start` where there is no way to start one.
 */
export async function openWorker(source: WorkerSource | undefined): Promise<OpenWorker> {
  return conversation(await start(source));
}

const page = globalThis as { Worker?: new (address: string, options: { type: 'module' }) => WebWorkerLike };

async function start(source: WorkerSource | undefined): Promise<WorkerLike> {
  if (typeof source === 'function') return source();
  const given = typeof source === 'object' ? source.href : source;
  if (isNode()) {
    const { Worker } = await nodeModule('worker_threads');
    // No flags of the main thread: --input-type and loaders are not for this file.
    return new Worker(given === undefined ? ownFile() : nodeAddress(given), { execArgv: [] });
  }
  if (given !== undefined && page.Worker) return new page.Worker(given, { type: 'module' });
  throw new ModelError(
    'worker-start',
    'worker',
    'worker: in a page, sampling in workers needs to be told where their code is; give worker: () => new Worker(new URL("./chains.worker.js", import.meta.url), ' +
      '{ type: "module" }), that file being import "partial-pooling/worker"',
  );
}

/** Node takes a path as text and a file: address as a URL. */
function nodeAddress(given: string): string | URL {
  return given.startsWith('file:') ? new URL(given) : given;
}

/**
 * The worker's file beside this one: a URL, or in the CommonJS build (where the bundler puts the file's name in its
 * place) a path.
 */
function ownFile(): string | URL {
  const own = import.meta.url;
  if (!own.startsWith('file:')) return own.replace(/[^/\\]*$/, 'worker.cjs');
  return new URL(own.endsWith('.ts') ? 'workerFromSource.mjs' : 'worker.js', own);
}

function conversation(worker: WorkerLike): OpenWorker {
  let waiting: { resolve: (reply: WorkerReply) => void; reject: (error: Error) => void }[] = [];
  let broken: Error | null = null;
  let closing = false;
  const end = (): void => {
    worker.terminate();
  };
  const fail = (reason: unknown): void => {
    broken ??= reason instanceof Error ? reason : new Error(String(reason));
    for (const { reject } of waiting) reject(broken);
    waiting = [];
  };
  const receive = (data: unknown): void => {
    const reply = data as WorkerReply;
    if (reply.kind === 'broken') fail(reply.message);
    else waiting.shift()?.resolve(reply);
    if (closing && waiting.length === 0) setTimeout(end, IDLE);
  };
  if ('addEventListener' in worker) {
    worker.addEventListener('message', ({ data }) => receive(data));
    worker.addEventListener('error', ({ message }) => fail(message || 'its script could not be loaded'));
    worker.addEventListener('messageerror', () => fail('a message could not be read'));
  } else {
    worker.on('message', receive);
    worker.on('error', fail);
    worker.on('messageerror', fail);
    worker.on('exit', (code) => fail(`it ended with code ${code}`));
  }
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (broken) {
          reject(broken);
          return;
        }
        waiting.push({ resolve, reject });
        worker.postMessage(request);
      }),
    close() {
      if (closing) return;
      closing = true;
      if ('addEventListener' in worker || broken) end();
      else if (waiting.length === 0) setTimeout(end, IDLE);
    },
  };
}
