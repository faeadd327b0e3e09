import { hypothesisText } from '../../report/hypothesisText.ts';
import { hypothesis } from '../../summary/comparison/hypothesis.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';

export const hypothesisCommand: Command = {
  name: 'hypothesis',
  summary: 'the posterior of an expression of the quantities, or how probable an inequality is',
  operands: [
    FIT_OPERAND,
    {
      name: 'EXPRESSION',
      repeat: true,
      help: 'such as "floor < 0", "tau_county[Intercept] / sigma", "exp(floor)" or "b_county[AITKIN,Intercept] > 1"',
    },
  ],
  options: [
    { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling hypothesis fit.json "floor < 0" "tau_county[Intercept] / sigma"',
  run(args, io) {
    const fit = answeringFit(args, io);
    const rows = args.operands.slice(1).map((text) => hypothesis(fit, text, { level: args.number('level') }));
    printAnswer(args, io, rows, () => hypothesisText(rows));
    return STATUS.done;
  },
};
