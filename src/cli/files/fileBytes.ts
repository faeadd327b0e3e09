import { closeSync, openSync, readSync } from 'node:fs';

/** So many bytes are read at once. */
const PIECE = 1 << 20;

/** The bytes of a file in pieces, each an array of its own; '-' is standard input. Throws what the system says. */
export function* fileBytes(path: string): Generator<Uint8Array> {
  const file = path === '-' ? 0 : openSync(path, 'r');
  try {
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const length = readSome(file, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    if (file !== 0) closeSync(file);
  }
}

/** Waits where a pipe or terminal has nothing yet. */
function readSome(file: number, piece: Uint8Array): number {
  for (;;) {
    try {
      return readSync(file, piece, 0, piece.length, null);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
