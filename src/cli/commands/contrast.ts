import { jointContrast } from '../../likelihood/inference/jointContrast.ts';
import { contrastText } from '../../report/contrastText.ts';
import { contrast } from '../../summary/comparison/contrast.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';

export const contrastCommand: Command = {
  name: 'contrast',
  summary: 'linear combinations of coefficients; with --method their tests, each and all at once',
  operands: [
    FIT_OPERAND,
    {
      name: 'COMBINATION',
      repeat: true,
      help: 'such as "floor + floor:log_uranium", "(a + b) / 2 - c" or "a = 2; b = 0"',
    },
  ],
  options: [
    { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling contrast fit.json "floor = 0; floor:log_uranium = 0" --method REML',
  run(args, io) {
    const fit = answeringFit(args, io);
    const texts = args.operands.slice(1).flatMap((text) => text.split(';'));
    const rows = texts.map((text) => contrast(fit, text, { level: args.number('level') }));
    const joint = fit.kind !== 'mcmc' && texts.length > 1 ? jointContrast(fit, texts) : null;
    printAnswer(args, io, { rows, joint }, () => contrastText(rows, joint));
    return STATUS.done;
  },
};
