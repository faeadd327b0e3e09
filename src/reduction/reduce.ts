import { ModelError } from '../errors.ts';
import type { FormulaOptions } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { callback, oneOf, textList } from '../input/acceptedValue.ts';
import { quote } from '../input/quote.ts';
import { addedRows } from './addedRows.ts';
import { type Asking, askingOf, type Query } from './asking.ts';
import { completeCells, missingRows, noRows } from './completeCells.ts';
import { DIALECT_NAMES, type DialectName, dialect } from './dialect.ts';
import { kindsOf } from './kindsOf.ts';
import type { ReducedTable, ReducedValue } from './reducedTable.ts';
import { type ReductionPlan, reductionPlan, type TableColumns } from './reductionPlan.ts';
import {
  type Bits,
  constancyStatement,
  countStatement,
  distinctStatement,
  missingStatement,
  momentsStatement,
  type QuantityScale,
  rangesStatement,
  type StatementParts,
} from './reductionStatements.ts';
import { fromValue, sourceText, type TableName } from './tableName.ts';

export interface ReduceOptions {
  /**
   * Runs a statement and gives its rows as objects: any driver serves. Whole numbers may be numbers, big integers or
   * text. Several are shards, each with a part of the rows of a table of one name.
   */
  readonly query: Query | readonly Query[];
  readonly dialect: DialectName;
  /** The table: a name, or the parts of one (`['schema', 'homes']`). It is quoted. */
  readonly from?: TableName;
  /**
   * In place of `from`, the SQL after FROM as it is: a join, a function that reads files. It is the caller's own and is
   * not checked.
   */
  readonly trustedFrom?: string;
  /** Columns of numbers that are taken as text, as identifiers are. */
  readonly text?: readonly string[];
  /** What rows with a missing value (NULL, NaN) in a used column are: an error (default), or left out and counted. */
  readonly missing?: 'error' | 'drop';
}

/** Distinct rows beyond which reading the rows would be no worse. */
const MOST_CELLS = 2_000_000;
/** Rows up to which products are taken to 45 bits from the start: they cost less than one second. */
const FEW = 2_000_000;
/** An sd within cells of fewer units of the last bit than this is taken again with more bits. */
const FINE = 2 ** 20;

/**
 * One pass over the rows by a database, for a fit here: a Gaussian model needs numbers, sums and sums of products by
 * cell, any other the distinct rows and how often each occurs. `fromReduced` makes data of the table. The sums are
 * exact, so that the table has the same bits however many threads, shards and engines made it; what LN, EXP and POWER
 * give may differ in the last digit from engine to engine.
 *
 * Throws ModelError: `query` with the words of the engine for a statement that fails, `changed-table` where the table
 * changed between the statements, `missing-values`, `infinite-value`, `not-finite`, `too-many-cells`, and what
 * `reductionPlan` throws.
 */
export async function reduce(model: Model, given: ReduceOptions & FormulaOptions): Promise<ReducedTable> {
  const accepted = {
    query: {
      words: 'a function, or a list of functions, one for each shard',
      accepts: (value: unknown) =>
        callback.accepts(value) || (Array.isArray(value) && value.length > 0 && value.every(callback.accepts)),
    },
    dialect: oneOf(...DIALECT_NAMES),
    from: fromValue,
    trustedFrom: { words: 'SQL', accepts: (value: unknown) => typeof value === 'string' && value.trim() !== '' },
    text: textList,
    missing: oneOf('error', 'drop'),
  };
  const { graph, options } = readModel<ReduceOptions>('reduce', model, given, accepted, ['query', 'dialect']);
  checkGraph(graph);
  const d = dialect(options.dialect);
  const from = sourceText(options, d);
  const shards = (typeof options.query === 'function' ? [options.query] : options.query).map(askingOf);
  const asking = shardsOf(shards);
  const kinds = await kindsOf(asking, d, from, options.text ?? []);
  const missing = options.missing ?? 'error';
  const columns: TableColumns = { kinds, text: options.text ?? [], carried: [] };
  const first = reductionPlan(graph, columns);
  if (first.form === 'distinct') {
    const parts = { plan: first, dialect: d, from };
    return { ...(await distinctRows(parts)), ...columns, kind: 'reducedTable' };
  }
  return await moments();

  async function distinctRows(parts: StatementParts) {
    const statements = [countStatement(parts, false), distinctStatement(parts)];
    const total = await asking.number(statements[0]!, 'n');
    const rows = await asking.columns(distinctStatement(parts, MOST_CELLS + 1));
    if ((rows['n']?.length ?? 0) > MOST_CELLS) throw await tooManyCells(parts);
    if (total === 0) throw noRows(0);
    checkSame(total, totalOf(rows));
    const { cells, dropped } = completeCells(rows, parts.plan, missing);
    return { cells, dropped, observations: total - dropped, statements };
  }

  async function tooManyCells(parts: StatementParts): Promise<ModelError> {
    const { plan } = parts;
    const counted = await asking.row(countStatement(parts, true));
    const all = plan.columns.map((name, i) => ({ name, values: Number(counted[`d${i}`]) }));
    const most = all.reduce((a, b) => (b.values > a.values ? b : a));
    return new ModelError(
      'too-many-cells',
      most.name,
      `the rows have more than ${MOST_CELLS} different combinations of the columns of the model; ${quote(most.name)} alone has ${most.values} values: round it to fewer`,
    );
  }

  async function moments(): Promise<ReducedTable> {
    const statements: string[] = [];
    const ask = (statement: string) => {
      statements.push(statement);
      return asking.row(statement);
    };
    const carried = new Set<string>();
    const base = { dialect: d, from };
    const ranges = await ask(rangesStatement({ plan: first, ...base }));
    const { total, n } = await checkRanges(ranges, first);
    const outcome = first.quantities.at(-1)!.text;
    // A group may have rows on several shards, none of which can tell that its values differ.
    if (first.quantities.length > 1 && shards.length === 1) {
      for (const factor of first.factors) {
        const varying = await ask(constancyStatement({ plan: first, ...base }, factor));
        first.quantities.forEach(({ text }, i) => {
          if (text !== outcome && Number(varying[`v${i}`]) === 0) carried.add(text);
        });
      }
    }
    const known = { ...columns, carried: [...carried] };
    const plan = reductionPlan(graph, known);
    const at = plan.quantities.map(({ text }) => first.quantities.findIndex((other) => other.text === text));
    const scales = at.map((i) => quantityScale(Number(ranges[`lo${i}`]), Number(ranges[`hi${i}`])));
    const take = async (bits: Bits): Promise<Record<string, readonly ReducedValue[]>> => {
      const statement = momentsStatement({ plan, ...base }, scales, bits);
      statements.push(statement);
      const rows = await asking.columns(statement);
      checkSame(n, totalOf(rows));
      const each = (value: number): readonly number[] => new Array<number>(rows['n']!.length).fill(value);
      const constants = scales.flatMap(({ shift, unit }, q) => [
        [`shift${q}`, each(shift)],
        [`unit${q}`, each(unit)],
      ]);
      return { ...rows, ...Object.fromEntries(constants), bits: each(bits) };
    };
    let cells = await take(n <= FEW ? 45 : 31);
    if (n > FEW && isCoarse(cells, plan)) {
      statements.pop();
      cells = await take(45);
    }
    return { kind: 'reducedTable', ...known, observations: n, dropped: total - n, statements, cells };
  }

  /** The number of rows and of complete ones. Throws for what is missing or infinite. */
  async function checkRanges(ranges: Readonly<Record<string, ReducedValue>>, plan: ReductionPlan) {
    const total = Number(ranges['total']);
    if (total === 0) throw noRows(0);
    const n = Number(ranges['n']);
    if (n < total) checkMissing(await asking.row(missingStatement({ plan, dialect: d, from })), plan);
    if (n === 0) throw noRows(total);
    plan.quantities.forEach(({ text }, i) => {
      const [lo, hi] = [Number(ranges[`lo${i}`]), Number(ranges[`hi${i}`])];
      const count = Number(ranges[`bad${i}`] ?? 0);
      if (count === 0 && Number.isFinite(hi - lo) && Math.max(Math.abs(lo), Math.abs(hi)) < 1e150) return;
      const message =
        count > 0
          ? `${text} is not finite in ${count} of the ${n} rows; every value must be finite`
          : `${text} reaches ${Math.abs(lo) > Math.abs(hi) ? lo : hi}, whose square is no number; give it in another unit`;
      throw new ModelError('not-finite', text, message);
    });
    return { total, n };
  }

  function checkMissing(counts: Readonly<Record<string, ReducedValue>>, plan: ReductionPlan): void {
    const total = Number(counts['total']);
    plan.columns.forEach((name, i) => {
      const count = Number(counts[`infinite${i}`]);
      if (count === 0) return;
      const message = `column ${quote(name)} is infinite in ${count} of the ${total} rows; every value must be finite or missing`;
      throw new ModelError('infinite-value', name, message);
    });
    const by = plan.columns.map((name, i) => ({ name, count: Number(counts[`missing${i}`]) }));
    if (missing === 'error') throw missingRows(total, total - Number(counts['n']), by);
  }
}

/** Shards asked one after the other, their rows one list, and the single rows of totals and ranges added up. */
function shardsOf(shards: readonly Asking[]): Asking {
  const [only] = shards;
  if (shards.length === 1) return only!;
  const columns = async (statement: string): Promise<Record<string, readonly ReducedValue[]>> => {
    const all: Record<string, readonly ReducedValue[]>[] = [];
    for (const shard of shards) all.push(await shard.columns(statement));
    const names = [...new Set(all.flatMap((part) => Object.keys(part)))];
    return Object.fromEntries(names.map((name) => [name, all.flatMap((part) => part[name] ?? [])]));
  };
  const row = async (statement: string) => addedRows(await columns(statement));
  return {
    columns,
    row,
    first: (statement) => only!.first(statement),
    types: (statement) => only!.row(statement),
    number: async (statement, name) => Number((await row(statement))[name]),
  };
}

/**
 * The middle of a range, to a quarter of the unit, and the power of 2 at or above half of it: both short in binary, so
 * that whole numbers stay exact.
 */
function quantityScale(lo: number, hi: number): QuantityScale {
  if (!(hi > lo)) return { shift: lo, unit: 1 };
  const half = hi / 2 - lo / 2;
  let unit = 1;
  while (unit < half) unit *= 2;
  while (unit / 2 >= half) unit /= 2;
  const grid = unit / 4;
  return { shift: Math.round((hi / 2 + lo / 2) / grid) * grid, unit };
}

/**
 * Whether something has, within cells, an sd of so few units of the last bit that rounding the values to it would show.
 */
function isCoarse(cells: Readonly<Record<string, readonly ReducedValue[]>>, plan: ReductionPlan): boolean {
  const counts = cells['n']!.map(Number);
  const total = counts.reduce((sum, n) => sum + n, 0);
  return plan.basis.some((_, i) => {
    let squares = 0;
    counts.forEach((n, c) => {
      const sum = BigInt(cells[`s${i}`]![c]!);
      squares += Number(BigInt(n) * BigInt(cells[`c${i}_${i}`]![c]!) - sum * sum) / n;
    });
    return squares > 0 && Math.sqrt(squares / total) < FINE;
  });
}

function totalOf(cells: Readonly<Record<string, readonly ReducedValue[]>>): number {
  return (cells['n'] ?? []).reduce<number>((sum, n) => sum + Number(n), 0);
}

function checkSame(first: number, second: number): void {
  if (first === second) return;
  throw new ModelError(
    'changed-table',
    'from',
    `the table changed between the statements: ${first} rows in the first, ${second} in the last; reduce a table at rest, or inside one transaction that sees one snapshot`,
  );
}
