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
  files: Readonly<Record<string, string>> | ReadonlyMap<string, string> = {},
  isTTY = false,
): Promise<Outcome> {
  const given = files instanceof Map ? files : new Map(Object.entries(files));
  const written = new Map<string, string>();
  const out: string[] = [];
  const err: string[] = [];
  const status = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    isTTY,
    readFile(path) {
      const text = written.get(path) ?? given.get(path);
      if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return text;
    },
    writeFile: (path, text) => {
      written.set(path, text);
    },
  });
  return { status, stdout: out.join(''), stderr: err.join(''), written };
}
