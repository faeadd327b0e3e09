import type { CheckOptions, CheckResult } from '../../../diagnostics/check.ts';
import { checkRun } from '../../../diagnostics/reading/checkRun.ts';
import { DRAWS_LINES, readDrawsLines } from '../../../diagnostics/reading/drawsLines.ts';
import { readRun } from '../../../diagnostics/reading/readRun.ts';
import { ModelError } from '../../errors.ts';
import { checkUnchanged, fromJson } from '../../files/fromJson.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { checkText } from '../../report/text.ts';
import { check as checkFit } from '../../summary/checks/check.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { drawsPieces } from '../files/drawsFile.ts';
import { textPieces } from '../files/files.ts';
import { dataGiven, FIT_DATA_OPTIONS } from '../files/fitFile.ts';
import { wholeText } from '../files/tableFile.ts';
import { type Io, STATUS } from '../io.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'say whether the draws of a fit, or of any other program, are to be trusted',
  operands: [
    {
      name: 'FILE',
      repeat: true,
      help: 'a fit file, or draws as CSV (a column per quantity and a column chain), JSON or lines of fit --draws; several: a chain each, as CmdStan writes them, or the index and chains of CODA',
    },
  ],
  options: [
    { name: 'rhat', value: 'R', help: 'largest acceptable R-hat (1.01)' },
    { name: 'ess-per-chain', value: 'N', help: 'smallest acceptable bulk and tail ESS per chain (100)' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling check fit.json',
  run(args, io) {
    const verdict = verdictOn(args, io, { rhat: args.number('rhat'), essPerChain: args.number('ess-per-chain') });
    printAnswer(args, io, verdict, () => checkText(verdict));
    return verdict.ok ? STATUS.done : STATUS.untrusted;
  },
};

function verdictOn(args: Arguments, io: Io, limits: CheckOptions): CheckResult {
  const lines = args.operands.length === 1 ? linesOf(args.operands[0]!, io) : null;
  if (lines) return checkRun(readDrawsLines(lines), limits);
  const files = args.operands.map((path) => ({ path, pieces: drawsPieces(path, io) }));
  const fits = files.filter(({ pieces }) => isFitFile(pieces));
  const [only] = fits;
  const fit = only && files.length === 1 ? wholeFit(only, args, io) : null;
  if (fit) return checkFit(fit, limits);
  for (const file of fits) checkDrawsOf(file);
  const texts = files.map(({ path, pieces }) => wholeText(pieces, path, REMEDY));
  return checkRun(readRun(texts, args.operands), limits);
}

/**
 * A file of lines of draws, which may be of any length, in pieces; null for any other, and for standard input, which is
 * read but once.
 */
function linesOf(path: string, io: Io): Iterable<string> | null {
  if (path === '-') return null;
  const first = textPieces(path, io).next();
  return !first.done && first.value.startsWith(DRAWS_LINES) ? textPieces(path, io) : null;
}

/** What is to be done with more draws than a text of V8 holds. */
const REMEDY = 'thin the draws or leave out quantities';

/** Draws as blocks of doubles, which only the reader of fit files reads. */
const COMPACT = '"float64:';

interface File {
  readonly path: string;
  readonly pieces: readonly string[];
}

/** Whether a file is one of ours, of which more is known than the draws. */
function isFitFile(pieces: readonly string[]): boolean {
  return pieces.some((piece, i) => /"partial_pooling"\s*:\s*\{/.test(`${piece}${(pieces[i + 1] ?? '').slice(0, 40)}`));
}

/**
 * The fit of a fit file with its data, in it or by --data; null where there are none, so that draws alone are to be
 * judged. Throws what `fromJson` throws of any other.
 */
function wholeFit({ path, pieces }: File, args: Arguments, io: Io): Fit | null {
  const data = dataGiven(args, io);
  return about(path, () => {
    try {
      return fromJson(pieces, data);
    } catch (error) {
      const noData = data === undefined && error instanceof ModelError && error.code === 'fit-file-data';
      if (!noData) throw error;
      if (!isCompact(pieces)) return null;
      throw new ModelError(error.code, path, `${error.message} (--data FILE)`);
    }
  });
}

/** Throws `fit-file` where the draws of a fit file are not those that were written, or need the whole to be read. */
function checkDrawsOf({ path, pieces }: File): void {
  about(path, () => checkUnchanged(pieces));
  if (!isCompact(pieces)) return;
  const message = `${path} is a compact fit file, which is read by itself; combine joins the chains of several`;
  throw new ModelError('fit-file', path, message);
}

function isCompact([first]: readonly string[]): boolean {
  return first!.slice(0, 2000).includes(COMPACT);
}

/** Runs what is about a file, which a fault names. */
function about<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ModelError) throw new ModelError(error.code, path, `${path}: ${error.message}`);
    throw error;
  }
}
