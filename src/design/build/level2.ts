import { printValue } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import type { Atom } from '../../formula/expression.ts';
import { expressionColumns } from '../../formula/terms.ts';
import type { AtomValue } from '../columns/atomValue.ts';
import type { ColumnSource } from '../columns/columnSource.ts';
import { type Part, partValues, type TermColumn } from '../columns/termColumns.ts';
import type { Level2 } from '../design.ts';

type Evaluate = (atom: Atom) => AtomValue;

/** The groups of one factor over the rows, and how to evaluate atoms on the rows and on the groups of its table. */
export interface Groups {
  readonly factor: string;
  readonly levels: readonly string[];
  readonly index: Int32Array;
  readonly counts: Int32Array;
  readonly source: ColumnSource;
  readonly evaluate: Evaluate;
  /** The factor's own table, null when there is none. Groups of the same order as `levels`. */
  readonly table: { readonly source: ColumnSource; readonly evaluate: Evaluate } | null;
}

/**
 * The level-2 view of the columns X for the varying columns Z of one factor.
 *
 * A column of X is z_k w_l when its parts are those of z_k together with parts constant within every group; of several
 * such z_k the one with most parts is taken. w_0 is the constant (`Intercept`). W is taken from the rows of each group,
 * and for a group without rows from the factor's table. Throws ModelError when it is not there.
 */
export function level2View(groups: Groups, X: readonly TermColumn[], Z: readonly TermColumn[]): Level2 {
  const isConstant = constancy(groups);
  const labels = ['Intercept'];
  const predictors: (readonly Part[])[] = [[]];
  const cells: { k: number; l: number; column: number }[] = [];
  X.forEach((column, c) => {
    let best = -1;
    Z.forEach((z, k) => {
      if (best >= 0 && z.parts.length <= Z[best]!.parts.length) return;
      if (z.parts.every((part) => holds(column.parts, part)) && without(column.parts, z.parts).every(isConstant))
        best = k;
    });
    if (best < 0) return;
    const rest = without(column.parts, Z[best]!.parts);
    const label = rest.length === 0 ? 'Intercept' : rest.map((part) => part.label).join(':');
    let l = labels.indexOf(label);
    if (l < 0) {
      l = labels.length;
      labels.push(label);
      predictors.push(rest);
    }
    cells.push({ k: best, l, column: c });
  });
  const m = labels.length;
  const columns = new Int32Array(Z.length * m).fill(-1);
  for (const { k, l, column } of cells) columns[k * m + l] = column;
  return { m, labels, W: predictorMatrix(groups, predictors), columns };
}

/**
 * Throws ModelError when a declared level-2 term is not constant within groups, naming the column, the group and two of
 * its values.
 */
export function checkLevel2Constant(groups: Groups, atoms: readonly Atom[]): void {
  for (const atom of atoms) {
    const pair = varyingPair(groups, groups.evaluate(atom));
    if (pair === null) continue;
    const { source } = groups;
    const values = (name: string) => pair.map((i) => printValue(source.column(name), i));
    const names = expressionColumns(atom.expression);
    const name = names.find((column) => values(column)[0] !== values(column)[1]) ?? names[0]!;
    const [first, second] = values(name);
    const level = groups.levels[groups.index[pair[0]]!];
    const found = `${first} in ${source.rowName(pair[0])}, ${second} in ${source.rowName(pair[1])}`;
    const message = `level-2 predictor ${name} varies within ${groups.factor} "${level}" (${found}); it must have one value per group`;
    throw new ModelError('level2-varies', name, message);
  }
}

/** The values of a product of parts on each of the rows, length n. */
export function productValues(parts: readonly Part[], evaluate: Evaluate, n: number): Float64Array {
  const product = new Float64Array(n).fill(1);
  for (const { atom, label } of parts) {
    const values = partValues(evaluate(atom), label);
    for (let i = 0; i < n; i++) product[i]! *= values[i]!;
  }
  return product;
}

/** The parts of a product that are not among the given ones. */
export function without(parts: readonly Part[], taken: readonly Part[]): Part[] {
  return parts.filter((part) => !holds(taken, part));
}

function holds(parts: readonly Part[], wanted: Part): boolean {
  return parts.some((part) => part.label === wanted.label);
}

function constancy(groups: Groups): (part: Part) => boolean {
  const known = new Map<string, boolean>();
  return ({ atom }) => {
    let constant = known.get(atom.text);
    if (constant === undefined) {
      constant = varyingPair(groups, groups.evaluate(atom)) === null;
      known.set(atom.text, constant);
    }
    return constant;
  };
}

/** Two rows of one group where the atom differs, or null. */
function varyingPair({ index, levels }: Groups, value: AtomValue): [number, number] | null {
  const lists = value.kind === 'factor' ? [value.index] : value.columns.map((column) => column.values);
  for (const values of lists) {
    const first = new Int32Array(levels.length).fill(-1);
    for (let i = 0; i < index.length; i++) {
      const j = index[i]!;
      if (first[j]! < 0) first[j] = i;
      else if (values[first[j]!] !== values[i]) return [first[j]!, i];
    }
  }
  return null;
}

function predictorMatrix(groups: Groups, predictors: readonly (readonly Part[])[]): Float64Array {
  const { levels, index, counts } = groups;
  const m = predictors.length;
  const W = new Float64Array(levels.length * m);
  const empty = levels.filter((_, j) => counts[j] === 0);
  predictors.forEach((parts, l) => {
    const onRows = productValues(parts, groups.evaluate, index.length);
    for (let i = 0; i < index.length; i++) W[index[i]! * m + l] = onRows[i]!;
    if (empty.length === 0) return;
    if (parts.length > 0) checkInTable(groups, parts, empty);
    const onGroups = productValues(parts, groups.table!.evaluate, levels.length);
    for (let j = 0; j < levels.length; j++) if (counts[j] === 0) W[j * m + l] = onGroups[j]!;
  });
  return W;
}

/** A group without rows has its level-2 predictors from the table or not at all. */
function checkInTable(groups: Groups, parts: readonly Part[], empty: readonly string[]): void {
  const { source } = groups.table!;
  const names = parts.flatMap((part) => expressionColumns(part.atom.expression));
  const absent = names.find((name) => !source.has(name));
  if (absent === undefined) return;
  const shown = empty
    .slice(0, 3)
    .map((level) => JSON.stringify(level))
    .join(', ');
  const list = empty.length > 3 ? `${shown} and ${empty.length - 3} more` : shown;
  const message =
    `${source.where} lists groups without rows (${list}), for which the level-2 predictor ${absent}, a column of the rows, ` +
    `is not known; move ${absent} to ${source.where} or take these groups out`;
  throw new ModelError('level2-unknown', absent, message);
}
