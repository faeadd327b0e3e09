import { type SampleAsyncOptions, sample } from '../../run/sample.ts';
import type { Arguments } from '../arguments.ts';
import { CHECKPOINT_OPTIONS, checkpoints } from '../checkpoints.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { DRAWS_OPTION, drawsOut } from '../drawsOut.ts';
import { outPath } from '../files/outFile.ts';
import { STATUS } from '../io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments, PRIOR_OPTION } from '../modelArguments.ts';
import { usageError } from '../parseArguments.ts';
import { FIT_OUT_OPTIONS, reportFit } from '../reportFit.ts';
import { sampleStoppable } from '../sampleStoppable.ts';
import { SAMPLING_OPTIONS, samplingOptions } from '../samplingOptions.ts';

export const fitCommand: Command = {
  name: 'fit',
  summary: 'fit a model by Markov chain Monte Carlo',
  operands: [FORMULA_OPERAND],
  options: [
    ...DATA_OPTIONS,
    PRIOR_OPTION,
    ...SAMPLING_OPTIONS,
    { name: 'chain', value: 'K', help: 'the K-th chain of --of N alone: others run elsewhere, combine joins them' },
    { name: 'of', value: 'N', help: 'number of chains, of which --chain K is run' },
    ...CHECKPOINT_OPTIONS,
    DRAWS_OPTION,
    ...FIT_OUT_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling fit "log_radon ~ floor + (1 + floor | county)" --data radon.csv --out fit.json',
  async run(args, io) {
    const out = outPath(args, io);
    const lines = drawsOut(args, io);
    const { graph, data, missing, rankDeficient } = await modelArguments(args, io);
    const keep = checkpoints(args.text('checkpoint'), args, io);
    const options = {
      ...samplingOptions(args),
      ...chainOption(args),
      ...keep,
      ...lines.options,
      missing,
      rankDeficient,
    };
    const { fit, stopped } = await sampleStoppable((more) => sample(graph, data, { ...options, ...more }), io);
    if (fit === null) return stopped ?? STATUS.fault;
    const status = reportFit(fit, out, args, io, () => lines.close());
    return stopped ?? status;
  },
};

/** `--chain 3 --of 8`. */
function chainOption(args: Arguments): Pick<SampleAsyncOptions, 'only' | 'chains'> {
  const chain = args.whole('chain');
  const of = args.whole('of');
  if (chain === undefined && of === undefined) return {};
  if (chain === undefined || of === undefined) {
    throw usageError('chain', '--chain and --of belong together: --chain 3 --of 8 runs the third chain of eight');
  }
  if (chain < 1 || chain > of) {
    throw usageError('chain', `--chain: got ${chain}; accepted is the number of one chain, from 1 to ${of} (--of)`);
  }
  if (args.text('chains') !== undefined)
    throw usageError('chains', '--of gives the number of chains; leave --chains out');
  return { only: [chain], chains: of };
}
