import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';
import { shrinkageText } from '../../report/shrinkageText.ts';
import type { ModelFit } from '../../summary/modelFit.ts';
import { shrinkage } from '../../summary/pooling/shrinkage.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printJson } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { FACTOR_OPTION, groupingFactor } from '../groupingFactor.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';
import { POINT_OPTION, pointOf } from '../pointOf.ts';
import { fitted } from '../terminal.ts';

export const shrinkageCommand: Command = {
  name: 'shrinkage',
  summary: 'show what partial pooling did to every group',
  operands: [FIT_OPERAND],
  options: [
    FACTOR_OPTION,
    { name: 'term', value: 'NAME', help: 'one varying coefficient only, as in Intercept (text output)' },
    POINT_OPTION,
    { name: 'matrix', help: "add the matrix weights: how much of every coefficient's line is in each estimate" },
    { name: 'top', value: 'N', help: 'the N groups that shrank most (text output)' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling shrinkage fit.json --factor county --top 10',
  run(args, io) {
    const fit = answeringFit(args, io);
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

function termOf(fit: ModelFit, factor: string, args: Arguments): string | undefined {
  const given = args.text('term');
  if (given === undefined) return undefined;
  const { labels } = fit.design.groupTerms.find((term) => term.factor === factor)!;
  if (labels.includes(given)) return given;
  const near = nearestNames(given, labels, 8).join(', ');
  throw usageError('term', `--term: ${quote(given)} does not vary by ${factor}; accepted are ${near}`);
}
