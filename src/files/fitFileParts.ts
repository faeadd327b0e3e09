import { quote } from '../input/quote.ts';
import type { Checksum } from './checksum.ts';
import { wrong } from './jsonReader.ts';
import { JsonSource } from './jsonSource.ts';
import { parsed, type StoredVariable, storedDraws } from './storedDraws.ts';

/** The draws of a fit file, null where it has none, and what it holds beside them, parsed. */
export interface FitFileParts {
  readonly posterior: ReadonlyMap<string, StoredVariable> | null;
  readonly root: unknown;
}

/** Parts a fit file while it is read, its draws being added to `sum`. Throws `fit-file`. */
export function readParts(text: string | Iterable<string>, sum: Checksum): FitFileParts {
  if (typeof text !== 'string' && typeof text?.[Symbol.iterator] !== 'function') {
    throw wrong('the file', `is ${quote(text)}; its text is expected, as toJson gives it`);
  }
  const source = new JsonSource(typeof text === 'string' ? [text] : text);
  if (source.peek() !== '{') return { posterior: null, root: parse(source.rest()) };
  let posterior: ReadonlyMap<string, StoredVariable> | null = null;
  const others: string[] = [];
  source.entries('{', () => {
    const key = source.value();
    source.take(':');
    if (parsed(key, source) === 'posterior' && source.peek() === '{') posterior = storedDraws(source, sum);
    else others.push(`${key}:${source.value()}`);
  });
  if (source.peek() !== '') source.fail();
  return { posterior, root: parse(`{${others.join(',')}}`) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong('the file', `is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
