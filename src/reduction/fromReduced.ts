import type { Column, Frame, ModelData } from '../data/frame.ts';
import { type Moments, productFactors } from '../data/reducedRows.ts';
import { ModelError } from '../errors.ts';
import type { FormulaOptions } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { oneOf, textList } from '../input/acceptedValue.ts';
import { quote } from '../input/quote.ts';
import { type CellOfMoments, cellsOf, type KeyValue } from './cellsOf.ts';
import { completeCells } from './completeCells.ts';
import { momentRows } from './momentRows.ts';
import type { ReducedTable, ReducedValue } from './reducedTable.ts';
import { type ReductionPlan, reductionPlan, type TableColumns } from './reductionPlan.ts';

/** The result of a statement of `reductionSql` as an engine wrote it: columns by name, in any case of letters. */
export type StatementResult = Readonly<Record<string, readonly ReducedValue[]>>;

export interface FromReducedOptions {
  /** Of a statement's result: the options that its statement was made with. */
  readonly text?: readonly string[];
  readonly carried?: readonly string[];
  /** What rows with missing values are, which a statement's result leaves out: an error (default), or left out. */
  readonly missing?: 'error' | 'drop';
}

/**
 * The data of a model from what a database made of them: a table of `reduce`, or the result of a statement of
 * `reductionSql`. `sample` and `maximumLikelihood` take them as they take rows. Throws ModelError `reduced-table` for a
 * table that is not that of this model, or that does not add up.
 */
export function fromReduced(
  model: Model,
  table: ReducedTable | StatementResult,
  given: FromReducedOptions & FormulaOptions = {},
): ModelData & { readonly rows: Frame } {
  const { graph, options } = readModel<FromReducedOptions>('fromReduced', model, given, {
    text: textList,
    carried: textList,
    missing: oneOf('error', 'drop'),
  });
  checkGraph(graph);
  const whole = isReducedTable(table);
  const columns: TableColumns = whole
    ? table
    : { kinds: null, text: options.text ?? [], carried: options.carried ?? [] };
  const plan = reductionPlan(graph, columns);
  const { missing = 'error' } = options;
  const result = whole ? table.cells : table;
  const complete = plan.form === 'distinct' ? completeCells(result, plan, missing) : { cells: result, dropped: 0 };
  const cells = cellsOf(complete.cells, plan);
  const observations = cells.reduce((sum, { n }) => sum + n, 0);
  const known = whole ? table.observations : observations;
  if (known !== observations) {
    const message = `the cells have ${observations} rows together and the table ${known}: cells are missing`;
    throw new ModelError('reduced-table', 'table', message);
  }
  const all = whole ? table.observations + table.dropped : everything(table, observations) + complete.dropped;
  if (!whole && all !== observations && missing !== 'drop') {
    const message = `${all - observations} of the ${all} rows have missing values and are not in the result; pass missing: 'drop' (--missing drop) to leave them out`;
    throw new ModelError('missing-values', 'table', message);
  }
  const common = { observations, dropped: all - observations, statements: whole ? table.statements : [] };
  const frame = plan.form === 'distinct' ? distinctFrame(plan, cells) : momentFrame(plan, cells);
  return { rows: { ...frame, reduced: { ...frame.reduced, ...common } } };
}

function isReducedTable(table: ReducedTable | StatementResult): table is ReducedTable {
  if (typeof table !== 'object' || table === null) {
    throw new ModelError(
      'reduced-table',
      'table',
      `the reduced table is ${quote(table)}; accepted is what reduce gives, or the columns of a statement's result`,
    );
  }
  return (table as { kind?: unknown }).kind === 'reducedTable';
}

/** The rows of the table that a statement saw, the incomplete ones included. */
function everything(table: StatementResult, observations: number): number {
  const name = Object.keys(table).find((key) => key.toLowerCase() === 'everything');
  const value = name === undefined ? undefined : table[name]?.[0];
  return value === undefined ? observations : Number(value);
}

type ReducedFrame = Omit<Frame, 'reduced'> & {
  readonly reduced: { readonly counts: Float64Array; readonly moments: Moments | null };
};

function keyColumns(plan: ReductionPlan, rows: readonly { readonly key: readonly KeyValue[] }[]): Map<string, Column> {
  return new Map(
    plan.keys.map((name, k): [string, Column] => {
      const values = rows.map(({ key }) => key[k]!);
      const isText = values.some((value) => typeof value === 'string');
      return [
        name,
        isText
          ? { kind: 'text', values: values.map(String), ...(plan.text.has(name) ? { declared: true } : {}) }
          : { kind: 'number', values: Float64Array.from(values, Number) },
      ];
    }),
  );
}

/** Distinct rows with how often each occurs. */
function distinctFrame(plan: ReductionPlan, cells: readonly CellOfMoments[]): ReducedFrame {
  const columns = keyColumns(plan, cells);
  return { n: cells.length, columns, reduced: { counts: Float64Array.from(cells, ({ n }) => n), moments: null } };
}

/** Rows with the moments of the cells. */
function momentFrame(plan: ReductionPlan, cells: readonly CellOfMoments[]): ReducedFrame {
  const m = plan.basis.length;
  const rows = cells.flatMap((cell) => {
    const { count, values } = momentRows(cell.mean, cell.covariance);
    return Array.from({ length: count }, (_, k) => ({
      key: cell.key,
      cell,
      count: cell.n / count,
      z: values.subarray(k * m, (k + 1) * m),
    }));
  });
  const columns = keyColumns(plan, rows);
  const values = new Map<string, Float64Array>();
  const scales = new Map<string, { shift: number; unit: number }>();
  const products = new Map<string, Float64Array>();
  plan.basis.forEach((key, i) => {
    const factors = productFactors(key);
    const column = Float64Array.from(rows, ({ z }) => z[i]!);
    if (factors.length > 1) {
      products.set(key, column);
      return;
    }
    const q = plan.quantities.findIndex(({ text }) => text === factors[0]);
    const scale = cells[0]!.scales[q]!;
    scales.set(factors[0]!, scale);
    values.set(
      factors[0]!,
      column.map((u) => scale.shift + scale.unit * u),
    );
  });
  plan.attributes.forEach(({ text }, a) => {
    values.set(
      text,
      Float64Array.from(rows, ({ cell }) => cell.attributes[a]!),
    );
  });
  for (const { text, expression } of [...plan.attributes, ...plan.quantities]) {
    if (expression.type === 'name') columns.set(expression.name, { kind: 'number', values: values.get(text)! });
  }
  const counts = Float64Array.from(rows, ({ count }) => count);
  return { n: rows.length, columns, reduced: { counts, moments: { values, scales, products } } };
}
