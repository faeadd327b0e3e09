import type { Design } from '../design/design.ts';
import { readList, readObject, readOwn, readText, wrong } from './jsonReader.ts';

const PLACE = 'partial_pooling.rank';

/** The dependent columns of X that the fit had, and whether they were left out; null where it had none. */
export type StoredRank = { readonly leftOut: boolean; readonly labels: readonly string[] } | null;

/** Reads what a fit file says of the rank. Throws `fit-file`. */
export function readRank(value: unknown): StoredRank {
  if (value === null) return null;
  const object = readObject(value, PLACE);
  const leftOut = readOwn(object, 'leftOut', PLACE);
  if (typeof leftOut !== 'boolean') throw wrong(`${PLACE}.leftOut`, 'is neither true nor false');
  const labels = readList(readOwn(object, 'dependent', PLACE), `${PLACE}.dependent`).map((entry, i) => {
    const at = `${PLACE}.dependent[${i}]`;
    return readText(readOwn(readObject(entry, at), 'term', at), `${at}.term`);
  });
  return { leftOut, labels };
}

/** Throws `fit-file` unless a design has the rank that its file says. */
export function checkRank(rank: StoredRank, { deficiency }: Design): void {
  const found = deficiency?.dependent.map(({ column }) => deficiency.columns[column]!.label) ?? [];
  const stored = rank?.labels ?? [];
  const same = stored.length === found.length && stored.every((label, i) => label === found[i]);
  if (same && (rank?.leftOut ?? false) === (deficiency?.leftOut ?? false)) return;
  throw wrong(PLACE, 'is not what its graph and data give: the dependent columns of the population part');
}
