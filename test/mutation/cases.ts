/**
 * A case of a test file: what to run, the hooks that come before, the mutants reached while its surroundings were
 * built.
 */
export interface Case {
  readonly title: string;
  readonly run: () => unknown;
  readonly suites: readonly Suite[];
}

export interface Suite {
  readonly before: (() => unknown)[];
  readonly beforeEach: (() => unknown)[];
  readonly afterEach: (() => unknown)[];
  /** The mutants reached by the suite's own code, outside its cases. */
  hits: Uint8Array | null;
  ready: boolean;
}

type Body = (...values: unknown[]) => unknown;

/**
 * `describe`, `it` and the hooks of the test runner, reduced to collecting: calling the file fills `cases`. `swapHits`
 * exchanges the record of the mutants reached for a fresh one, so that what a suite reaches while it is built counts
 * for the cases inside it and no others.
 */
export function collector(swapHits: () => Uint8Array | null): {
  readonly cases: Case[];
  readonly api: Readonly<Record<string, unknown>>;
  readonly close: () => void;
} {
  const suite = (): Suite => ({ before: [], beforeEach: [], afterEach: [], hits: null, ready: false });
  const cases: Case[] = [];
  const open: Suite[] = [suite()];
  const settle = (): void => {
    const hits = swapHits();
    const inner = open.at(-1)!;
    if (hits !== null) inner.hits = inner.hits === null ? hits : inner.hits.map((hit, i) => hit | hits[i]!);
  };
  const within = (body: () => unknown): void => {
    settle();
    open.push(suite());
    body();
    settle();
    open.pop();
  };
  const place = (kind: 'before' | 'beforeEach' | 'afterEach') => (hook: () => unknown) =>
    void open.at(-1)![kind].push(hook);
  const each = (act: (title: string, body: () => unknown) => void) => (table: readonly unknown[]) => {
    return (title: string, body: Body): void => {
      for (const row of table) act(title, () => (Array.isArray(row) ? body(...row) : body(row)));
    };
  };
  const describe = (_title: string, body: () => unknown): void => within(body);
  const it = (title: string, ...rest: unknown[]): void => {
    const run = rest.find((part) => typeof part === 'function') as () => unknown;
    cases.push({ title, run: () => run(), suites: [...open] });
  };
  const withEach = (act: (title: string, body: () => unknown) => void) => Object.assign(act, { each: each(act) });
  const api = {
    describe: withEach(describe),
    suite: withEach(describe),
    it: withEach(it),
    test: withEach(it),
    beforeAll: place('before'),
    beforeEach: place('beforeEach'),
    afterEach: place('afterEach'),
    afterAll: () => undefined,
  };
  return { cases, api, close: settle };
}

/** Runs one case with its hooks; throws what the case throws. */
export async function runCase({ run, suites }: Case): Promise<void> {
  for (const suite of suites) {
    if (!suite.ready) for (const hook of suite.before) await hook();
    suite.ready = true;
  }
  for (const suite of suites) for (const hook of suite.beforeEach) await hook();
  try {
    await run();
  } finally {
    for (const suite of suites) for (const hook of suite.afterEach) await hook();
  }
}
