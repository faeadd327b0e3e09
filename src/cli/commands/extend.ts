import { extend } from '../../run/extend.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { outPath } from '../files/outFile.ts';
import { STATUS } from '../io.ts';
import { FIT_OUT_OPTIONS, reportFit } from '../reportFit.ts';
import { sampleStoppable } from '../sampleStoppable.ts';
import { WORKERS_OPTION, workers } from '../samplingOptions.ts';

export const extendCommand: Command = {
  name: 'extend',
  summary: 'draw more for a fit, from where its chains stopped',
  operands: [FIT_OPERAND],
  options: [
    { name: 'iterations', value: 'N', help: 'further iterations of each chain (1000)' },
    WORKERS_OPTION,
    ...FIT_OUT_OPTIONS,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling extend fit.json --iterations 4000 --out longer.json',
  async run(args, io) {
    const out = outPath(args, io);
    const before = readFit(args, io);
    const iterations = args.whole('iterations') ?? 1000;
    const options = { workers: workers(args) };
    const { fit, stopped } = await sampleStoppable((more) => extend(before, iterations, { ...options, ...more }), io);
    if (fit === null) return stopped ?? STATUS.fault;
    const status = reportFit(fit, out, args, io);
    return stopped ?? status;
  },
};
