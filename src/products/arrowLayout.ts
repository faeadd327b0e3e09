import type { Design, GroupTerm } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { ArrowPattern } from '../linalg/arrow.ts';

/** Where each coefficient stands in the vector (u, beta) of a design. */
export interface CoefficientPlaces {
  /**
   * Index into `design.groupTerms` of the factor with most levels (the first of equals), whose blocks are the diagonal;
   * -1 if none.
   */
  readonly leading: number;
  /**
   * Start of each group term's J x q coefficients in the vector, in the order of `design.groupTerms` (0 for the leading
   * one, the others follow in order), and last the start of beta.
   */
  readonly borderOffsets: Int32Array;
  /** Length of the vector: J q + r. */
  readonly size: number;
  /** Levels and varying columns of the leading factor, and what is beside it. */
  readonly pattern: Pick<ArrowPattern, 'J' | 'q' | 'r'>;
}

/** The same with what each block of the arrow matrix touches. */
export interface ArrowLayout extends CoefficientPlaces {
  /** The last p border columns of every block are those of beta. */
  readonly pattern: ArrowPattern;
  /**
   * For each group term, the column within its block's border at which the coefficients of each row's level stand
   * (length n; null for the leading one).
   */
  readonly localColumns: readonly (Int32Array | null)[];
}

/** A corner of 1 GB: beyond it the dense part would not fit, nor end in reasonable time. */
export const WIDEST_CORNER = 11585;

/**
 * Orders the coefficients: the leading factor's blocks, then the other factors, beta last. `mayLead` tells which
 * factors may have the blocks, where not every one may.
 */
export function coefficientPlaces(
  { groupTerms, p }: Pick<Design, 'groupTerms' | 'p'>,
  mayLead: (term: GroupTerm) => boolean = () => true,
): CoefficientPlaces {
  let leading = -1;
  groupTerms.forEach((term, f) => {
    if (!mayLead(term)) return;
    if (leading < 0 || term.J > groupTerms[leading]!.J) leading = f;
  });
  const J = leading < 0 ? 0 : groupTerms[leading]!.J;
  const q = leading < 0 ? 0 : groupTerms[leading]!.q;

  const borderOffsets = new Int32Array(groupTerms.length + 1);
  let size = J * q;
  groupTerms.forEach((term, f) => {
    if (f === leading) return;
    borderOffsets[f] = size;
    size += term.J * term.q;
  });
  borderOffsets[groupTerms.length] = size;
  size += p;
  return { leading, borderOffsets, size, pattern: { J, q, r: size - J * q } };
}

/**
 * The places of the coefficients and the pattern of the arrow matrix: block j of the border touches the levels of the
 * other factors that its rows meet, and beta. Throws a ModelError where the corner would pass 1 GB,
 * which has more than `widest` rows.
 */
export function arrowLayout(
  design: Design,
  mayLead?: (term: GroupTerm) => boolean,
  widest = WIDEST_CORNER,
): ArrowLayout {
  const { groupTerms, n, p } = design;
  const places = coefficientPlaces(design, mayLead);
  const { leading, borderOffsets } = places;
  const { J, q, r } = places.pattern;
  if (r > widest) {
    throw new ModelError(
      'too-large',
      'group terms',
      `${besideLargest({ groupTerms, p }, leading)} make a dense part of ${r} coefficients; at most ${widest} are accepted beside the largest factor`,
    );
  }

  const start = new Int32Array(J + 1);
  const columns: number[] = [];
  const localColumns = groupTerms.map((_, f) => (f === leading ? null : new Int32Array(n)));
  if (leading >= 0) {
    const rows = rowsByLevel(groupTerms[leading]!);
    for (let j = 0; j < J; j++) {
      const members = rows.order.subarray(rows.start[j]!, rows.start[j + 1]!);
      const first = columns.length;
      groupTerms.forEach((term, f) => {
        const local = localColumns[f]!;
        if (local === null) return;
        const levels = [...new Set(Array.from(members, (i) => term.index[i]!))].sort((a, b) => a - b);
        const at = new Map(levels.map((level, k) => [level, columns.length - first + k * term.q]));
        for (const i of members) local[i] = at.get(term.index[i]!)!;
        for (const level of levels) {
          for (let a = 0; a < term.q; a++) columns.push(borderOffsets[f]! - J * q + level * term.q + a);
        }
      });
      for (let k = 0; k < p; k++) columns.push(r - p + k);
      start[j + 1] = columns.length;
    }
  }
  return { ...places, pattern: { J, q, r, start, columns: Int32Array.from(columns) }, localColumns };
}

/** What stands beside the largest factor, in words. */
export function besideLargest({ groupTerms, p }: Pick<Design, 'groupTerms' | 'p'>, leading: number): string {
  const others = groupTerms
    .filter((_, f) => f !== leading)
    .map((term) => `${term.factor} (${term.J} levels, ${term.q} varying)`);
  return others.concat(`${p} population-level columns`).join(' and ');
}

/** The rows of each level of a factor: those of level j are order[start[j]] .. order[start[j + 1] - 1], ascending. */
export function rowsByLevel(term: GroupTerm): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(term.J + 1);
  for (const j of term.index) start[j + 1]! += 1;
  for (let j = 0; j < term.J; j++) start[j + 1]! += start[j]!;
  const next = start.slice();
  const order = new Int32Array(term.index.length);
  term.index.forEach((j, i) => {
    order[next[j]!] = i;
    next[j]! += 1;
  });
  return { start, order };
}
