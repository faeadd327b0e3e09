import { influenceText } from '../../report/influenceText.ts';
import { influence } from '../../summary/comparison/influence.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { FACTOR_OPTION, groupingFactor } from '../groupingFactor.ts';
import { STATUS } from '../io.ts';

export const influenceCommand: Command = {
  name: 'influence',
  summary: 'what leaving each group out does to coefficients and sds',
  operands: [FIT_OPERAND],
  options: [
    FACTOR_OPTION,
    { name: 'rows', value: 'N', help: "the N groups with the largest Cook's distance (10; text output)" },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling influence fit.json --factor county',
  run(args, io) {
    const fit = answeringFit(args, io);
    const result = influence(fit, groupingFactor(fit, args));
    const text = influenceText(result, { rows: args.whole('rows') });
    printAnswer(args, io, result, () => text);
    return STATUS.done;
  },
};
