import { fromCheckpoint } from '../../files/fromJson.ts';
import { resume } from '../../run/extend.ts';
import { checkpoints, EVERY_OPTION } from '../checkpoints.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { readParsed } from '../files/fitFile.ts';
import { outPath } from '../files/outFile.ts';
import { STATUS } from '../io.ts';
import { FIT_OUT_OPTIONS, reportFit } from '../reportFit.ts';
import { sampleStoppable } from '../sampleStoppable.ts';
import { WORKERS_OPTION, workers } from '../samplingOptions.ts';

export const resumeCommand: Command = {
  name: 'resume',
  summary: 'go on with a fit that was cut short, from its checkpoint, to the same draws as without the cut',
  operands: [{ name: 'FILE', help: 'a checkpoint, written by fit --checkpoint; it is kept up to date' }],
  options: [WORKERS_OPTION, EVERY_OPTION, ...FIT_OUT_OPTIONS, JSON_OPTION],
  example: 'partial-pooling resume run.checkpoint --out fit.json',
  async run(args, io) {
    const out = outPath(args, io);
    const path = args.operands[0]!;
    const unfinished = readParsed(path, io, fromCheckpoint);
    const options = { workers: workers(args), ...checkpoints(path, args, io) };
    const { fit, stopped } = await sampleStoppable((more) => resume(unfinished, { ...options, ...more }), io);
    if (fit === null) return stopped ?? STATUS.fault;
    const status = reportFit(fit, out, args, io);
    return stopped ?? status;
  },
};
