import { residualsText } from '../../report/residualsText.ts';
import { residuals } from '../../summary/checks/residuals.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';

export const residualsCommand: Command = {
  name: 'residuals',
  summary: 'residuals of the rows, or of the groups of a factor',
  operands: [FIT_OPERAND],
  options: [
    { name: 'type', value: 'NAME', help: 'response (default), pearson, deviance or quantile' },
    { name: 'factor', value: 'NAME', help: 'of the groups of this factor, instead of the rows (response or pearson)' },
    { name: 'rows', value: 'N', help: 'the N largest (20; text output)' },
    { name: 'seed', value: 'N', help: 'of what quantile residuals of counts draw (that of the fit)' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling residuals fit.json --type quantile',
  run(args, io) {
    const type = args.choice('type', ['response', 'pearson', 'deviance', 'quantile', 'normalized']);
    const factor = args.text('factor');
    const fit = answeringFit(args, io);
    const result = residuals(fit, { type, factor, level: factor === undefined ? 1 : 2, seed: args.whole('seed') });
    const text = residualsText(result, { rows: args.whole('rows') });
    printAnswer(args, io, result, () => text);
    return STATUS.done;
  },
};
