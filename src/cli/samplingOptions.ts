import { quote } from '../input/quote.ts';
import { KERNEL_RULES } from '../kernels/kernelRules.ts';
import type { SampleAsyncOptions } from '../run/sample.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { usageError } from './parseArguments.ts';

export const WORKERS_OPTION: OptionSpec = {
  name: 'workers',
  value: 'N',
  help: 'chains in N threads; auto (default): where that saves time; none: in turn',
};

/** The options that say how to sample. */
export const SAMPLING_OPTIONS: readonly OptionSpec[] = [
  { name: 'chains', value: 'N', help: 'number of chains (4)' },
  { name: 'warmup', value: 'N', help: 'iterations of each chain before the first recorded one (1000)' },
  { name: 'iterations', value: 'N', help: 'recorded iterations of each chain (1000)' },
  { name: 'seed', value: 'N', help: 'equal seeds give equal draws (1)' },
  WORKERS_OPTION,
  {
    name: 'kernels',
    value: 'RULE',
    help: `which kernels make a sweep: auto (default), ${KERNEL_RULES.map(({ name }) => name).join(', ')}`,
  },
];

/** What `sample` is to be told; ranges are for it to check. */
export function samplingOptions(args: Arguments): SampleAsyncOptions {
  return {
    chains: args.whole('chains'),
    warmup: args.whole('warmup'),
    iterations: args.whole('iterations'),
    seed: args.whole('seed'),
    kernels: args.text('kernels'),
    workers: workers(args),
  };
}

/** Where chains are to run. Throws `usage`. */
export function workers(args: Arguments): SampleAsyncOptions['workers'] {
  const given = args.text('workers') ?? 'auto';
  if (given === 'auto') return 'auto';
  if (given === 'none') return false;
  if (/^\d+$/.test(given)) return Number(given);
  throw usageError('workers', `--workers: got ${quote(given)}; accepted is a whole number, auto or none`);
}
