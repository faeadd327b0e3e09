import { throughProgram } from '../../src/cli/files/throughProgram.ts';
import type { Terminal } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** What a command printed and wrote, and how it ended. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files it wrote, by path. */
  readonly written: ReadonlyMap<string, string>;
}

/** Runs a command line in process over files given by path. */
export async function run(
  argv: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> | ReadonlyMap<string, string | Uint8Array> = {},
  isTTY = false,
  terminal: Terminal | null = null,
): Promise<Outcome> {
  const given = files instanceof Map ? files : new Map(Object.entries(files));
  const written = new Map<string, string>();
  const out: string[] = [];
  const err: string[] = [];
  const read = (path: string): string | Uint8Array => {
    const found = written.get(path) ?? given.get(path);
    if (found === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return found;
  };
  const status = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    isTTY,
    terminal,
    *readBytes(path) {
      const found = read(path);
      const bytes = typeof found === 'string' ? new TextEncoder().encode(found) : found;
      // In pieces of odd length, as a pipe gives them.
      for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997);
    },
    writeFile: (path, pieces) => {
      const bytes = Array.from(pieces, (piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
      written.set(path, Buffer.concat(bytes).toString(path.endsWith('.gz') ? 'latin1' : 'utf8'));
    },
    openFile: (path) => {
      const pieces: Uint8Array[] = [];
      return {
        write: (piece) => pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece),
        close: () => written.set(path, Buffer.concat(pieces).toString(path.endsWith('.gz') ? 'latin1' : 'utf8')),
        discard() {},
      };
    },
    tryWriting() {},
    throughProgram,
    sameFile: (first, second) => first === second,
    onStop: () => () => {},
  });
  return { status, stdout: out.join(''), stderr: err.join(''), written };
}
