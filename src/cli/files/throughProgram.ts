import { spawnSync } from 'node:child_process';

/** Most bytes that a program may answer with. */
const MOST = 1 << 28;

/**
 * What a program of this machine writes on its standard output when it is given a text on its standard input. Its words
 * stand between spaces; no shell reads them. Throws an Error whose message says what went wrong.
 */
export function throughProgram(command: string, input: string): Uint8Array {
  const [program, ...words] = command.trim().split(/\s+/);
  const { error, status, stdout, stderr } = spawnSync(program!, words, { input, maxBuffer: MOST });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') throw new Error('there is no such program');
  // A program may answer without reading all it is given.
  if (error && code !== 'EPIPE') throw error;
  if (status !== 0) {
    const said = stderr.toString('utf8').trim().split('\n')[0]!;
    throw new Error(`it ended with status ${status}${said === '' ? '' : `: ${said}`}`);
  }
  return stdout;
}
