import { quote } from '../../input/quote.ts';
import { effectsText } from '../../report/effectsText.ts';
import { effects } from '../../summary/effects/effects.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { AT_OPTION, answeringFit, commaList, EFFECT_OPTIONS, heldColumns, numberOrText } from '../effectArguments.ts';
import { FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';

export const effectsCommand: Command = {
  name: 'effects',
  summary: 'what a predictor does to the mean of the response: slopes, comparisons, predictions',
  operands: [FIT_OPERAND, { name: 'PREDICTOR', help: 'a column that the terms of the model read' }],
  options: [
    {
      name: 'of',
      value: 'slopes|comparisons|predictions',
      help: 'slopes of numbers and comparisons of factors unless given',
    },
    { name: 'change', value: 'D|A,B', help: 'comparisons: add D to a number (1), or from A to B' },
    { name: 'over', value: 'rows|grid', help: 'the average over the rows (default), or at one reference row' },
    { name: 'by', value: 'A,B', help: 'columns or grouping factors whose levels are answered for one by one' },
    AT_OPTION,
    {
      name: 'for',
      value: 'average|population|new',
      help: 'which groups: those of the data (default), a typical one, or the mean over new ones',
    },
    ...EFFECT_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling effects fit.json floor --by county',
  run(args, io) {
    const fit = answeringFit(args, io);
    const result = effects(fit, args.operands[1]!, {
      of: args.choice('of', ['slopes', 'comparisons', 'predictions']),
      change: changeOf(args),
      over: args.choice('over', ['rows', 'grid']),
      by: commaList(args, 'by'),
      at: heldColumns(args),
      groups: args.choice('for', ['average', 'population', 'new']),
      kind: args.choice('kind', ['mean', 'rate', 'linear']),
      level: args.number('level'),
    });
    printAnswer(args, io, result, () => effectsText(result), result.notes);
    return STATUS.done;
  },
};

function changeOf(args: Arguments): number | readonly [number | string, number | string] | undefined {
  const given = commaList(args, 'change')?.map(numberOrText);
  if (given === undefined) return undefined;
  const [first, second] = given;
  if (given.length === 2) return [first!, second!];
  if (given.length === 1 && typeof first === 'number') return first;
  throw usageError(
    'change',
    `--change got ${quote(args.text('change'))}; accepted is a number to add, or two values, A,B`,
  );
}
