import { parseCsv } from '../data/csv.ts';
import type { Frame, ModelData } from '../data/frame.ts';
import { ModelError } from '../errors.ts';
import { familyName } from '../formula/familyName.ts';
import { formula } from '../formula/formula.ts';
import { parsePrior } from '../formula/parsePrior.ts';
import type { ModelGraph } from '../graph/node.ts';
import type { Prior } from '../graph/priors.ts';
import { quote } from '../input/quote.ts';
import type { Arguments } from './arguments.ts';
import type { OperandSpec, OptionSpec } from './command.ts';
import type { Io } from './io.ts';
import { usageError } from './parseArguments.ts';

export const FORMULA_OPERAND: OperandSpec = {
  name: '"<formula>"',
  help: 'the model, in quotes, as in "y ~ x + (1 + x | g)"',
};

/** The options that name a model and its data. */
export const DATA_OPTIONS: readonly OptionSpec[] = [
  { name: 'data', value: 'FILE', help: 'CSV with one line per row of the data; - is standard input' },
  { name: 'groups', value: 'FACTOR=FILE', repeat: true, help: 'CSV with one line per group: level-2 predictors' },
  {
    name: 'level2',
    value: '"FACTOR: ~ TERMS"',
    repeat: true,
    help: 'level-2 regression of every coefficient varying by FACTOR',
  },
  {
    name: 'family',
    value: 'NAME',
    help: 'gaussian (default), student (Student-t rows, for outliers), binomial (logit link; 0/1, two levels, or y | trials(n) ~ ...), probit',
  },
  { name: 'nu', value: 'NUMBER', help: 'degrees of freedom of a student response, where they are known' },
  { name: 'missing', value: 'error|drop', help: 'rows with missing values: refuse them (default) or leave them out' },
  {
    name: 'rank-deficient',
    value: 'error|drop',
    help: 'columns that depend on others: refuse them (default; those of cells that no row has are left out) or leave them out',
  },
];

export const PRIOR_OPTION: OptionSpec = {
  name: 'prior',
  value: '"NAME ~ DISTRIBUTION"',
  repeat: true,
  help: 'as in "sigma ~ half_t(3, 1)"; names: beta, beta[x], gamma_g, sigma, nu, tau_g, tau_g[x], corr_g, Sigma_g',
};

/** The model of a command line. Throws `ModelError` for whatever is wrong with it. */
export function graphArgument(args: Arguments): ModelGraph {
  return formula(args.operands[0]!, {
    level2: named(args.texts('level2'), 'level2', readLevel2),
    priors: named<Prior>(args.texts('prior'), 'prior', (text) => {
      const { name, prior } = parsePrior(text);
      return [name, prior];
    }),
    family: familyName(args.text('family') ?? 'gaussian'),
    nu: args.number('nu'),
  });
}

/** The model and the data of a command line. Throws `ModelError` for whatever is wrong with either. */
export function modelArguments(
  args: Arguments,
  io: Io,
): { graph: ModelGraph; data: ModelData; missing: 'error' | 'drop'; rankDeficient: 'error' | 'drop' } {
  const graph = graphArgument(args);
  const path = args.text('data');
  if (path === undefined) throw usageError('data', '--data is missing: give the CSV file with the rows, --data FILE');
  const rows = readCsv(path, io);
  return {
    graph,
    data: { rows, groups: readTables(args.texts('groups'), 'groups', io) },
    missing: args.choice('missing', ['error', 'drop']) ?? 'error',
    rankDeficient: args.choice('rank-deficient', ['error', 'drop']) ?? 'error',
  };
}

/** A file's table. Throws `file` and what `parseCsv` throws, naming the path. */
export function readCsv(path: string, io: Io): Frame {
  return parseCsv(readText(path, io), path === '-' ? 'standard input' : path);
}

/** Tables given as FACTOR=FILE. */
export function readTables(given: readonly string[], option: string, io: Io): Record<string, Frame> {
  return named(given, option, (text) => {
    const equals = text.indexOf('=');
    if (equals < 1 || equals === text.length - 1) {
      throw usageError(option, `--${option}: got ${quote(text)}; accepted is FACTOR=FILE, as in county=counties.csv`);
    }
    return [text.slice(0, equals).trim(), readCsv(text.slice(equals + 1), io)];
  });
}

/** The text of a file. Throws `ModelError` code `file`, with what the system says. */
export function readText(path: string, io: Io): string {
  try {
    return io.readFile(path);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
}

/** Writes a file. Throws `ModelError` code `file`, with what the system says. */
export function writeText(path: string, text: string, io: Io): void {
  try {
    io.writeFile(path, text);
  } catch (error) {
    throw fileError(path, 'written', error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  ENOTDIR: 'a part of its path is no folder',
};

function fileError(path: string, action: 'read' | 'written', error: unknown): ModelError {
  const code = (error as { code?: unknown }).code;
  const reason = typeof code === 'string' ? REASONS[code] : undefined;
  const because = reason ?? (error instanceof Error ? error.message : String(error));
  return new ModelError('file', path, `${path} cannot be ${action}: ${because}`);
}

function readLevel2(text: string): [string, string] {
  const found = /^\s*(.+?)\s*:\s*(~.*)$/su.exec(text);
  if (found) return [found[1]!, found[2]!];
  throw usageError(
    'level2',
    `--level2: got ${quote(text)}; accepted is "FACTOR: ~ TERMS", as in "county: ~ log_uranium"`,
  );
}

/** An object of the given texts by name; a name may be given once. */
function named<T>(
  given: readonly string[],
  option: string,
  read: (text: string) => readonly [string, T],
): Record<string, T> {
  const entries = new Map<string, T>();
  for (const text of given) {
    const [name, value] = read(text);
    if (entries.has(name)) throw usageError(option, `--${option}: ${quote(name)} is given twice; it is accepted once`);
    entries.set(name, value);
  }
  return Object.fromEntries(entries);
}
