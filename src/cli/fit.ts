import { toJsonPieces } from '../files/toJson.ts';
import type { Fit } from '../mcmc/fit.ts';
import { sample } from '../run/sample.ts';
import type { Arguments } from './arguments.ts';
import { type Command, JSON_OPTION, printJson } from './command.ts';
import { noteDesign } from './designNotes.ts';
import { type Io, STATUS, type Status } from './io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments, PRIOR_OPTION } from './modelArguments.ts';
import { outPath, writeOut } from './outFile.ts';
import { sampleStoppable } from './sampleStoppable.ts';
import { SAMPLING_OPTIONS, samplingOptions } from './samplingOptions.ts';
import { printSummary, summaryDocument, trust } from './summaryDocument.ts';

export const fitCommand: Command = {
  name: 'fit',
  summary: 'fit a model by Markov chain Monte Carlo',
  operands: [FORMULA_OPERAND],
  options: [
    ...DATA_OPTIONS,
    PRIOR_OPTION,
    ...SAMPLING_OPTIONS,
    {
      name: 'out',
      value: 'FILE',
      help: 'write the fit as JSON, for the other commands and for ArviZ; FILE.gz is packed',
    },
    {
      name: 'compact',
      help: 'draws in that file as blocks of doubles: half as long, read far faster, but not by ArviZ',
    },
    { name: 'no-data', help: 'leave the data out of that file' },
    JSON_OPTION,
  ],
  example: 'partial-pooling fit "log_radon ~ floor + (1 + floor | county)" --data radon.csv --out fit.json',
  async run(args, io) {
    const out = outPath(args, io);
    const { graph, data, missing, rankDeficient } = modelArguments(args, io);
    const options = { ...samplingOptions(args), missing, rankDeficient };
    const { fit, stopped } = await sampleStoppable((more) => sample(graph, data, { ...options, ...more }), io);
    if (fit === null) return stopped ?? STATUS.fault;
    const status = reportFit(fit, out, args, io);
    return stopped ?? status;
  },
};

/** Writes a fit where that is asked for, prints its summary whatever becomes of the file, and gives the status of its verdict. */
export function reportFit(fit: Fit, out: string | undefined, args: Arguments, io: Io): Status {
  const document = summaryDocument(fit);
  try {
    if (out !== undefined)
      writeOut(out, toJsonPieces(fit, { data: !args.flag('no-data'), compact: args.flag('compact') }), io);
  } finally {
    noteDesign(fit.design, io, args.flag('json'));
    if (args.flag('json')) printJson(io, document);
    else printSummary(fit, document, io);
  }
  return trust(document.check);
}
