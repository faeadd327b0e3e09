import { predictiveCheckText } from '../../report/predictiveCheckText.ts';
import { type PredictiveStatistic, predictiveCheck } from '../../summary/checks/predictiveCheck.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { commaList } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';

export const predictiveCheckCommand: Command = {
  name: 'predictive-check',
  summary: 'whether the fitted model draws data like the data: statistics of replicates beside the observed',
  operands: [FIT_OPERAND],
  options: [
    {
      name: 'statistic',
      value: 'A,B',
      help: 'mean, sd, smallest, largest (default), median, zeros (their share), skewness',
    },
    { name: 'by', value: 'FACTOR', help: 'of each group of this factor, instead of all rows' },
    {
      name: 'for',
      value: 'data|new',
      help: 'replicates of the groups of the data (default), or of new groups like them',
    },
    { name: 'replicates', value: 'N', help: 'number of replicates (400)' },
    { name: 'rows', value: 'N', help: 'the N statistics farthest out (all; text output)' },
    { name: 'seed', value: 'N', help: 'seed of the replicates; that of the fit unless given' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling predictive-check fit.json --statistic mean,sd --by county --rows 10',
  run(args, io) {
    const groups = args.choice('for', ['data', 'new']);
    const { rows, replicates } = predictiveCheck(readFit(args, io), {
      statistic: commaList(args, 'statistic') as PredictiveStatistic[] | undefined,
      by: args.text('by'),
      draws: args.whole('replicates'),
      seed: args.whole('seed'),
      groups: groups === 'new' ? 'new' : undefined,
    });
    const text = predictiveCheckText({ rows, replicates }, { rows: args.whole('rows') });
    printAnswer(args, io, { rows, replicates }, () => text);
    return STATUS.done;
  },
};
