import type { ColumnChip } from '../protocol.ts';
import { written } from '../written.ts';

/** A model as a sentence has it: predict `response` from `predictors`, let groups of `factor` differ in these. */
export interface Built {
  readonly response: string;
  readonly predictors: readonly string[];
  /** The grouping factor, or null where nothing differs by group. */
  readonly factor: string | null;
  /** Predictors whose coefficient differs by group; the level differs wherever there is a factor. */
  readonly slopes: readonly string[];
}

/** The formula of a sentence. */
export function builtFormula({ response, predictors, factor, slopes }: Built): string {
  const terms = predictors.map(written);
  const varying = ['1', ...slopes.filter((name) => predictors.includes(name)).map(written)];
  const groups = factor === null ? [] : [`(${varying.join(' + ')} | ${written(factor)})`];
  return `${written(response)} ~ ${[...(terms.length > 0 ? terms : ['1']), ...groups].join(' + ')}`;
}

/** The sentence of a formula; null where it says more than a sentence holds. */
export function readFormula(formula: string, columns: readonly ColumnChip[]): Built | null {
  const nameOf = new Map(columns.map(({ name }) => [written(name), name]));
  const sides = formula.split('~');
  const response = nameOf.get(sides[0]!.trim());
  if (sides.length !== 2 || response === undefined) return null;
  const parts = /^([^()|]*?)(?:(?:^|\+)\s*\(([^()|]*)\|([^()|]*)\))?\s*$/.exec(sides[1]!.trim());
  if (!parts) return null;
  const [, fixed, varying, group] = parts;
  const predictors = namesOf(fixed!, nameOf);
  if (predictors === null) return null;
  if (group === undefined) return { response, predictors, factor: null, slopes: [] };
  const factor = nameOf.get(group.trim());
  const slopes = namesOf(varying!, nameOf);
  if (factor === undefined || slopes === null || !slopes.every((name) => predictors.includes(name))) return null;
  return { response, predictors, factor, slopes };
}

/** The columns of a sum; null where there is anything but columns and 1 in it. */
function namesOf(sum: string, nameOf: ReadonlyMap<string, string>): string[] | null {
  const names: string[] = [];
  for (const term of sum.split('+').map((each) => each.trim())) {
    if (term === '' || term === '1') continue;
    const name = nameOf.get(term);
    if (name === undefined) return null;
    names.push(name);
  }
  return names;
}
