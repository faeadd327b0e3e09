import { afterAll, expect, it } from 'vitest';
import * as diagnostics from '../diagnostics/index.ts';
import * as models from '../models/index.ts';
import { sleepstudy } from '../src/datasets/index.ts';
import * as main from '../src/index.ts';
import * as plots from '../src/plots/index.ts';
import * as database from '../src/reduction/index.ts';
import * as report from '../src/report/html/index.ts';

const model = 'Reaction ~ Days + (Days | Subject)';
const fit = main.sampleSync(model, sleepstudy, { seed: 1, chains: 2, iterations: 40, warmup: 30 });
const graph = main.formula(model);
const ml = main.maximumLikelihood(graph, sleepstudy);

/** What a program may hand over by mistake. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  3,
  'x',
  '',
  {},
  [],
  true,
  () => 1,
  Symbol('s'),
  10n,
  [null],
  [[]],
  { a: null },
  Number.NaN,
  new Date(0),
  new Map(),
];
/** What may stand before it. */
const BEFORE: readonly (readonly [string, readonly unknown[]])[] = [
  ['nothing', []],
  ['a fit', [fit]],
  ['an ML fit', [ml]],
  ['a graph', [graph]],
  ['a fit and its factor', [fit, 'Subject']],
  ['two fits', [fit, fit]],
  ['graph and data', [graph, sleepstudy]],
  ['both fits', [fit, ml]],
  ['a formula', ['y ~ x']],
  ['chains', [[[1, 2, 3, 4, 5, 6, 7, 8]]]],
];

const functions = Object.entries({ main, diagnostics, models, plots, report, database }).flatMap(([entry, names]) =>
  Object.entries(names)
    .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name))
    .map(([name, value]) => [`${entry}.${name}`, value as (...given: unknown[]) => unknown] as const),
);

/** Functions that fit, once or many times, and what may stand before options for a call to be right: not made here. */
const LONG: ReadonlyMap<string, string> = new Map([
  ['main.kFold', 'graph and data'],
  ['main.refitLeaveOneOut', 'a fit'],
  ['main.sample', 'graph and data'],
  ['main.sampleSync', 'graph and data'],
]);

/** Whether options say nothing: not given, or without entries, as a number has none. */
const noOptions = (value: unknown): boolean => Object.keys(Object(value ?? {})).length === 0;

let calls = 0;

/**
 * What is wrong with the error of a call that fails; null where it is one sentence with a code, or the call gives an
 * answer.
 */
async function faultOfCall(call: (...given: unknown[]) => unknown, given: readonly unknown[]): Promise<string | null> {
  calls += 1;
  try {
    const answer = await call(...given);
    const pieces = answer as { next?: unknown; return?: unknown } | null | undefined;
    // A text in pieces is begun: what is wrong with it shows when it is read.
    if (typeof pieces?.next === 'function' && typeof pieces.return === 'function') (pieces as Generator).next();
    return null;
  } catch (error) {
    const { name, code, message } = error as Error & { code?: unknown };
    const coded = typeof code === 'string' && !code.startsWith('ERR_') && /(?:Error|Failure)$/.test(name);
    return coded && !message.includes('[object ') ? null : `${name}: ${message}`;
  }
}

it.each(functions)('%s answers what is of the wrong kind with a sentence and a code', async (name, call) => {
  const faults = new Set<string>();
  for (const [before, first] of BEFORE) {
    for (const wrong of WRONG) {
      if (LONG.get(name) === before && noOptions(wrong)) continue;
      for (const given of [
        [...first, wrong],
        [...first, wrong, wrong],
      ]) {
        const fault = await faultOfCall(call, given);
        if (fault !== null)
          faults.add(`${name}(${before}, ${typeof wrong} ${given.length - first.length} times): ${fault}`);
      }
    }
  }
  expect([...faults]).toEqual([]);
});

afterAll(() => expect(calls).toBeGreaterThan(40_000));
