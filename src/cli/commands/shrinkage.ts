import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { shrinkageText } from '../../report/shrinkageText.ts';
import { shrinkage } from '../../summary/pooling/shrinkage.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printJson } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { FACTOR_OPTION, groupingFactor } from '../groupingFactor.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';
import { fitted } from '../terminal.ts';

export const shrinkageCommand: Command = {
  name: 'shrinkage',
  summary: 'show what partial pooling did to every group',
  operands: [FIT_OPERAND],
  options: [
    FACTOR_OPTION,
    { name: 'term', value: 'NAME', help: 'one varying coefficient only, as in Intercept (text output)' },
    {
      name: 'at',
      value: 'NAME=VALUE',
      repeat: true,
      help: 'where the intraclass correlation is taken, as in Days=9; varying columns are 0 unless given',
    },
    { name: 'matrix', help: "add the matrix weights: how much of every coefficient's line is in each estimate" },
    { name: 'top', value: 'N', help: 'the N groups that shrank most (text output)' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling shrinkage fit.json --factor county --top 10',
  run(args, io) {
    const fit = readFit(args, io);
    const result = shrinkage(fit, groupingFactor(fit, args), { at: pointOf(fit, args), matrix: args.flag('matrix') });
    const term = termOf(fit, result.factor, args);
    const top = args.whole('top');
    if (top !== undefined && top < 1) throw usageError('top', `--top: got ${top}; accepted is a whole number from 1`);
    if (args.flag('json')) printJson(io, result);
    else {
      const { terminal } = io;
      const [table, ...notes] = shrinkageText(result, { term, top, width: terminal?.columns }).split('\n\n');
      io.stdout.write(`${fitted([table!, '', ...notes], terminal).join('\n')}\n`);
    }
    return STATUS.done;
  },
};

/** The point named by --at; a value that reads as a number is one, unless its column is text. */
function pointOf({ design }: Fit, args: Arguments): Record<string, number | string> | undefined {
  const given = args.texts('at');
  if (given.length === 0) return undefined;
  const entries = given.map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    if (equals < 1 || value === '') {
      throw usageError('at', `--at: got ${quote(pair)}; accepted is NAME=VALUE, as in Days=9`);
    }
    const text = design.rows.columns.get(name)?.kind === 'text';
    return [name, !text && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(value) ? Number(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

function termOf(fit: Fit, factor: string, args: Arguments): string | undefined {
  const given = args.text('term');
  if (given === undefined) return undefined;
  const { labels } = fit.design.groupTerms.find((term) => term.factor === factor)!;
  if (labels.includes(given)) return given;
  const near = nearestNames(given, labels, 8).join(', ');
  throw usageError('term', `--term: ${quote(given)} does not vary by ${factor}; accepted are ${near}`);
}
