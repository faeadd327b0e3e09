import { numberedGroups } from '../design/numberedGroups.ts';
import { plan } from '../mcmc/plan.ts';
import { describe } from '../report/describe.ts';
import { type Command, JSON_OPTION, printJson } from './command.ts';
import { noteDesign, rankDeficiency } from './designNotes.ts';
import { STATUS } from './io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, graphArgument, modelArguments, PRIOR_OPTION } from './modelArguments.ts';
import { SAMPLING_OPTIONS } from './samplingOptions.ts';

export const describeCommand: Command = {
  name: 'describe',
  summary: 'print a model in full: equations, priors in force, kernels; nothing is sampled',
  operands: [FORMULA_OPERAND],
  options: [...DATA_OPTIONS, PRIOR_OPTION, ...SAMPLING_OPTIONS.filter(({ name }) => name === 'kernels'), JSON_OPTION],
  example: 'partial-pooling describe "log_radon ~ floor + (1 + floor | county)" --data radon.csv',
  run(args, io) {
    if (args.text('data') === undefined && args.texts('groups').length === 0) {
      const text = describe(graphArgument(args));
      if (args.flag('json')) printJson(io, { description: text });
      else io.stdout.write(`${text}\n`);
      return STATUS.done;
    }
    const { graph, data, missing, rankDeficient } = modelArguments(args, io);
    const model = plan(graph, data, { missing, rankDeficient, kernels: args.text('kernels') });
    const { design, kernels } = model;
    noteDesign(design, io, args.flag('json'));
    const text = describe(model);
    const columns = design.columns.map(({ label }) => label);
    const notes = kernels.map(({ name, updates, why }) => ({ name, updates, why }));
    if (args.flag('json'))
      printJson(io, {
        description: text,
        columns,
        ...rankDeficiency(design),
        kernels: notes,
        notes: numberedGroups(design),
      });
    else io.stdout.write(`${text}\n`);
    return STATUS.done;
  },
};
