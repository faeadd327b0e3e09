import { ModelError } from '../errors.ts';
import type { DependentColumn, Design, RankDeficiency } from './design.ts';
import { keptColumns } from './keptColumns.ts';

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
  return { ...keptColumns(design, kept), deficiency: { ...deficiency, leftOut: true } };
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
