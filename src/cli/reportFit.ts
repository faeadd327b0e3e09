import { toJsonPieces } from '../files/toJson.ts';
import type { Fit } from '../mcmc/fit.ts';
import type { Arguments } from './arguments.ts';
import { type OptionSpec, printJson } from './command.ts';
import { noteDesign } from './designNotes.ts';
import { writeOut } from './files/outFile.ts';
import type { Io, Status } from './io.ts';
import { printSummary, summaryDocument, trust } from './summaryDocument.ts';

/** The options of a command that writes a fit. */
export const FIT_OUT_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'out',
    value: 'FILE',
    help: 'write the fit as JSON, for the other commands and for ArviZ; FILE.gz is packed',
  },
  { name: 'compact', help: 'draws in that file as blocks of doubles: half as long, read far faster, but not by ArviZ' },
  { name: 'no-data', help: 'leave the data out of that file' },
];

/**
 * Writes a fit where that is asked for, and its file of draws (`closeDraws`), prints its summary whatever becomes of
 * the file, and gives the status of its verdict.
 */
export function reportFit(
  fit: Fit,
  out: string | undefined,
  args: Arguments,
  io: Io,
  closeDraws: () => void = () => {},
): Status {
  const print = (): Status => {
    const document = summaryDocument(fit);
    noteDesign(fit.design, io, args.flag('json'));
    if (args.flag('json')) printJson(io, document);
    else printSummary(fit, document, io);
    return trust(document.check);
  };
  // The file comes first: the verdict takes its time, and draws that are on disk are not lost with it.
  try {
    if (out !== undefined)
      writeOut(out, toJsonPieces(fit, { data: !args.flag('no-data'), compact: args.flag('compact') }), io);
    closeDraws();
  } catch (error) {
    print();
    throw error;
  }
  return print();
}
