import type { Frame } from '../../data/frame.ts';
import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';
import { answerRow } from './answerRow.ts';
import type { PartKeys } from './partKeys.ts';
import { type Parts, partsOf } from './partsOf.ts';
import type { PredictionRow } from './prediction.ts';

/** The cells of a population, in parts. */
export interface PopulationParts {
  /** The cells that count: those with people whose row is estimable. */
  readonly counted: readonly number[];
  /** The number of people of each cell. */
  readonly sizes: Float64Array;
  /** The part of each cell. */
  readonly index: Int32Array;
  /** The number of people of each part. */
  readonly people: Float64Array;
  /** Why a cell has no estimate; null where it has one, or no people. */
  readonly notEstimable: readonly (string | null)[];
  /**
   * The answer: the levels and the size of each part, then `values` under the `keys`, null with a reason where a cell
   * of the part is not estimable.
   */
  rows<R extends PredictionRow>(
    names: PartKeys,
    keys: readonly string[],
    values: (part: number) => readonly number[],
  ): R[];
}

/**
 * The parts that the columns `by` of the cells name, in the order of their levels, `weights` the column of sizes.
 * Throws ModelError `unknown-column` and `cell-size`, the latter for a part without people where `shares` are asked
 * for.
 */
export function populationParts(
  cells: {
    readonly frame: Frame;
    readonly source: ColumnSource;
    readonly notEstimable: readonly (string | null)[];
  },
  by: readonly string[],
  weights: string,
  shares: boolean,
): PopulationParts {
  const { frame, source } = cells;
  const sizes = cellSizes(weights, frame);
  const parts = partsOf(by, source, 'cell');
  // A cell without people says nothing, and need not be estimable.
  const notEstimable = cells.notEstimable.map((reason, i) => (sizes[i] === 0 ? null : reason));
  const unknown = unknownParts(notEstimable, parts);
  const people = new Float64Array(parts.first.length);
  for (let i = 0; i < frame.n; i++) people[parts.index[i]!]! += sizes[i]!;
  const levels = parts.first.map((first) => by.map((name) => source.column(name).values[first]!));
  const empty = people.indexOf(0);
  if (shares && empty >= 0) throw noPeople(weights, by, levels[empty]!);
  return {
    counted: Array.from(sizes.keys()).filter((i) => sizes[i] !== 0 && notEstimable[i] === null),
    sizes,
    index: parts.index,
    people,
    notEstimable,
    rows: <R extends PredictionRow>(
      names: PartKeys,
      keys: readonly string[],
      values: (part: number) => readonly number[],
    ): R[] =>
      levels.map((own, part) => {
        const reason = unknown.get(part) ?? null;
        const numbers = values(part);
        return answerRow<R>([
          ...names.by.map((key, k) => [key, own[k]!] as const),
          [names.weights, people[part]!],
          ...keys.map((key, k) => [key, reason === null ? numbers[k]! : null] as const),
          ...(unknown.size > 0 ? [['reason', reason] as const] : []),
        ]);
      }),
  };
}

/** The parts that hold a cell which is not estimable, with the reason of the first. */
function unknownParts(notEstimable: readonly (string | null)[], parts: Parts): Map<number, string> {
  const unknown = new Map<number, string>();
  notEstimable.forEach((reason, i) => {
    const part = parts.index[i]!;
    if (reason !== null && !unknown.has(part)) unknown.set(part, `row ${i + 1} of cells: ${reason}`);
  });
  return unknown;
}

/** The size of every cell. */
function cellSizes(name: string, frame: Frame): Float64Array {
  const column = frame.columns.get(name);
  if (column === undefined) {
    if (frame.faults?.has(name)) throw frame.faults.get(name)!;
    const given = [...frame.columns.keys()].join(', ');
    throw new ModelError(
      'unknown-column',
      name,
      `cells has no column ${quote(name)} with the number of people in each cell; name the column by the option weights, it has ${given}`,
    );
  }
  const wrong = column.kind === 'text' ? 0 : column.values.findIndex((value) => !(value >= 0 && value < Infinity));
  if (column.kind === 'number' && wrong < 0) return column.values;
  const value = column.values[wrong]!;
  throw new ModelError(
    'cell-size',
    name,
    `cells: ${name} is ${typeof value === 'number' && Number.isNaN(value) ? 'missing' : quote(value)} in row ${wrong + 1}; the number of people in a cell is a number of 0 or more`,
  );
}

function noPeople(weights: string, by: readonly string[], levels: readonly (string | number)[]): ModelError {
  const part = by.map((name, k) => `${name} ${quote(levels[k]!)}`).join(', ');
  const whose = part === '' ? 'the cells' : `the cells of ${part}`;
  return new ModelError(
    'cell-size',
    weights,
    `cells: ${whose} have ${weights} = 0 in sum, so that there is no share; give their sizes, leave them out, or ask for totals`,
  );
}
