import type { ModelData } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { fromJson } from '../../files/fromJson.ts';
import type { Fit } from '../../mcmc/fit.ts';
import type { Arguments } from '../arguments.ts';
import type { OperandSpec, OptionSpec } from '../command.ts';
import type { Io } from '../io.ts';
import { usageError } from '../parseArguments.ts';
import { textPieces } from './files.ts';
import { READ_OPTIONS } from './readOptions.ts';
import { readTable, readTables } from './tableFile.ts';

export const FIT_OPERAND: OperandSpec = { name: 'FIT.json', help: 'a fit file, written by fit --out' };

/** The options that give the data to a fit file written without them. */
export const FIT_DATA_OPTIONS: readonly OptionSpec[] = [
  { name: 'data', value: 'FILE', help: 'the data that were fitted, where the fit file holds none (fit --no-data)' },
  { name: 'groups', value: 'FACTOR=FILE', repeat: true, help: 'and their group tables' },
  ...READ_OPTIONS,
];

/**
 * The fit of the file named first, or of `path`. Throws `file`, what `parseCsv` throws and what `fromJson` throws, the
 * path before it.
 */
export function readFit(args: Arguments, io: Io, path = args.operands[0]!): Fit {
  const data = dataGiven(args, io);
  return readParsed(path, io, (text) => fromJson(text, data), data === undefined ? ' (--data FILE)' : '');
}

/**
 * What `read` makes of a file's text. Throws what it throws, the path before it, and `remedy` after it where data are
 * missing.
 */
export function readParsed<T>(path: string, io: Io, read: (text: Iterable<string>) => T, remedy = ''): T {
  try {
    return read(textPieces(path, io));
  } catch (error) {
    if (!(error instanceof ModelError) || error.code === 'file') throw error;
    const further = error.code === 'fit-file-data' ? remedy : '';
    throw new ModelError(error.code, path, `${path}: ${error.message}${further}`);
  }
}

/** The data that --data and --groups name; undefined where they are not given. */
export function dataGiven(args: Arguments, io: Io): ModelData | undefined {
  const path = args.text('data');
  const groups = args.texts('groups');
  if (path !== undefined) return { rows: readTable(path, args, io), groups: readTables('groups', args, io) };
  if (groups.length > 0) throw usageError('groups', '--groups was given without --data; give both, or neither');
  return undefined;
}
