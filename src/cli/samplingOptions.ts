import { quote } from '../input/quote.ts';
import { RULE_NAMES } from '../kernels/ruleNames.ts';
import type { Kept } from '../mcmc/keep.ts';
import type { SampleAsyncOptions } from '../run/sample.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { namedOnce, usageError } from './parseArguments.ts';

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
    name: 'keep',
    value: 'VARIABLE=WHAT',
    repeat: true,
    help: 'what is kept of group-level deviations, as in u_county=summary: draws (default); summary: means, covariances and quantiles, for summary, shrinkage and new groups; none',
  },
  { name: 'thin', value: 'N', help: 'keep each N-th draw (1)' },
  { name: 'memory', value: 'GB', help: 'what draws may take in memory (half of what there is)' },
  {
    name: 'kernels',
    value: 'RULE',
    help: `which kernels make a sweep: auto (default), ${RULE_NAMES.join(', ')}`,
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
    keep: keep(args),
    thin: args.whole('thin'),
    memory: args.number('memory'),
  };
}

const KEPT: ReadonlyMap<string, Kept> = new Map<string, Kept>([
  ['draws', 'draws'],
  ['summary', 'summary'],
  ['none', false],
]);

/** What is to be kept, of variables that the model is to know. Throws `usage`. */
function keep(args: Arguments): SampleAsyncOptions['keep'] {
  const given = args.texts('keep').map((text): [string, Kept] => {
    const equals = text.lastIndexOf('=');
    const kept = KEPT.get(text.slice(equals + 1).trim());
    if (equals > 0 && kept !== undefined) return [text.slice(0, equals).trim(), kept];
    throw usageError(
      'keep',
      `--keep: got ${quote(text)}; accepted is VARIABLE=draws, =summary or =none, as in u_county=summary`,
    );
  });
  return given.length > 0 ? namedOnce(given, 'keep') : undefined;
}

/** Where chains are to run. Throws `usage`. */
export function workers(args: Arguments): SampleAsyncOptions['workers'] {
  const given = args.text('workers') ?? 'auto';
  if (given === 'auto') return 'auto';
  if (given === 'none') return false;
  if (/^\d+$/.test(given)) return Number(given);
  throw usageError('workers', `--workers: got ${quote(given)}; accepted is a whole number, auto or none`);
}
