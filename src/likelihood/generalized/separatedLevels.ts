import type { Design, GroupTerm } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { certainRows } from '../../families/responseKind.ts';
import { inverse } from '../../linalg/smallMatrix.ts';
import { familyRows } from '../../products/familyRows.ts';
import type { GroupEstimates } from '../maximumLikelihoodFit.ts';

/** A sd on the link scale at which the chance of success is next to 0 or 1 in nearly every level. */
const BEYOND = 10;

/**
 * Throws where every level of a varying intercept is certain (all successes or all failures): sds of 10 and of 1000 fit
 * it equally well, or ever better.
 */
export function checkSeparatedLevels(design: Design): void {
  const { label } = design.response;
  for (const term of design.groupTerms) {
    const intercept = term.labels.indexOf('Intercept');
    if (intercept < 0 || !separated(design, term, (i) => term.Z[i * term.q + intercept]!)) continue;
    throw new ModelError(
      'no-optimum',
      label,
      `${label}: every level of ${term.factor} has ${certainRows(kindOf(design))}, so that the likelihood does not fall however large the sd among levels, and no estimate exists; give a prior and sample`,
    );
  }
}

/**
 * Throws where the same holds of a part of each level, and the search went the way that it shows: where a varying
 * column (a treatment), or one cell of the columns that vary together, has only successes on one side and only failures
 * on the other in every level, a larger sd of its coefficient, and a mean that goes with it, never fits these rows
 * worse. Whether the rest of the model holds the sd back shows in the estimate.
 */
export function checkSeparatedCells(design: Design, groups: readonly GroupEstimates[]): void {
  const { label } = design.response;
  design.groupTerms.forEach((term, f) => {
    for (const { name, column, weights } of directions(term)) {
      if (!separated(design, term, column)) continue;
      const { q } = term;
      let variance = 0;
      let size = 0;
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) variance += weights[a]! * groups[f]!.Sigma[a * q + b]! * weights[b]!;
      }
      for (let i = 0; i < design.n; i++) size = Math.max(size, Math.abs(column(i)));
      if (!(Math.sqrt(variance) * size > BEYOND)) continue;
      throw new ModelError(
        'no-optimum',
        label,
        `${label}: ${actsOn(design, term, name, column)}, so that the likelihood does not fall however large the sd of ${name} among levels, and no estimate exists; give a prior and sample`,
      );
    }
  });
}

/** What is certain of the rows that a column acts on: all of a level, or each side of 0 by itself. */
function actsOn(design: Design, { factor }: GroupTerm, name: string, column: (row: number) => number): string {
  const signs = new Set(Array.from({ length: design.n }, (_, i) => Math.sign(column(i))));
  const kind = kindOf(design);
  const rows = `the rows of every level of ${factor} that ${name} acts on`;
  if (!(signs.has(1) && signs.has(-1))) return `${rows} are ${certainRows(kind)}`;
  return `${rows} are, with ${name} above 0 as with ${name} below 0, ${certainRows(kind)}`;
}

interface Direction {
  readonly name: string;
  /** The direction's column, row by row. */
  readonly column: (row: number) => number;
  /** Its coefficient as a combination of the term's, length q. */
  readonly weights: Float64Array;
}

/**
 * Each varying column by itself; and, where the rows of Z take no more distinct values than there are columns, the
 * indicator of each of them.
 */
function directions(term: GroupTerm): Direction[] {
  const { q, Z, labels } = term;
  const single = labels.map((name, k) => ({
    name,
    column: (i: number) => Z[i * q + k]!,
    weights: Float64Array.from({ length: q }, (_, l) => (l === k ? 1 : 0)),
  }));
  const patterns = new Map<string, Float64Array>();
  for (let i = 0; i < Z.length / q && patterns.size <= q; i++) {
    const row = Z.subarray(i * q, (i + 1) * q);
    patterns.set(row.join(), row);
  }
  if (q === 1 || patterns.size !== q) return single;
  const cells = [...patterns.values()];
  const P = new Float64Array(q * q);
  cells.forEach((row, k) => {
    P.set(row, k * q);
  });
  if (inverse(P, q) === null) return single;
  const inCell = (row: Float64Array) => (i: number) => (row.every((value, a) => Z[i * q + a] === value) ? 1 : 0);
  return [
    ...single,
    ...cells.map((row) => ({ name: `the cell ${described(row, labels)}`, column: inCell(row), weights: row })),
  ];
}

function described(row: Float64Array, labels: readonly string[]): string {
  return labels.flatMap((label, k) => (label === 'Intercept' ? [] : [`${label} = ${row[k]}`])).join(', ');
}

/**
 * Whether in every level the rows with a column above 0 are all successes and those below 0 all failures, or the
 * reverse.
 */
function separated(design: Design, { J, index }: GroupTerm, column: (row: number) => number): boolean {
  const { family, y, size } = familyRows(design);
  // By level: whether some row speaks against the coefficient being +infinity, and against -infinity.
  const against = new Uint8Array(2 * J);
  let acts = false;
  for (let i = 0; i < design.n; i++) {
    const z = column(i);
    if (z === 0) continue;
    acts = true;
    const level = 2 * index[i]!;
    const certain = family.certainAt(y[i]!, size[i]!);
    if (certain >= 0) against[z > 0 ? level + 1 : level] = 1;
    if (certain <= 0) against[z > 0 ? level : level + 1] = 1;
  }
  for (let j = 0; j < J; j++) if (against[2 * j] === 1 && against[2 * j + 1] === 1) return false;
  return acts;
}
