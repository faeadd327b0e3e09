import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { Answer, Task } from './caseWorker.ts';
import { root } from './mutants.ts';
import { testBundle } from './testBundle.ts';

/** An answer of the thread, or why there is none. */
export type Outcome = Answer & { readonly timedOut?: boolean };

export interface CaseRunner {
  /**
   * Runs a task; `limit` in milliseconds of processor time, after which the thread is ended and another begun for the
   * next task.
   */
  readonly run: (task: Omit<Task, 'bundle'>, limit: number) => Promise<Outcome>;
  readonly close: () => Promise<number>;
}

/** Mebibytes a mutant may fill. */
const MEMORY = 1500;

/** One thread at a time that runs test files compiled against the schemata. */
export function caseRunner(schemata: ReadonlyMap<string, string>): CaseRunner {
  const bundles = new Map<string, string>();
  // Compiled here: a thread does not inherit the loader of TypeScript.
  const program = buildSync({
    entryPoints: [join(root, 'test/mutation/caseWorker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    supported: { 'dynamic-import': true },
    define: { __ROOT: JSON.stringify(root) },
  }).outputFiles[0]!.text;
  let sent = new Set<string>();
  const begin = (): Worker => {
    sent = new Set();
    const thread = new Worker(program, {
      eval: true,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
      stdout: true,
      stderr: true,
    });
    thread.unref();
    return thread;
  };
  let thread = begin();
  const run = async (task: Omit<Task, 'bundle'>, limit: number): Promise<Outcome> => {
    const { file } = task;
    if (!bundles.has(file)) bundles.set(file, await testBundle(file, schemata));
    const bundle = sent.has(file) ? {} : { bundle: bundles.get(file)! };
    sent.add(file);
    return new Promise((resolve) => {
      const began = process.cpuUsage();
      // The processor's clock, not the wall's: a busy machine is no fault of the mutant.
      const watch = setInterval(() => {
        const { user, system } = process.cpuUsage(began);
        if ((user + system) / 1000 > limit) finish({ failure: 'time', timedOut: true });
      }, 50);
      const finish = async (outcome: Outcome, isOver = true): Promise<void> => {
        clearInterval(watch);
        for (const name of ['message', 'error', 'exit']) thread.removeAllListeners(name);
        if (isOver) {
          const old = thread;
          thread = begin();
          await old.terminate();
        }
        resolve(outcome);
      };
      thread.once('message', (reply: Answer) => finish(reply, false));
      thread.once('error', (error) => finish({ failure: `the thread ended: ${error.message}` }));
      thread.once('exit', () => finish({ failure: 'the thread ended' }));
      thread.postMessage({ ...task, ...bundle });
    });
  };
  return { run, close: () => thread.terminate() };
}
