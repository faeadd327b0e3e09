import { combine } from '../../files/combine.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { outPath } from '../files/outFile.ts';
import type { Io } from '../io.ts';
import { FIT_OUT_OPTIONS, reportFit } from '../reportFit.ts';

export const combineCommand: Command = {
  name: 'combine',
  summary: 'join chains that were run apart, each by fit --chain K --of N, to one fit',
  operands: [{ ...FIT_OPERAND, repeat: true }],
  options: [...FIT_OUT_OPTIONS, ...FIT_DATA_OPTIONS, JSON_OPTION],
  example: 'partial-pooling combine chain1.json chain2.json --out fit.json',
  run(args, io) {
    const out = outPath(args, io);
    const fit = combine(
      args.operands.map((path) => readFit(args, io, path)),
      args.operands,
    );
    noteMissing(fit, io);
    return reportFit(fit, out, args, io);
  },
};

/** Says which chains are not there, as far as the number of the last one tells: a job may have died unnoticed. */
function noteMissing({ checkpoints }: Fit, io: Io): void {
  const there = new Set(checkpoints.map(({ chain }) => chain + 1));
  const last = Math.max(...there);
  const missing = Array.from({ length: last }, (_, c) => c + 1).filter((chain) => !there.has(chain));
  if (missing.length === 0) return;
  const which = missing.length === 1 ? `chain ${missing[0]} is` : `chains ${missing.join(', ')} are`;
  io.stderr.write(`note: ${which} not among them, though chain ${last} is; a job may have failed\n`);
}
