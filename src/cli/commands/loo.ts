import { crossValidationText } from '../../report/crossValidationText.ts';
import { compareModelsText } from '../../report/text.ts';
import { refitLeaveOneOut } from '../../run/refitLeaveOneOut.ts';
import { compareModels } from '../../summary/comparison/compareModels.ts';
import { leaveOneOut } from '../../summary/comparison/leaveOneOut.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';
import { plainArrays } from '../plainArrays.ts';
import { WORKERS_OPTION, workers } from '../samplingOptions.ts';

export const looCommand: Command = {
  name: 'loo',
  summary: 'how well a model predicts rows, or groups, left out; several models side by side',
  operands: [{ ...FIT_OPERAND, repeat: true, help: 'fit files, written by fit --out' }],
  options: [
    { name: 'by', value: 'FACTOR', help: 'leave groups of FACTOR out: how well is a new one predicted? (rows)' },
    { name: 'refit', help: 'fit without the rows, or groups, whose Pareto k is too large (of one model)' },
    { name: 'most', value: 'N', help: 'refuse more than N such fits (20)' },
    WORKERS_OPTION,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling loo fit.json --by county',
  async run(args, io) {
    const by = args.text('by');
    const paths = args.operands;
    if (paths.length > 1) {
      if (args.flag('refit')) throw usageError('refit', '--refit is of one fit; several files were given');
      const fits = Object.fromEntries(paths.map((path) => [path, readFit(args, io, path)]));
      const result = compareModels(fits, by === undefined ? {} : { by: [by] });
      printAnswer(args, io, result, () => compareModelsText(result));
      return STATUS.done;
    }
    const fit = readFit(args, io);
    const result = args.flag('refit')
      ? await refitLeaveOneOut(fit, { by, most: args.whole('most'), workers: workers(args) })
      : leaveOneOut(fit, { by });
    printAnswer(args, io, plainArrays(result), () => crossValidationText(result));
    return STATUS.done;
  },
};
