import { readFileSync } from 'node:fs';
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

const entries = { main, diagnostics, models, plots, report, database };
const functions = Object.entries(entries).flatMap(([entry, names]) =>
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

/** Functions that take no options: what else a program hands over is no concern of theirs. */
const NO_OPTIONS: ReadonlySet<string> = new Set(
  [
    ...'calibration coef compare describe drawVariables draws exponential extendSync flat defaultPrior graphFromJson'.split(
      ' ',
    ),
    ...'groupLogLikelihood halfCauchy halfNormal influence lkj logLikelihood maximumLikelihoodText ranef sensitivity sigma'.split(
      ' ',
    ),
    ...'tableAccount varCorr'.split(' '),
  ]
    .map((name) => `main.${name}`)
    .concat('report.modelMath')
    .concat(
      'essBulk essMean essMedian essSd essTail mcseMean mcseMedian mcseSd ranks rhat splitChains readDraws readDrawsJson readRun'
        .split(' ')
        .map((name) => `diagnostics.${name}`),
    ),
);

/** Whether options say nothing: not given, or without entries, as a number has none. */
const noOptions = (value: unknown): boolean => Object.keys(Object(value ?? {})).length === 0;

let calls = 0;

/**
 * What is wrong with the error of a call that fails, null where it is one sentence with a code; `answer` where the call
 * gives one.
 */
async function outcomeOf(
  call: (...given: unknown[]) => unknown,
  given: readonly unknown[],
): Promise<{ readonly fault: string | null } | 'answer'> {
  calls += 1;
  try {
    const answer = await call(...given);
    const pieces = answer as { next?: unknown; return?: unknown } | null | undefined;
    // A text in pieces is begun: what is wrong with it shows when it is read.
    if (typeof pieces?.next === 'function' && typeof pieces.return === 'function') (pieces as Generator).next();
    return 'answer';
  } catch (error) {
    const { name, code, message } = error as Error & { code?: unknown };
    const coded = typeof code === 'string' && !code.startsWith('ERR_') && /(?:Error|Failure)$/.test(name);
    return { fault: coded && !message.includes('[object ') ? null : `${name}: ${message}` };
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
        const outcome = await outcomeOf(call, given);
        if (outcome !== 'answer' && outcome.fault !== null)
          faults.add(`${name}(${before}, ${typeof wrong} ${given.length - first.length} times): ${outcome.fault}`);
      }
    }
    const unknown = await outcomeOf(call, [...first, { nonsense: 1 }]);
    if (unknown === 'answer' && !NO_OPTIONS.has(name))
      faults.add(`${name}(${before}, an option that there is none of)`);
  }
  expect([...faults]).toEqual([]);
});

it('the table has every entry of the package that has functions', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const names = Object.keys((JSON.parse(text) as { exports: object }).exports).map((name) => name.slice(2) || 'main');
  const without = ['data', 'worker', 'package.json'];
  expect(names.filter((name) => !without.includes(name)).sort()).toEqual(Object.keys(entries).sort());
});

afterAll(() => expect(calls).toBeGreaterThan(40_000));
