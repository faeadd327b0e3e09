import type { ModelData } from '../data/frame.ts';
import { DEFAULT_FAMILY } from '../families/familyOf.ts';
import { familyName } from '../formula/familyName.ts';
import { formula } from '../formula/formula.ts';
import { parsePrior } from '../formula/parsePrior.ts';
import type { ModelGraph } from '../graph/node.ts';
import type { Prior } from '../graph/priors.ts';
import { quote } from '../input/quote.ts';
import type { Arguments } from './arguments.ts';
import type { OperandSpec, OptionSpec } from './command.ts';
import { isDatabase } from './files/database.ts';
import { READ_OPTIONS } from './files/readOptions.ts';
import { checkNamedColumns, readAnyTable, readTables } from './files/tableFile.ts';
import type { Io } from './io.ts';
import { namedOnce, usageError } from './parseArguments.ts';
import { databaseData, reducedData } from './reducedArguments.ts';

export const FORMULA_OPERAND: OperandSpec = {
  name: '"<formula>"',
  help: 'the model, in quotes, as in "y ~ x + (1 + x | g)"',
};

/** The options that name a model and its data. */
export const DATA_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'data',
    value: 'FILE',
    help: 'CSV, JSON (gzip or not) or Parquet with one line per row of the data; - is standard input; or rows that stay where they are: duckdb:FILE?table=NAME, duckdb:FILE.parquet, duckdb:FILE.csv, postgres://HOST/DB?table=NAME',
  },
  {
    name: 'reduced',
    value: 'FILE',
    help: 'in place of --data: CSV of the cells that the statement printed by the command sql gave',
  },
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
    help: 'gaussian (default), student (Student-t rows, for outliers), binomial (logit link; 0/1, two levels, or y | trials(n) ~ ...), betabinomial (y | trials(n) ~ ..., chances that vary from row to row), probit, poisson (counts; y | exposure(t) ~ ... for rates), negbinomial (counts that vary more), ordinal (ordered answers, cumulative logit), ordinal-probit',
  },
  { name: 'nu', value: 'NUMBER', help: 'degrees of freedom of a student response, where they are known' },
  { name: 'shape', value: 'NUMBER', help: 'shape of negbinomial counts, where it is known' },
  { name: 'precision', value: 'NUMBER', help: 'precision of betabinomial chances, where it is known' },
  {
    name: 'levels',
    value: 'A,B,C',
    help: 'the levels of an ordinal response, lowest first; unless given numbers in their order, text by code point',
  },
  {
    name: 'residual',
    value: 'STRUCTURE',
    help: 'residuals of a group that depend on each other: "ar1(time | g)", "car1(time | g)", "cs(g)", "toeplitz(time | g)", "unstructured(time | g)"',
  },
  {
    name: 'sigma',
    value: '"~ TERMS"',
    help: 'terms of a log-linear residual sd, and (1 | g) for an sd of each group, pooled',
  },
  { name: 'missing', value: 'error|drop', help: 'rows with missing values: refuse them (default) or leave them out' },
  {
    name: 'rank-deficient',
    value: 'error|drop',
    help: 'columns that depend on others: refuse them (default; those of cells that no row has are left out) or leave them out',
  },
  ...READ_OPTIONS,
];

export const PRIOR_OPTION: OptionSpec = {
  name: 'prior',
  value: '"NAME ~ DISTRIBUTION"',
  repeat: true,
  help: 'as in "sigma ~ half_t(3, 1)"; names: beta, beta[x], gamma_g, sigma, nu, shape, precision, threshold, phi, rho, delta, delta[x], omega_g, tau_g, tau_g[x], corr_g, Sigma_g',
};

/** The model of a command line, its first operand or `text`. Throws `ModelError` for whatever is wrong with it. */
export function graphArgument(args: Arguments, text = args.operands[0]!): ModelGraph {
  return formula(text, {
    level2: named(args.texts('level2'), 'level2', readLevel2),
    priors: named<Prior>(args.texts('prior'), 'prior', (text) => {
      const { name, prior } = parsePrior(text);
      return [name, prior];
    }),
    family: familyName(args.text('family') ?? DEFAULT_FAMILY),
    nu: args.number('nu'),
    shape: args.number('shape'),
    precision: args.number('precision'),
    levels: args
      .text('levels')
      ?.split(',')
      .map((level) => level.trim()),
    residual: args.text('residual'),
    sigma: args.text('sigma'),
  });
}

/**
 * The model, that of the first operand or of `text`, and the data of a command line. Throws `ModelError` for whatever
 * is wrong with either.
 */
export async function modelArguments(
  args: Arguments,
  io: Io,
  text = args.operands[0]!,
): Promise<{ graph: ModelGraph; data: ModelData; missing: 'error' | 'drop'; rankDeficient: 'error' | 'drop' }> {
  const graph = graphArgument(args, text);
  const missing = args.choice('missing', ['error', 'drop']) ?? 'error';
  const rankDeficient = args.choice('rank-deficient', ['error', 'drop']) ?? 'error';
  const data = await dataArgument(graph, args, io, missing);
  return { graph, data, missing, rankDeficient };
}

async function dataArgument(graph: ModelGraph, args: Arguments, io: Io, missing: 'error' | 'drop'): Promise<ModelData> {
  const path = args.text('data');
  const reduced = args.text('reduced');
  if (path !== undefined && reduced !== undefined) {
    throw usageError('reduced', '--reduced stands in place of --data; give one of them');
  }
  if (reduced !== undefined) return reducedData(reduced, graph, args, io, missing);
  if (path === undefined) throw usageError('data', '--data is missing: give the CSV file with the rows, --data FILE');
  if (isDatabase(path)) return databaseData(path, graph, args, missing);
  const rows = await readAnyTable(path, args, io);
  const groups = readTables('groups', args, io);
  checkNamedColumns(args, [rows, ...Object.values(groups)]);
  return { rows, groups };
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
  return namedOnce(given.map(read), option);
}
