import type { Design } from '../design/design.ts';
import { readList, readObject, readOwn, readText, wrong } from './jsonReader.ts';

/** The dependent columns of X that the fit had, and whether they were left out; null where it had none. */
export type StoredRank = { readonly leftOut: boolean; readonly labels: readonly string[] } | null;

/** Reads what a fit file says of the rank. Throws `fit-file`. */
export function readRank(value: unknown): StoredRank {
  if (value === null) return null;
  const place = `partial_pooling.rank`;
  const object = readObject(value, place);
  const leftOut = readOwn(object, 'leftOut', place);
  if (typeof leftOut !== 'boolean') throw wrong(`${place}.leftOut`, 'is neither true nor false');
  const labels = readList(readOwn(object, 'dependent', place), `${place}.dependent`).map((entry, i) => {
    const at = `${place}.dependent[${i}]`;
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
  throw wrong(
    `partial_pooling.rank`,
    'is not what its graph and data give: the dependent columns of the population part',
  );
}
