import * as zlib from 'node:zlib';
import type { Frame } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { readBytes } from './files.ts';
import { joined } from './joinedBytes.ts';
import { columnsFrame } from './jsonRows.ts';
import type { ReadOptions } from './readOptions.ts';

/** Whether a file is read as Parquet: by its name, as what stands at its end says how to read it. */
export function isParquet(path: string): boolean {
  return /\.(?:parquet|parq|pq)$/i.test(path);
}

/**
 * The table of a Parquet file, packed by snappy, gzip, brotli, or zstd where Node unpacks it (22.15 or later). Whole
 * numbers of 64 bits are numbers if doubles hold them all, else text; `na`, `text` and `number` are as in `parseCsv`.
 * Throws ModelError `file-format` where the file is damaged or holds what is not read, and what `toFrame` throws.
 */
export async function parquetTable(path: string, io: Io, options: ReadOptions): Promise<Frame> {
  const { buffer } = joined([...readBytes(path, io)]);
  // Loaded where a file asks for it.
  const { parquetMetadata, parquetRead } = await import('hyparquet');
  const columns = new Map<string, unknown[]>();
  try {
    const metadata = parquetMetadata(buffer);
    const n = Number(metadata.num_rows);
    await parquetRead({
      metadata,
      compressors: COMPRESSORS,
      file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
      onChunk({ columnName, columnData, rowStart }) {
        const values = columns.get(columnName) ?? new Array<unknown>(n).fill(null);
        columns.set(columnName, values);
        for (let i = 0; i < columnData.length; i += 1) values[rowStart + i] = columnData[i];
      },
    });
  } catch (error) {
    // Where the reader stumbles over bytes, its words say nothing of the file.
    const stumbled = error instanceof TypeError || error instanceof RangeError;
    const said = stumbled ? 'it is damaged or cut off' : error instanceof Error ? error.message : String(error);
    throw new ModelError('file-format', path, `${path} cannot be read as a Parquet file: ${said}`);
  }
  return columnsFrame([...columns], path, options);
}

// Of Node 22.15 or later.
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };

const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => zlib.gunzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => zlib.brotliDecompressSync(bytes),
  ...(zstdDecompressSync ? { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) } : {}),
};
