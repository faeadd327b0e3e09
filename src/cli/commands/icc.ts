import { iccText } from '../../report/iccText.ts';
import { icc } from '../../summary/icc.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';
import { POINT_OPTION, pointOf } from '../pointOf.ts';

export const iccCommand: Command = {
  name: 'icc',
  summary: 'intraclass correlation and share of the variance of every grouping factor',
  operands: [FIT_OPERAND],
  options: [POINT_OPTION, METHOD_ANSWER, ...FIT_DATA_OPTIONS, JSON_OPTION],
  example: 'partial-pooling icc fit.json --at floor=1',
  run(args, io) {
    const fit = answeringFit(args, io);
    const rows = icc(fit, { at: pointOf(fit, args) });
    printAnswer(args, io, rows, () => iccText(rows));
    return STATUS.done;
  },
};
