import type { ModelData } from '../data/frame.ts';
import { toJson } from '../files/toJson.ts';
import type { ModelGraph } from '../graph/node.ts';
import type { Fit } from '../mcmc/fit.ts';
import { type SampleAsyncOptions, sample } from '../run/sample.ts';
import { type Command, JSON_OPTION, printJson } from './command.ts';
import { noteDesign } from './designNotes.ts';
import { writeText } from './files.ts';
import type { Io } from './io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments, PRIOR_OPTION } from './modelArguments.ts';
import { progressLine } from './progressLine.ts';
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
    { name: 'out', value: 'FILE', help: 'write the fit as JSON, for the other commands and for ArviZ' },
    { name: 'no-data', help: 'leave the data out of that file' },
    JSON_OPTION,
  ],
  example: 'partial-pooling fit "log_radon ~ floor + (1 + floor | county)" --data radon.csv --out fit.json',
  async run(args, io) {
    const { graph, data, missing, rankDeficient } = modelArguments(args, io);
    const fit = await sampleWithProgress(graph, data, { ...samplingOptions(args), missing, rankDeficient }, io);
    noteDesign(fit.design, io, args.flag('json'));
    const out = args.text('out');
    if (out !== undefined) writeText(out, toJson(fit, { data: !args.flag('no-data') }), io);
    const document = summaryDocument(fit);
    if (args.flag('json')) printJson(io, document);
    else printSummary(fit, document, io);
    return trust(document.check);
  },
};

async function sampleWithProgress(
  graph: ModelGraph,
  data: ModelData,
  options: SampleAsyncOptions,
  io: Io,
): Promise<Fit> {
  const line = progressLine(io);
  try {
    return await sample(graph, data, { ...options, onProgress: line.show });
  } finally {
    line.clear();
  }
}
