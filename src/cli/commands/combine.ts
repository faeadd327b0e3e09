import { combine } from '../../files/combine.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { outPath } from '../files/outFile.ts';
import { FIT_OUT_OPTIONS, reportFit } from '../reportFit.ts';

export const combineCommand: Command = {
  name: 'combine',
  summary: 'join chains that were run apart, each by fit --chain K --of N, to one fit',
  operands: [{ ...FIT_OPERAND, repeat: true }],
  options: [...FIT_OUT_OPTIONS, ...FIT_DATA_OPTIONS, JSON_OPTION],
  example: 'partial-pooling combine chain1.json chain2.json --out fit.json',
  run(args, io) {
    const out = outPath(args, io);
    const fit = combine(args.operands.map((path) => readFit(args, io, path)));
    return reportFit(fit, out, args, io);
  },
};
