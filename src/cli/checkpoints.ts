import { toCheckpoint } from '../files/toJson.ts';
import type { RunOptions } from '../run/runChains.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { checkNotOut, checkOut, writeOut } from './files/outFile.ts';
import type { Io } from './io.ts';

export const EVERY_OPTION: OptionSpec = {
  name: 'every',
  value: 'SECONDS',
  help: 'seconds between two checkpoints (30)',
};

export const CHECKPOINT_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'checkpoint',
    value: 'FILE',
    help: 'write there every so often where sampling stands: resume goes on from it',
  },
  EVERY_OPTION,
];

/**
 * What `sample` is to be told so that it writes checkpoints to a file; nothing where there is none. One that cannot be
 * written is noted, and sampling goes on. Throws `usage` where it is the file of --out, and as `checkOut` does.
 */
export function checkpoints(
  path: string | undefined,
  args: Arguments,
  io: Io,
): Pick<RunOptions, 'onCheckpoint' | 'checkpointSeconds'> {
  if (path === undefined) return {};
  if (path !== args.operands[0]) {
    checkNotOut(path, args, io, 'checkpoint');
    checkOut(path, args, io, 'checkpoint');
  }
  let noted = false;
  return {
    checkpointSeconds: args.number('every') ?? 30,
    onCheckpoint(unfinished) {
      try {
        writeOut(path, toCheckpoint(unfinished), io);
      } catch (error) {
        if (!noted) io.stderr.write(`note: no checkpoint: ${error instanceof Error ? error.message : String(error)}\n`);
        noted = true;
      }
    },
  };
}
