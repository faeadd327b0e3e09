import fc from 'fast-check';
import type { ModelData } from '../../src/data/frame.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { answered, expectFinite, expectJsonSurvives, expectSame, type FuzzedInput } from './input.ts';
import { oddNames, programOddities } from './mutations.ts';
import { groupTable, rows } from './smallData.ts';

const models = [
  formula('y ~ x + (1 | g)'),
  formula('y ~ x + h + (1 | g)'),
  formula('y ~ x + (1 + x | g)', { level2: { g: '~ size' } }),
  formula('y | se(s) ~ x + (1 | g)'),
  formula('y | weights(w) ~ . + (1 | g)'),
  formula('k ~ x + (1 | g)', { family: 'binomial' }),
  formula('k ~ scale(x) + (1 | g)', { family: 'probit' }),
  formula('k | exposure(w) ~ x + offset(s) + (1 | g)', { family: 'poisson' }),
  formula('k | exposure(w) ~ x + offset(s) + (1 | g)', { family: 'negativeBinomial' }),
  formula('k | trials(w) ~ x + offset(s) + (1 | g)', { family: 'betaBinomial' }),
  formula('k | weights(m) ~ x + offset(s) + (1 | g)', { family: 'ordinal' }),
  formula('y ~ `__proto__` + (1 | constructor)'),
  formula('y ~ poly(x, 2) + log(w) + within(x, g)'),
];

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly value: unknown;
}

interface Case {
  readonly model: number;
  /** Cells to replace; a column of -1 is one of the group table. */
  readonly cells: readonly Cell[];
  /** A column to replace as a whole, or to rename. */
  readonly columns: readonly { readonly column: number; readonly value: unknown; readonly name: string | null }[];
  readonly form: 'columns' | 'rows' | 'typed' | 'bare' | 'groups' | 'missing' | 'odd';
  readonly missing: 'error' | 'drop';
  readonly odd: unknown;
}

const usual: readonly unknown[] = [0, 1, 2, 3, 0.5, -1, 7, 1e8, 1e-8, 'a', 'b', 'c', 'u', 'new'];

/** As many usual values as odd ones, so that half of the cases go all the way. */
const cellValues: readonly unknown[] = [
  ...programOddities,
  1e200,
  -1e200,
  1e-300,
  'NA',
  ...usual,
  ...usual,
  ...usual,
  ...usual,
];

/** The table of a case: columns of plain arrays, changed. */
function table(base: Readonly<Record<string, readonly unknown[]>>, { cells, columns }: Case): Record<string, unknown> {
  const made = new Map<string, unknown>(Object.entries(base).map(([name, values]) => [name, [...values]]));
  const names = [...made.keys()];
  for (const { column, row, value } of cells) {
    const values = made.get(names[column % names.length]!) as unknown[];
    values[row % (values.length + 1)] = value;
  }
  for (const { column, value, name } of columns) {
    const old = names[column % names.length]!;
    if (name === null) made.set(old, value);
    else {
      made.set(name, made.get(old));
      if (column % 2 === 0) made.delete(old);
    }
  }
  // fromEntries defines, so that __proto__ is a name like any other.
  return Object.fromEntries(made);
}

function dataOf(value: Case): unknown {
  const { form, odd } = value;
  const columns = table(rows, value);
  switch (form) {
    case 'rows': {
      const n = Math.max(0, ...Object.values(columns).map((list) => (Array.isArray(list) ? list.length : 0)));
      const entries = Object.entries(columns);
      const list = Array.from({ length: Math.min(n, 100) }, (_, i) =>
        Object.fromEntries(entries.map(([name, values]) => [name, Array.isArray(values) ? values[i] : values])),
      );
      return { rows: list, groups: { g: groupTable } };
    }
    case 'typed':
      return {
        rows: Object.fromEntries(
          Object.entries(columns).map(([name, list]) =>
            Array.isArray(list) && list.every((entry) => typeof entry === 'number')
              ? [name, Float64Array.from(list)]
              : [name, list],
          ),
        ),
        groups: { g: groupTable },
      };
    case 'bare':
      return columns;
    case 'groups':
      return { rows, groups: { g: table({ ...groupTable }, value) } };
    case 'missing':
      return { rows: columns, groups: odd };
    case 'odd':
      return { rows: odd };
    default:
      return { rows: columns, groups: { g: groupTable } };
  }
}

/** Data as a program hands them over. */
export const dataFrames: FuzzedInput<Case> = {
  name: 'data frames',
  holds: 'finite draws, estimates and predictions, and a fit file read back, or a sentence',
  cases: fc.record({
    model: fc.integer({ min: 0, max: models.length - 1 }),
    cells: fc.array(
      fc.record({ column: fc.nat({ max: 20 }), row: fc.nat({ max: 20 }), value: fc.constantFrom(...cellValues) }),
      { maxLength: 3 },
    ),
    columns: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.record({
            column: fc.nat({ max: 20 }),
            value: fc.oneof(
              fc.constantFrom(...programOddities),
              fc.array(fc.constantFrom<unknown>(0, 1, 2, 1e9, Number.NaN), { minLength: 12, maxLength: 12 }),
            ),
            name: fc.option(fc.constantFrom(...oddNames)),
          }),
          { maxLength: 2 },
        ),
      },
    ),
    form: fc.constantFrom<Case['form']>(
      'columns',
      'columns',
      'columns',
      'columns',
      'rows',
      'typed',
      'bare',
      'groups',
      'missing',
      'odd',
    ),
    missing: fc.constantFrom<Case['missing']>('error', 'drop'),
    odd: fc.constantFrom(...programOddities),
  }),
  run(value) {
    const graph = models[value.model]!;
    const data = dataOf(value) as ModelData;
    const { missing } = value;
    const gaussian = value.model !== 5 && value.model !== 6;
    const kernels = gaussian ? 'gibbs' : value.model === 5 ? 'polyaGamma' : 'albertChib';
    const fit = answered(() => sampleSync(graph, data, { chains: 1, warmup: 2, iterations: 4, kernels, missing }));
    const likelihood = answered(() => maximumLikelihood(graph, data, { missing }));
    if (likelihood !== null) {
      expectFinite(likelihood.fixef, [], 'fixef');
      expectFinite([likelihood.logLik, likelihood.sigma ?? 0], [], 'likelihood');
    }
    if (fit === null) return likelihood !== null;
    expectFinite(fit.draws.values, [], 'draws');
    const prediction = predict(fit);
    expectFinite(prediction.rows, [], 'prediction');
    expectJsonSurvives(prediction.rows);
    const text = toJson(fit);
    expectSame(text, toJson(fromJson(text)), 'fit through its file');
    return true;
  },
};
