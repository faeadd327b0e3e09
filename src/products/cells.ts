import { type Frame, selectRows } from '../data/frame.ts';
import type { Design, GroupTerm } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { isContinuous } from '../graph/node.ts';
import { type ComparedRows, equalRows } from './equalRows.ts';

/** A design of counted or 0/1 responses with its equal rows merged. */
export interface Cells {
  /**
   * The design with a row for each cell: y the successes, `trials` (never null) the trials, each summed over the rows with their
   * weights; `weights` null. X, Z, index and offset are those of the cell's rows; `counts` of a group term counts cells. `rows` has the
   * first row of each cell.
   */
  readonly design: Design;
  /** The cell of each row of the full design, length n. */
  readonly cell: Int32Array;
}

/**
 * Merges the rows that are equal in X, in Z and level of every group term and in offset: given eta they are one binomial row, and the
 * likelihood is the same up to a constant (the binomial coefficients). Cells are sorted by the level of the factor with most levels, and
 * within a level by first appearance. Throws ModelError `unsupported-family` for a response of numbers.
 */
export function cells(design: Design): Cells {
  const { response, groupTerms, X, p, n } = design;
  if (isContinuous(response.family)) {
    const message = `rows of a ${response.family} response are not merged into cells; binomialLogit and bernoulliProbit are`;
    throw new ModelError('unsupported-family', response.label, message);
  }
  const matrices: ComparedRows[] = [{ values: X, width: p }];
  for (const { index, Z, q } of groupTerms) matrices.push({ values: index, width: 1 }, { values: Z, width: q });
  if (response.offset) matrices.push({ values: response.offset, width: 1 });
  const { count, index, first } = equalRows(n, matrices);

  const order = byLevel(groupTerms, first);
  const place = new Int32Array(count);
  for (let c = 0; c < count; c++) place[order[c]!] = c;
  const cell = index.map((found) => place[found]!);
  const chosen = order.map((found) => first[found]!);

  const y = new Float64Array(count);
  const trials = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const weight = response.weights ? response.weights[i]! : 1;
    y[cell[i]!]! += weight * response.y[i]!;
    trials[cell[i]!]! += weight * (response.trials ? response.trials[i]! : 1);
  }
  return {
    cell,
    design: {
      ...design,
      n: count,
      X: gather(X, p, chosen),
      response: {
        ...response,
        y,
        trials,
        weights: null,
        offset: response.offset && gather(response.offset, 1, chosen),
      },
      groupTerms: groupTerms.map((term) => chosenTerm(term, chosen)),
      rows: chosenRows(design.rows, chosen),
    },
  };
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

function chosenTerm(term: GroupTerm, chosen: Int32Array): GroupTerm {
  const index = chosen.map((i) => term.index[i]!);
  const counts = new Int32Array(term.J);
  for (const j of index) counts[j]! += 1;
  return { ...term, index, counts, Z: gather(term.Z, term.q, chosen) };
}

function chosenRows(rows: Frame, chosen: Int32Array): Frame {
  const columns = [...rows.columns].map(([name, column]) => [name, selectRows(column, chosen)] as const);
  return { n: chosen.length, columns: new Map(columns) };
}

/** The chosen rows of a matrix (width columns, row-major). */
function gather(values: Float64Array, width: number, chosen: Int32Array): Float64Array {
  const out = new Float64Array(chosen.length * width);
  for (let c = 0, at = 0; c < chosen.length; c++) {
    const start = chosen[c]! * width;
    for (let k = 0; k < width; k++, at++) out[at] = values[start + k]!;
  }
  return out;
}
