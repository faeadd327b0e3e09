/** A URL object. */
export interface Address {
  readonly href: string;
}

/** The part of node:worker_threads in use. */
export interface WorkerThreads {
  readonly Worker: new (file: string | Address, options: { readonly execArgv: readonly string[] }) => NodeWorker;
  /** Null in the main thread. */
  readonly parentPort: {
    on(event: 'message', listener: (message: unknown) => void): unknown;
    postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  } | null;
}

/** A worker of node:worker_threads. */
export interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  on(event: 'message' | 'error' | 'messageerror' | 'exit', listener: (value: unknown) => void): unknown;
}

/** The part of node:os in use. */
interface OperatingSystem {
  availableParallelism(): number;
  /** Bytes. */
  totalmem(): number;
}

const host = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } };

/** Whether this is Node, or a runtime that has its modules. */
export function isNode(): boolean {
  return typeof host.process?.versions?.node === 'string';
}

/**
 * A built-in module of Node, asked for only there: the specifier is put together at run time, so that no bundler for
 * browsers looks for the module and nothing of it is in the bundle. The names are ours; nothing a user gives reaches
 * this place.
 */
export function nodeModule(name: 'worker_threads'): Promise<WorkerThreads>;
export function nodeModule(name: 'os'): Promise<OperatingSystem>;
export async function nodeModule(name: 'worker_threads' | 'os'): Promise<unknown> {
  const specifier = ['node', name].join(':');
  return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier);
}
