import { quote } from '../input/quote.ts';
import type { Checksum } from './checksum.ts';
import { wrong } from './jsonReader.ts';
import { JsonSource } from './jsonSource.ts';
import { parsed, type StoredVariable, storedDraws } from './storedDraws.ts';

/**
 * The draws of a fit file, null where it has none, the statistics of its kernels' steps, and what it holds beside them,
 * parsed.
 */
export interface FitFileParts {
  readonly posterior: ReadonlyMap<string, StoredVariable> | null;
  /** Nothing in it where the file has none. */
  readonly sampleStats: ReadonlyMap<string, StoredVariable>;
  readonly root: unknown;
}

/** Parts a fit file while it is read, its draws and statistics being added to `sum`. Throws `fit-file`. */
export function readParts(text: string | Iterable<string>, sum: Checksum): FitFileParts {
  if (typeof text !== 'string' && typeof text?.[Symbol.iterator] !== 'function') {
    throw wrong('the file', `is ${quote(text)}; its text is expected, as toJson gives it`);
  }
  const source = new JsonSource(typeof text === 'string' ? [text] : text);
  if (source.peek() !== '{') return { posterior: null, sampleStats: new Map(), root: parse(source.rest()) };
  let posterior: ReadonlyMap<string, StoredVariable> | null = null;
  let sampleStats: ReadonlyMap<string, StoredVariable> = new Map();
  const others: string[] = [];
  source.entries('{', () => {
    const key = source.value();
    source.take(':');
    const group = source.peek() === '{' ? parsed(key, source) : null;
    if (group === 'posterior') posterior = storedDraws(source, group, sum);
    else if (group === 'sample_stats') sampleStats = storedDraws(source, group, sum);
    else others.push(`${key}:${source.value()}`);
    // An empty group is summed up with the rest, where files without statistics have it.
    if (group === 'sample_stats' && sampleStats.size === 0) others.push(`${key}:{}`);
  });
  if (source.peek() !== '') source.fail();
  return { posterior, sampleStats, root: parse(`{${others.join(',')}}`) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong('the file', `is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
