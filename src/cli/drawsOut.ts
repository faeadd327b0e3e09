import { type DrawnLines, drawsHeader, drawsLines } from '../files/drawsLines.ts';
import type { RunOptions } from '../run/runChains.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { fileError } from './files/files.ts';
import { gzipMembers } from './files/gzipMembers.ts';
import { joinedPieces } from './files/joinedPieces.ts';
import { checkNotOut, checkOut } from './files/outFile.ts';
import type { OpenFile } from './files/wholeFile.ts';
import type { Io } from './io.ts';
import { usageError } from './parseArguments.ts';

export const DRAWS_OPTION: OptionSpec = {
  name: 'draws',
  value: 'FILE',
  help: 'write every draw of all quantities there as it is drawn, a JSON object a line, whatever --keep keeps; FILE.gz is packed',
};

/** So many characters or more are written at once. */
const PIECE = 1 << 18;

/** A file of draws that is written while they are drawn. */
export interface DrawsOut {
  /** What `sample` is to be told. */
  readonly options: Pick<RunOptions, 'onDraws'>;
  /** Has the file take its name, where there are draws. Throws `file` where it could not be written. */
  close(): void;
}

/**
 * The file that --draws names. Throws `usage` beside --checkpoint, from which such a file could not go on, and as
 * `checkOut` does.
 */
export function drawsOut(args: Arguments, io: Io): DrawsOut {
  const path = args.text('draws');
  if (path === undefined) return { options: {}, close() {} };
  if (args.text('checkpoint') !== undefined) {
    throw usageError('draws', '--draws: a file of draws cannot go on from a checkpoint; give --draws or --checkpoint');
  }
  checkNotOut(path, args, io, 'draws');
  checkOut(path, args, io, 'draws');
  const packed = /\.gz$/i.test(path);
  let file: OpenFile | null = null;
  let fault: unknown = null;
  const attempt = (action: () => void): void => {
    if (fault !== null) return;
    try {
      action();
    } catch (error) {
      fault = error;
      file?.discard();
      // What was drawn is worth more than this file: sampling goes on.
      io.stderr.write(`note: no draws are written any more: ${fileError(path, 'written', error).message}\n`);
    }
  };
  return {
    options: {
      onDraws: (drawn) =>
        attempt(() => {
          const first = file === null;
          file ??= io.openFile(path);
          const texts = joinedPieces(linesOf(drawn, first), PIECE);
          for (const piece of packed ? gzipMembers(texts) : texts) file.write(piece);
        }),
    },
    close() {
      attempt(() => file?.close());
      if (fault !== null) throw fileError(path, 'written', fault);
    },
  };
}

/** The lines of draws, the first of a file after its header. */
function* linesOf(drawn: DrawnLines, first: boolean): Generator<string> {
  if (first) yield drawsHeader(drawn);
  yield* drawsLines(drawn);
}
