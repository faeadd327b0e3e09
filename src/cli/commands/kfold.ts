import { crossValidationText } from '../../report/crossValidationText.ts';
import { kFold } from '../../run/kFold.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { STATUS } from '../io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments, PRIOR_OPTION } from '../modelArguments.ts';
import { plainArrays } from '../plainArrays.ts';
import { SAMPLING_OPTIONS, samplingOptions } from '../samplingOptions.ts';

/** What of the sampling options makes sense of many fits of which none is kept. */
const TAKEN = ['chains', 'warmup', 'iterations', 'seed', 'workers', 'kernels'];

export const kfoldCommand: Command = {
  name: 'kfold',
  summary: 'cross-validation by fits without each of K parts of the rows, or of the groups',
  operands: [FORMULA_OPERAND],
  options: [
    { name: 'folds', value: 'K', help: 'number of parts (10)' },
    { name: 'by', value: 'FACTOR', help: 'divide the groups of FACTOR: how well is a new one predicted? (rows)' },
    ...DATA_OPTIONS,
    PRIOR_OPTION,
    ...SAMPLING_OPTIONS.filter(({ name }) => TAKEN.includes(name)),
    JSON_OPTION,
  ],
  example: 'partial-pooling kfold "log_radon ~ floor + (1 | county)" --data radon.csv --by county --folds 5',
  async run(args, io) {
    const { graph, data, missing, rankDeficient } = await modelArguments(args, io);
    const { chains, warmup, iterations, seed, workers, kernels } = samplingOptions(args);
    const result = await kFold(graph, data, {
      ...{ chains, warmup, iterations, seed, workers, kernels, missing, rankDeficient },
      folds: args.whole('folds'),
      by: args.text('by'),
    });
    printAnswer(args, io, plainArrays(result), () => crossValidationText(result));
    return STATUS.done;
  },
};
