import { groupRanksText } from '../../report/groupRanksText.ts';
import { groupRanks } from '../../summary/comparison/groupRanks.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { FACTOR_OPTION, groupingFactor } from '../groupingFactor.ts';
import { STATUS } from '../io.ts';

export const ranksCommand: Command = {
  name: 'ranks',
  summary: 'rank the groups: expected ranks with intervals, and how probably each is the best',
  operands: [FIT_OPERAND],
  options: [
    FACTOR_OPTION,
    { name: 'term', value: 'NAME', help: 'the varying coefficient (Intercept)' },
    { name: 'of', value: 'coefficient|deviation', help: 'with level-2 predictors (default), or beyond them' },
    { name: 'best', value: 'highest|lowest', help: 'which end has rank 1 (highest)' },
    { name: 'top', value: 'K', help: 'K of the probability to be among the first K (10)' },
    { name: 'rows', value: 'N', help: 'the N groups with the smallest expected ranks (text output)' },
    { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling ranks fit.json --factor county --best lowest --rows 10',
  run(args, io) {
    const fit = readFit(args, io);
    const result = groupRanks(fit, groupingFactor(fit, args), {
      term: args.text('term'),
      of: args.choice('of', ['coefficient', 'deviation']),
      best: args.choice('best', ['highest', 'lowest']),
      top: args.whole('top'),
      level: args.number('level'),
    });
    const text = groupRanksText(result, { rows: args.whole('rows') });
    printAnswer(args, io, result, () => text);
    return STATUS.done;
  },
};
