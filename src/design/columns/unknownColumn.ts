import { ModelError } from '../../errors.ts';
import { likelyNames } from '../../input/nearestNames.ts';

/**
 * The error for a column that is nowhere: what was asked for, every place it was looked for, and near names.
 * `places` maps a place (`rows`, `groups.county`) to its column names.
 */
export function unknownColumn(name: string, places: ReadonlyMap<string, readonly string[]>): ModelError {
  const known = [...new Set([...places.values()].flat())];
  const near = likelyNames(name, known).map((text) => JSON.stringify(text));
  const looked = [...places].map(([place, names]) => `${place} (${list(names)})`).join(' nor ');
  const start = `column ${JSON.stringify(name)} is ${places.size > 1 ? 'neither in' : 'not in'} ${looked}`;
  const nearest = near.length > 0 ? `; nearest names: ${near.join(', ')}` : '';
  const garbled = known.some((text) => text.includes('\ufffd'))
    ? '; names that hold U+FFFD were read by another encoding than that of their file (--encoding latin1)'
    : '';
  return new ModelError('unknown-column', name, start + nearest + garbled);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown}, … ${names.length - 20} more` : shown;
}
