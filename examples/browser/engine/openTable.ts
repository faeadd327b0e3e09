import { type Frame, ModelError, toFrame } from '../../../src/index.ts';
import type { Source } from '../protocol.ts';
import { EXAMPLES } from './examples.ts';

/** A table and where it came from. */
export interface OpenTable {
  readonly name: string;
  readonly example: string | null;
  readonly frame: Frame;
  /** Reads it again, with these columns as text. */
  readonly again: (asText: readonly string[]) => OpenTable;
}

/** Reads an example or a file by the reader of the library. Throws ModelError. */
export async function openTable(source: Source): Promise<OpenTable> {
  if ('example' in source) {
    if (!Object.hasOwn(EXAMPLES, source.example))
      throw new ModelError(
        'no-example',
        'example',
        `there is no example of this name; there are ${Object.keys(EXAMPLES).join(', ')}`,
      );
    const columns = await EXAMPLES[source.example]!.columns();
    const make = (asText: readonly string[]): OpenTable => ({
      name: source.example,
      example: source.example,
      frame: toFrame(
        Object.fromEntries(
          Object.entries(columns).map(([name, values]) => [
            name,
            asText.includes(name) ? Array.from(values as ArrayLike<unknown>, String) : values,
          ]),
        ),
      ),
      again: make,
    });
    return make([]);
  }
  // Bytes that are no UTF-8 become U+FFFD, which the reader makes a fault of the column.
  const { parseCsv } = await import('./reading.ts');
  const text = decoded(new Uint8Array(await source.file.arrayBuffer()));
  const make = (asText: readonly string[]): OpenTable => ({
    name: source.name,
    example: null,
    frame: parseCsv(text, source.name, asText.length > 0 ? { text: asText } : {}),
    again: make,
  });
  return make([]);
}

/** UTF-8, or UTF-16 with its mark. */
function decoded(bytes: Uint8Array): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(mark).decode(bytes);
}
