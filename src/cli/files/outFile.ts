import { ModelError } from '../../errors.ts';
import type { Arguments } from '../arguments.ts';
import type { Io } from '../io.ts';
import { usageError } from '../parseArguments.ts';
import { fileError } from './files.ts';
import { gzipMembers } from './gzipMembers.ts';

/** Options whose values are files that are read: as they are, or after the name of a factor. */
const READ = ['data', 'newdata', 'reduced'] as const;
const READ_BY_FACTOR = ['groups', 'newgroups'] as const;

/**
 * The path that --out names (or another option), a file of that name being possible there; undefined where it is not
 * given. Throws as `checkOut` does.
 */
export function outPath(args: Arguments, io: Io, option = 'out'): string | undefined {
  const path = args.text(option);
  if (path !== undefined) checkOut(path, args, io, option);
  return path;
}

/**
 * Looks, before any work is done, whether a file can be written. Throws `usage` where it is one that the command reads,
 * and `file`, with what the system says.
 */
export function checkOut(path: string, args: Arguments, io: Io, option = 'out'): void {
  if (path === '') throw usageError(option, `--${option}: got an empty text; accepted is the name of a file`);
  const inputs = [
    ...args.operands,
    ...READ.map((name) => fileOf(args.text(name))),
    ...READ_BY_FACTOR.flatMap((name) => args.texts(name).map((text) => text.slice(text.indexOf('=') + 1))),
  ];
  const input = inputs.find((given) => given !== undefined && given !== '-' && io.sameFile(given, path));
  if (input !== undefined) {
    throw usageError(option, `--${option} ${path} is a file that is read here (${input}); give another one`);
  }
  try {
    io.tryWriting(path);
  } catch (error) {
    throw fileError(path, 'written', error);
  }
}

/** The file that is read: `duckdb:FILE?table=NAME` is one, too. */
function fileOf(given: string | undefined): string | undefined {
  return given && /^duckdb:/i.test(given) ? given.slice('duckdb:'.length).replace(/\?[^?]*$/, '') : given;
}

/** Throws `usage` where an option names the file of --out, which one of them would replace by the other. */
export function checkNotOut(path: string, args: Arguments, io: Io, option: string): void {
  const out = args.text('out');
  if (out !== undefined && io.sameFile(out, path)) {
    throw usageError(option, `--${option}: ${path} is the file of --out, too; give another one`);
  }
}

/**
 * Writes a file whole or not at all (see `Io.writeFile`), packed by gzip where its name ends in .gz. Throws what
 * `pieces` throws, and ModelError code `file`, with what the system says.
 */
export function writeOut(path: string, pieces: Iterable<string>, io: Io): void {
  writeBytes(path, /\.gz$/i.test(path) ? gzipMembers(pieces) : pieces, io);
}

/** The same for what is written as it is. */
export function writeBytes(path: string, pieces: Iterable<string | Uint8Array>, io: Io): void {
  try {
    io.writeFile(path, pieces);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw fileError(path, 'written', error);
  }
}
