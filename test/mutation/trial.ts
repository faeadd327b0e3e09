import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseRunner } from './caseRunner.ts';
import type { CaseRecord } from './caseWorker.ts';
import { root } from './mutants.ts';

export interface Verdict {
  readonly state: 'killed' | 'timeout' | 'survived';
  /** Whether a test of the mutant's own room did it. */
  readonly byOwn: boolean;
  /** The test that failed, or why there is none. */
  readonly by: string;
}

export interface Trial {
  readonly judge: (id: number, room: string) => Promise<Verdict>;
  /** Cases that fail without any mutant and are left out, by file. */
  readonly broken: readonly string[];
}

/**
 * The test folders that follow a room's own: those of the rooms that stand on it, nearest first. No test of mere
 * sameness of a stream is among them.
 */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  linalg: ['laplace', 'kernels', 'likelihood', 'products', 'design', 'summary'],
  special: ['proposals', 'kernels', 'diagnostics', 'likelihood', 'random', 'families', 'summary'],
  random: ['kernels', 'families', 'mcmc'],
  design: ['products', 'kernels', 'likelihood', 'summary'],
  products: ['design', 'kernels', 'likelihood', 'laplace', 'summary'],
  families: ['laplace', 'likelihood', 'kernels', 'mcmc'],
  priors: ['kernels', 'mcmc', 'summary'],
  laplace: ['likelihood', 'kernels'],
  proposals: ['kernels', 'statistical'],
  kernels: ['proposals', 'laplace', 'mcmc', 'statistical'],
  likelihood: ['summary', 'statistical'],
  diagnostics: ['special', 'summary'],
};

/**
 * Processor milliseconds: the most a test file may take unmutated to serve here, and to serve as a wider one or as a
 * whole.
 */
const LONGEST = 60_000;
const QUICK = 5000;
/** What a mutant gets beyond a multiple of that. */
const GRACE = 2000;
const SLOWER = 5;

interface TestFile {
  readonly file: string;
  readonly records: readonly CaseRecord[];
  readonly cost: number;
}

/**
 * Runs mutants against test files, the room's own first, then those of the `wider` folders, each from the quickest;
 * only cases that reach the mutant.
 */
export function trial(run: CaseRunner['run'], count: number, wider = WIDER): Trial {
  const folders = new Map<string, Promise<TestFile[]>>();
  const broken: string[] = [];

  /** Every test file of a folder run once without a mutant, quickest first. */
  const baseline = async (folder: string): Promise<TestFile[]> => {
    const files: TestFile[] = [];
    const all = readdirSync(join(root, 'test', folder), { recursive: true, encoding: 'utf8' });
    const names = all.filter((name) => name.endsWith('.test.ts'));
    for (const name of names.sort()) {
      const file = `test/${folder}/${name}`;
      const { records, failure } = await run({ file, active: -1, record: count }, LONGEST);
      if (records === undefined) {
        broken.push(`${file} (${failure})`);
        continue;
      }
      for (const { failed, title } of records) if (failed) broken.push(`${file}: ${title}`);
      files.push({ file, records, cost: records.reduce((sum, { cost }) => sum + cost, 0) });
    }
    return files.sort((a, b) => a.cost - b.cost);
  };
  const filesIn = (folder: string): Promise<TestFile[]> => {
    if (!folders.has(folder)) folders.set(folder, baseline(folder));
    return folders.get(folder)!;
  };

  const judge = async (id: number, room: string): Promise<Verdict> => {
    let reached = 0;
    for (const folder of [room, ...(wider[room] ?? [])]) {
      const byOwn = folder === room;
      for (const { file, records, cost } of await filesIn(folder)) {
        const reaching = [...records.keys()].filter((i) => !records[i]!.failed && records[i]!.reached.includes(id));
        if (reaching.length === 0 || (!byOwn && cost > QUICK)) continue;
        reached += reaching.length;
        reaching.sort((a, b) => records[a]!.cost - records[b]!.cost);
        // What one case computes and keeps, another may look at: the other cases of the room's quick files follow those
        // that reach the mutant.
        const rest =
          byOwn && cost <= QUICK ? [...records.keys()].filter((i) => !records[i]!.failed && !reaching.includes(i)) : [];
        const { failure, timedOut } = await run(
          { file, active: id, wanted: [...reaching, ...rest] },
          GRACE + SLOWER * cost,
        );
        if (failure !== undefined) {
          return { state: timedOut ? 'timeout' : 'killed', byOwn, by: `${file}: ${failure}` };
        }
      }
    }
    return { state: 'survived', byOwn: false, by: reached === 0 ? 'no test reaches it' : `${reached} cases reach it` };
  };
  return { judge, broken };
}
