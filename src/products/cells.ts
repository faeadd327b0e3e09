import type { Design, GroupTerm, ResponseColumn } from '../design/design.ts';
import { chosenRows, chosenTerm, gather } from '../design/designOfRows.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import { unknownKind } from '../families/responseKind.ts';
import { type ComparedRows, equalRows } from './equalRows.ts';
import { rowCopies } from './rowCopies.ts';
import { rowSizes } from './rowSizes.ts';

/** A design with its equal rows merged. */
export interface Cells {
  /**
   * The design with a row for each cell. Where rows add up (`merge` of the family is 'sums') y and `trials` or
   * `exposure` (not null then) are sums over the rows with their weights, and `weights` is null; else `weights` has how
   * many rows a cell is of. X, Z, index and offset are those of the cell's rows; `counts` of a group term counts cells.
   * `rows` has the first row of each cell.
   */
  readonly design: Design;
  /** The cell of each row of the full design, length n. */
  readonly cell: Int32Array;
}

/**
 * Merges the rows that are equal in X, in Z and level of every group term and in offset, and so have one eta: where
 * they add up they are one row of the family, and the likelihood is the same up to a constant (for successes the
 * binomial coefficients); else those with equal y and size are. Cells are sorted by the level of the factor with most
 * levels, and within a level by first appearance. Throws ModelError `unsupported-family` for a family whose rows stay
 * apart. Rows that differ in one of the matrices `apart` stay apart, too.
 */
export function cells(design: Design, apart: readonly ComparedRows[] = []): Cells {
  const { response, groupTerms, X, p, n } = design;
  const { merge } = familyOf(design);
  if (merge === null) {
    const message = `rows of a ${response.family} response are not merged into cells; those of successes, counts and ordered answers are`;
    throw new ModelError('unsupported-family', response.label, message);
  }
  const matrices: ComparedRows[] = [{ values: X, width: p }, ...apart];
  for (const { index, Z, q } of groupTerms) matrices.push({ values: index, width: 1 }, { values: Z, width: q });
  if (response.offset) matrices.push({ values: response.offset, width: 1 });
  const size = rowSizes(design);
  const copies = rowCopies(design);
  if (merge === 'equal') matrices.push({ values: response.y, width: 1 }, { values: size, width: 1 });
  const { count, index, first } = equalRows(n, matrices);

  const order = byLevel(groupTerms, first);
  const place = new Int32Array(count);
  for (let c = 0; c < count; c++) place[order[c]!] = c;
  const cell = index.map((found) => place[found]!);
  const chosen = order.map((found) => first[found]!);

  return {
    cell,
    design: {
      ...design,
      n: count,
      X: gather(X, p, chosen),
      response: {
        ...response,
        ...(merge === 'sums' ? sums(design, size, copies, cell, count) : equal(response, copies, cell, chosen)),
        offset: response.offset && gather(response.offset, 1, chosen),
      },
      groupTerms: groupTerms.map((term) => chosenTerm(term, chosen)),
      rows: chosenRows(design.rows, chosen),
    },
  };
}

type Merged = Pick<ResponseColumn, 'y' | 'trials' | 'exposure' | 'weights'>;

/** y and sizes summed over the rows of each cell, each as often as it stands for a row. */
function sums(design: Design, size: Float64Array, copies: Float64Array, cell: Int32Array, count: number): Merged {
  const y = new Float64Array(count);
  const total = new Float64Array(count);
  for (let i = 0; i < design.n; i++) {
    y[cell[i]!]! += copies[i]! * design.response.y[i]!;
    total[cell[i]!]! += copies[i]! * size[i]!;
  }
  const none = { y, trials: null, exposure: null, weights: null };
  const { kind, name } = familyOf(design);
  switch (kind) {
    case 'successes':
      return { ...none, trials: total };
    case 'counts':
      return { ...none, exposure: total };
    case 'numbers':
    case 'ordered':
      throw new ModelError('unsupported-family', design.response.label, `rows of ${name} do not add up to a row of it`);
    default:
      return unknownKind(kind);
  }
}

/** The cells' rows as they are, and how many each stands for. */
function equal(
  { y, trials, exposure }: ResponseColumn,
  copies: Float64Array,
  cell: Int32Array,
  chosen: Int32Array,
): Merged {
  const weights = new Float64Array(chosen.length);
  for (let i = 0; i < cell.length; i++) weights[cell[i]!]! += copies[i]!;
  const of = (values: Float64Array | null) => values && gather(values, 1, chosen);
  return { y: gather(y, 1, chosen), trials: of(trials), exposure: of(exposure), weights };
}

/** The cells, given by their first rows, in the order of their level of the factor with most levels. */
function byLevel(groupTerms: readonly GroupTerm[], first: Int32Array): Int32Array {
  const count = first.length;
  let leading: GroupTerm | null = null;
  for (const term of groupTerms) if (leading === null || term.J > leading.J) leading = term;
  const order = new Int32Array(count);
  const start = new Int32Array((leading?.J ?? 1) + 1);
  const levelOf = (c: number): number => leading?.index[first[c]!] ?? 0;
  for (let c = 0; c < count; c++) start[levelOf(c) + 1]! += 1;
  for (let j = 1; j < start.length; j++) start[j]! += start[j - 1]!;
  for (let c = 0; c < count; c++) {
    const level = levelOf(c);
    order[start[level]!] = c;
    start[level]! += 1;
  }
  return order;
}
