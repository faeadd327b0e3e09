import type { Design, DesignColumn, GroupTerm } from '../design/design.ts';
import { chosenTerm } from '../design/designOfRows.ts';
import { ROW_PART } from '../families/cumulativeFamily.ts';
import { familyOf } from '../families/familyOf.ts';
import { thresholdLabels } from '../families/thresholdLabels.ts';
import { rowCopies } from './rowCopies.ts';

/** How the thresholds stand in a design of parts of ordered answers. */
export interface ThresholdRows {
  /**
   * The rows: of an answer up to three (`ROW_PART`), those of one answer one after the other, and the spaces of levels
   * that no row has. The first columns of X are the thresholds less `start`, negative signs included; the offset holds
   * `start`.
   */
  readonly design: Design;
  /** Where thresholds are counted from, ascending: those of the answers without predictors. */
  readonly start: Float64Array;
}

/** Half an answer more at every level, so that those of levels that nobody gave have a place too. */
const HALF = 0.5;

/**
 * The rows of an ordered answer as rows of one linear predictor each, in which thresholds are coefficients like others:
 * eta - threshold_k = X beta + Z u - threshold_k. Everything that is linear in eta is linear in them, and takes them as
 * columns of X: the arrow matrix, Newton's steps, Gaussian approximations. Where the thresholds are `known` they stand
 * in the offset, and are no columns. Designs of other kinds are returned as they
 * are, `start` empty.
 */
export function thresholdRows(design: Design, known?: Float64Array): ThresholdRows {
  const { n, p, X, response, groupTerms } = design;
  const { levels, y } = response;
  if (familyOf(design).ordered === undefined || levels === null) return { design, start: new Float64Array(0) };
  const last = levels.length - 1;
  const start = known ?? startingThresholds(design);
  const free = known ? 0 : last;
  /** Of each new row: its answer, its part, and the thresholds taken off and added, -1 for none. */
  const rows: { readonly of: number; readonly part: number; readonly less: number; readonly plus: number }[] = [];
  for (let i = 0; i < n; i++) {
    const k = y[i]!;
    if (k === 0) rows.push({ of: i, part: ROW_PART.lowest, less: 0, plus: -1 });
    else if (k === last) rows.push({ of: i, part: ROW_PART.highest, less: last - 1, plus: -1 });
    else {
      rows.push({ of: i, part: ROW_PART.above, less: k - 1, plus: -1 });
      rows.push({ of: i, part: ROW_PART.below, less: k, plus: -1 });
      rows.push({ of: i, part: ROW_PART.gap, less: k - 1, plus: k });
    }
  }
  const given = new Set(y);
  for (let k = 1; k < last; k++) {
    if (!given.has(k)) rows.push({ of: 0, part: ROW_PART.space, less: k - 1, plus: k });
  }
  const width = free + p;
  const count = rows.length;
  const copies = rowCopies(design);
  const wide = new Float64Array(count * width);
  const offset = new Float64Array(count);
  const partOf = new Float64Array(count);
  const weights = new Float64Array(count);
  rows.forEach(({ of, part, less, plus }, row) => {
    if (free > 0) wide[row * width + less] = -1;
    offset[row] = -start[less]!;
    partOf[row] = part;
    weights[row] = part === ROW_PART.space ? 1 : copies[of]!;
    if (plus >= 0) {
      // The difference of two thresholds, in which eta has no part.
      if (free > 0) wide[row * width + plus] = 1;
      offset[row]! += start[plus]!;
      return;
    }
    for (let k = 0; k < p; k++) wide[row * width + free + k] = X[of * p + k]!;
    offset[row]! += response.offset?.[of] ?? 0;
  });
  return {
    start: known ? new Float64Array(0) : start,
    design: {
      ...design,
      n: count,
      p: width,
      X: wide,
      columns: [...(known ? [] : thresholdColumns(levels)), ...design.columns],
      // Of two levels, so that a part is told from a level by its size (`certainAt`).
      response: { ...response, y: partOf, offset, weights, levels: [levels[0]!, levels[last]!] },
      groupTerms: groupTerms.map((term) => termOf(term, rows, free)),
    },
  };
}

function thresholdColumns(levels: readonly string[]): DesignColumn[] {
  return thresholdLabels(levels).map((label) => ({ label: `threshold[${label}]`, term: 'threshold', parts: [] }));
}

function termOf(
  term: GroupTerm,
  rows: readonly { readonly of: number; readonly plus: number }[],
  free: number,
): GroupTerm {
  const { q, level2 } = term;
  const chosen = chosenTerm(
    term,
    Int32Array.from(rows, ({ of }) => of),
  );
  rows.forEach(({ plus }, row) => {
    if (plus >= 0) chosen.Z.fill(0, row * q, (row + 1) * q);
  });
  const columns = level2.columns.map((column) => (column < 0 ? column : column + free));
  return { ...chosen, level2: { ...level2, columns } };
}

/** The thresholds without predictors, F^-1 of the shares of the answers below them, F that of the family's link. */
function startingThresholds(design: Design): Float64Array {
  const { levels, y, offset } = design.response;
  const copies = rowCopies(design);
  const { ordered } = familyOf(design);
  const counted = new Float64Array(levels!.length).fill(HALF);
  let shift = 0;
  let total = 0;
  for (let i = 0; i < design.n; i++) {
    counted[y[i]!]! += copies[i]!;
    total += copies[i]!;
    shift += copies[i]! * (offset?.[i] ?? 0);
  }
  const whole = counted.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return Float64Array.from({ length: levels!.length - 1 }, (_, k) => {
    below += counted[k]!;
    return ordered!.quantile(below / whole) + shift / total;
  });
}
