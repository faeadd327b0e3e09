import { columnNotes } from '../../design/columnNotes.ts';
import { quote } from '../../input/quote.ts';
import { plan } from '../../mcmc/plan.ts';
import { describe } from '../../report/describe.ts';
import { tableAccount, tableAccountText } from '../../report/tableAccount.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printAnswer, printJson, printText } from '../command.ts';
import { noteDesign, rankDeficiency } from '../designNotes.ts';
import { isDatabase } from '../files/database.ts';
import { readOptions } from '../files/readOptions.ts';
import { anyTableFile, checkNamedColumns } from '../files/tableFile.ts';
import { type Io, STATUS, type Status } from '../io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, graphArgument, modelArguments, PRIOR_OPTION } from '../modelArguments.ts';
import { usageError } from '../parseArguments.ts';
import { SAMPLING_OPTIONS } from '../samplingOptions.ts';

export const describeCommand: Command = {
  name: 'describe',
  summary:
    'print a model in full: equations, priors in force, kernels; or, without a formula, what is read of the data',
  operands: [{ ...FORMULA_OPERAND, optional: true }],
  options: [...DATA_OPTIONS, PRIOR_OPTION, ...SAMPLING_OPTIONS.filter(({ name }) => name === 'kernels'), JSON_OPTION],
  example: 'partial-pooling describe "log_radon ~ floor + (1 + floor | county)" --data radon.csv',
  async run(args, io) {
    if (args.operands.length === 0) return describeData(args, io);
    if (args.text('data') === undefined && args.texts('groups').length === 0) {
      const text = describe(graphArgument(args));
      printAnswer(args, io, { description: text }, () => text);
      return STATUS.done;
    }
    const { graph, data, missing, rankDeficient } = await modelArguments(args, io);
    const model = plan(graph, data, { missing, rankDeficient, kernels: args.text('kernels') });
    const { design, kernels } = model;
    noteDesign(design, io, args.flag('json'));
    const text = describe(model);
    const columns = design.columns.map(({ label }) => label);
    const notes = kernels.map(({ name, updates, why }) => ({ name, updates, why }));
    const document = {
      description: text,
      columns,
      ...rankDeficiency(design),
      kernels: notes,
      notes: columnNotes(design),
    };
    printAnswer(args, io, document, () => text);
    return STATUS.done;
  },
};

/** What was read of the rows: how the file is written, and every column. */
async function describeData(args: Arguments, io: Io): Promise<Status> {
  const path = args.text('data');
  if (path === undefined) {
    throw usageError(
      'describe',
      `describe needs ${FORMULA_OPERAND.name} (${FORMULA_OPERAND.help}), or --data FILE alone`,
    );
  }
  if (isDatabase(path)) {
    const message = `--data: rows that stay in a database are described with a model, describe "<formula>" --data ${quote(path)}`;
    throw usageError('data', message);
  }
  const { frame, written, comments, unnamed } = await anyTableFile(path, io, readOptions(args));
  checkNamedColumns(args, [frame]);
  const account = tableAccount(frame);
  if (args.flag('json')) {
    printJson(io, { written, comments, unnamed, ...account });
    return STATUS.done;
  }
  const more = [
    written,
    ...(comments > 0 ? [`${comments} comment ${comments === 1 ? 'line' : 'lines'} passed over`] : []),
    ...(unnamed > 0
      ? [
          `${unnamed} ${unnamed === 1 ? 'column' : 'columns'} without a name left out (--row-names NAME names the first)`,
        ]
      : []),
  ];
  printText(io, `${path === '-' ? 'standard input' : path}: ${more.join('; ')}\n${tableAccountText(account)}`);
  return STATUS.done;
}
