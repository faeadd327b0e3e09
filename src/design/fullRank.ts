import { ModelError } from '../errors.ts';
import type { DependentColumn, Design, GroupTerm, Level2, RankDeficiency } from './design.ts';

/** What dependent columns are: an error, or left out. Those of cells that no row has are left out in either case. */
export type RankDeficient = 'error' | 'drop';

/** Dependent columns that a message names. */
const NAMED = 10;

/**
 * The design with columns of X that are linearly independent: each column that is a combination of those before it is
 * left out, as lme4 leaves it out, and noted in `deficiency`. Throws ModelError `rank-deficient`, naming them, where
 * there are others than those of cells that no row has, unless `rankDeficient` is 'drop'. A design of full rank is
 * returned as it is.
 */
export function fullRank(design: Design, rankDeficient: RankDeficient): Design {
  const { deficiency } = design;
  if (deficiency === undefined || deficiency.leftOut) return design;
  if (rankDeficient === 'error') checkDependent(design, deficiency);
  const dependent = new Set(deficiency.dependent.map(({ column }) => column));
  const kept = Int32Array.from(design.columns.keys()).filter((column) => !dependent.has(column));
  const { n, p, X } = design;
  const width = kept.length;
  const chosen = new Float64Array(n * width);
  for (let i = 0; i < n; i++) for (let k = 0; k < width; k++) chosen[i * width + k] = X[i * p + kept[k]!]!;
  return {
    ...design,
    p: width,
    columns: Array.from(kept, (column) => design.columns[column]!),
    X: chosen,
    groupTerms: design.groupTerms.map((term) => ({ ...term, level2: keptPredictors(term, kept) })),
    deficiency: { ...deficiency, leftOut: true },
  };
}

function checkDependent({ n, p }: Design, { columns, dependent }: RankDeficiency): void {
  const faults = dependent.filter(({ emptyCell }) => !emptyCell);
  if (faults.length === 0) return;
  const more = faults.length > NAMED ? `; and ${faults.length - NAMED} more` : '';
  const sentences = faults.slice(0, NAMED).map(({ sentence }) => sentence);
  const one = faults.length === 1;
  const which = one ? label(columns, faults[0]!) : 'them';
  const message =
    `the columns of the population part are linearly dependent (${n} rows, ${p} columns): ${sentences.join('; ')}${more}; leave ${one ? 'it' : 'them'} out, ` +
    `or pass rankDeficient: 'drop' (--rank-deficient drop) to have ${which} left out as lme4 does`;
  throw new ModelError('rank-deficient', 'X', message);
}

function label(columns: RankDeficiency['columns'], { column }: DependentColumn): string {
  return columns[column]!.label;
}

/** The level-2 view over the kept columns; a level-2 predictor whose products are all left out is left out too. */
function keptPredictors({ J, q, level2 }: GroupTerm, kept: Int32Array): Level2 {
  const place = new Map(Array.from(kept, (column, k) => [column, k]));
  const columns = level2.columns.map((column) => place.get(column) ?? -1);
  const stays = Array.from({ length: level2.m }, (_, l) => l).filter(
    (l) => l === 0 || Array.from({ length: q }, (_, k) => columns[k * level2.m + l]!).some((column) => column >= 0),
  );
  const m = stays.length;
  const W = new Float64Array(J * m);
  for (let j = 0; j < J; j++) for (let l = 0; l < m; l++) W[j * m + l] = level2.W[j * level2.m + stays[l]!]!;
  const view = new Int32Array(q * m);
  for (let k = 0; k < q; k++) for (let l = 0; l < m; l++) view[k * m + l] = columns[k * level2.m + stays[l]!]!;
  return { m, labels: stays.map((l) => level2.labels[l]!), W, columns: view };
}
