import type { Column } from '../../data/frame.ts';
import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { equalRows } from '../../products/equalRows.ts';
import { meanOverRows, rowCounts } from '../../products/rowCounts.ts';
import type { ModelFit } from '../modelFit.ts';
import type { EffectBase } from './effectBase.ts';
import { constantColumn, type Held } from './heldAt.ts';
import type { Predictor, Predictors } from './predictors.ts';
import { typicalValue } from './typicalValue.ts';

/** Cells of the reference grid that are gone through at most. */
const MOST_CELLS = 100_000;
/** The same, each in every combination of groups. */
const MOST_MEMBERS = 50 * MOST_CELLS;
/** Values of a column of numbers that may be levels of a margin. */
const MOST_VALUES = 10;

/** The levels of a predictor whose margins are asked for. Throws `option` for a column of many numbers. */
export function marginLevels(predictor: Predictor, { source }: Predictors): readonly (string | number)[] {
  const { name } = predictor;
  if (predictor.kind === 'factor') return predictor.values;
  const values = [...new Set(Array.from(source.column(name).values, Number))].sort((a, b) => a - b);
  if (values.length <= MOST_VALUES) return values;
  const message = `margins: ${name} is a column of ${values.length} different numbers, and margins are of factors; effects has its slopes and predictions`;
  throw new ModelError('option', name, message);
}

/**
 * The reference grid: every combination of the levels of all factors, numbers at their mean over the rows of the data,
 * columns of `at` held. A part is a combination of the levels of `asked`, the first slowest; its members are the
 * combinations of the other factors, with equal shares or with their shares of the rows; where groups are averaged
 * over, each in every combination of groups by its share of the rows.
 */
export function marginBase(
  fit: ModelFit,
  found: Predictors,
  asked: readonly Predictor[],
  at: Held,
  weights: 'equal' | 'proportional',
  averaged: boolean,
): EffectBase {
  const { design } = fit;
  needsRows(design, 'margins', 'moments');
  const { n, groupTerms } = design;
  const counts = rowCounts(design);
  const parts = levelProducts(asked.map((predictor) => [predictor.name, marginLevels(predictor, found)] as const));
  const names = new Set([...asked.map(({ name }) => name), ...Object.keys(at)]);
  const others = found.all.flatMap((predictor) =>
    predictor.kind === 'factor' && !names.has(predictor.name) ? [predictor] : [],
  );
  const cells = levelProducts(others.map(({ name, values }) => [name, values] as const));
  const share = new Float64Array(n).map((_, i) => (counts ? counts[i]! : 1));
  const total = meanOverRows(n, null, (i) => share[i]!) * n;
  for (let i = 0; i < n; i++) share[i]! /= total;
  const cellShares =
    weights === 'equal' ? cells.map(() => 1 / cells.length) : rowShares(cells, others, found.source, share);
  const groups = equalRows(n, [
    { values: new Int32Array(n), width: 1 },
    ...(averaged ? groupTerms : []).map(({ index }) => ({ values: index, width: 1 })),
  ]);
  const groupShares = new Float64Array(groups.count);
  groups.index.forEach((c, i) => {
    groupShares[c]! += share[i]!;
  });

  const rows = parts.length * cells.length;
  if (rows > MOST_CELLS) throw tooMany(`${rows} combinations of levels`, MOST_CELLS);
  if (rows * groups.count > MOST_MEMBERS) {
    throw tooMany(`${rows} combinations of levels, times ${groups.count} combinations of groups`, MOST_MEMBERS);
  }
  const one = new Int32Array(n);
  const columns = new Map<string, Column>();
  for (const name of new Set([...found.all.map((predictor) => predictor.name), ...found.grouping])) {
    if (!found.source.has(name)) continue;
    const typical = typicalValue(found.source.column(name), one, share, 1, found.grouping.has(name)).values[0]!;
    columns.set(name, constantColumn(at[name] ?? typical, rows));
  }
  for (const name of [...names, ...others.map((other) => other.name)]) {
    if (at[name] !== undefined) continue;
    const values = parts.flatMap((part) => cells.map((cell) => (part[name] ?? cell[name])!));
    columns.set(
      name,
      values.every((value) => typeof value === 'number')
        ? { kind: 'number', values: Float64Array.from(values) }
        : { kind: 'text', values: values.map(String) },
    );
  }
  const members = rows * groups.count;
  const memberRow = Int32Array.from({ length: members }, (_, m) => Math.floor(m / groups.count));
  return {
    frame: { n: rows, columns },
    row: memberRow,
    part: memberRow.map((row) => Math.floor(row / cells.length)),
    share: Float64Array.from(memberRow, (row, m) => cellShares[row % cells.length]! * groupShares[m % groups.count]!),
    exposure: null,
    index: groupTerms.map(({ index }) => memberRow.map((_, m) => index[groups.first[m % groups.count]!]!)),
    parts: parts.map((by) => ({ by, n })),
  };
}

/** How much of the rows each combination of levels has, in one pass over them. */
function rowShares(
  cells: readonly Held[],
  others: readonly { readonly name: string }[],
  source: ColumnSource,
  share: Float64Array,
): number[] {
  const columns = others.map(({ name }) => source.column(name).values);
  const place = new Map(cells.map((cell, c) => [JSON.stringify(others.map(({ name }) => cell[name])), c]));
  const sums = cells.map(() => 0);
  share.forEach((value, i) => {
    const c = place.get(JSON.stringify(columns.map((values) => values[i])));
    if (c !== undefined) sums[c]! += value;
  });
  return sums;
}

function tooMany(what: string, most: number): ModelError {
  const message = `margins: the reference grid would have ${what}, and at most ${most} are gone through; hold some factors by at`;
  return new ModelError('option', 'at', message);
}

/** Every combination of levels by name, the first name slowest; one empty combination of no names. */
function levelProducts(factors: readonly (readonly [string, readonly (string | number)[]])[]): Held[] {
  const rows = factors.reduce((product, [, levels]) => product * levels.length, 1);
  if (rows > MOST_CELLS) throw tooMany(`${rows} combinations of levels`, MOST_CELLS);
  return factors.reduce<Held[]>(
    (held, [name, levels]) => held.flatMap((before) => levels.map((level) => ({ ...before, [name]: level }))),
    [{}],
  );
}
