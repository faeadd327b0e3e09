/**
 * The thread in which test files run: one message names a file's bundle, the mutant switched on (-1: none) and the
 * cases wanted; the answer says which failed first, or, when the mutants reached are asked for, what every case reaches
 * and costs.
 */
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { collector, runCase } from './cases.ts';

export interface Task {
  readonly file: string;
  /** Sent with the first task of a file. */
  readonly bundle?: string;
  readonly active: number;
  /** Case numbers in the order wanted; all of them when absent. */
  readonly wanted?: readonly number[];
  /** How many mutants there are, when those reached are asked for. */
  readonly record?: number;
}

export interface CaseRecord {
  readonly title: string;
  readonly failed: boolean;
  /** Milliseconds of processor time. */
  readonly cost: number;
  readonly reached: readonly number[];
}

export interface Answer {
  /** The first case that failed, or what stopped the file from being read. */
  readonly failure?: string;
  readonly records?: readonly CaseRecord[];
}

const scripts = new Map<string, Script>();
/** The root of the repository, put in when the thread is compiled. */
declare const __ROOT: string;
const require = createRequire(`${__ROOT}/package.json`);
/** The assertions are the runner's own. */
const vitest = import('vitest');
const switches: { active: number; hits: Uint8Array | null } = { active: -1, hits: null };
Object.assign(globalThis, { __mutation: switches });

const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function answer({ file, bundle, active, wanted, record }: Task): Promise<Answer> {
  if (bundle !== undefined) {
    scripts.set(file, new Script(`(function(require,module,exports){${bundle}\n})`, { filename: file }));
  }
  switches.active = active;
  switches.hits = record === undefined ? null : new Uint8Array(record);
  const swapHits = (): Uint8Array | null => {
    const { hits } = switches;
    if (hits === null) return null;
    const copy = hits.slice();
    hits.fill(0);
    return copy;
  };
  const { cases, api, close } = collector(swapHits);
  const records: CaseRecord[] = [];
  try {
    const load = scripts.get(file)!.runInThisContext() as (...args: unknown[]) => void;
    const module = { exports: {} };
    const whole = { ...(await vitest), ...api };
    load((name: string) => (name === 'vitest' ? whole : require(name)), module, module.exports);
    close();
  } catch (error) {
    return { failure: `reading the file: ${error instanceof Error ? error.message : String(error)}` };
  }
  for (const i of wanted ?? cases.keys()) {
    const single = cases[i];
    if (single === undefined) return { failure: 'the cases are others' };
    const began = processorTime();
    let failed = false;
    try {
      await runCase(single);
    } catch {
      failed = true;
      if (record === undefined) return { failure: single.title };
    }
    if (record === undefined) continue;
    const all = [swapHits()!, ...single.suites.flatMap(({ hits }) => (hits === null ? [] : [hits]))];
    const reached = [...all[0]!.keys()].filter((id) => all.some((hits) => hits[id] === 1));
    records.push({ title: single.title, failed, cost: processorTime() - began, reached });
  }
  return record === undefined ? {} : { records };
}

parentPort!.on('message', async (task: Task) => parentPort!.postMessage(await answer(task)));
