import { rSquaredText } from '../../report/rSquaredText.ts';
import { rSquared } from '../../summary/variance/rSquared.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';

export const rSquaredCommand: Command = {
  name: 'r-squared',
  summary: 'how much of the variance is explained, by coefficients and by groups',
  operands: [FIT_OPERAND],
  options: [
    { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling r-squared fit.json',
  run(args, io) {
    const result = rSquared(answeringFit(args, io), { level: args.number('level') });
    printAnswer(args, io, result, () => rSquaredText(result), result.notes);
    return STATUS.done;
  },
};
