import { formatCsv } from '../../data/csv.ts';
import { toFrame } from '../../data/toFrame.ts';
import { quote } from '../../input/quote.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { checkOut, writeOut } from '../files/outFile.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';

const NAMES = ['radon', 'hsb', 'sleepstudy', 'voters'] as const;

/** The data of `partial-pooling/data` for those who have no file at hand; they are loaded when they are asked for. */
export const datasetCommand: Command = {
  name: 'dataset',
  summary: 'write one of the data sets that come with the package as CSV, to try things on',
  operands: [{ name: 'NAME', values: NAMES, help: NAMES.join(', ') }],
  options: [
    { name: 'out', value: 'FILE', help: 'where to, say radon.csv; unless given it goes to standard output' },
    JSON_OPTION,
  ],
  example: 'partial-pooling dataset radon --out radon.csv',
  async run(args, io) {
    const [given] = args.operands;
    const name = NAMES.find((known) => known === given);
    if (name === undefined) {
      throw usageError('NAME', `dataset: got ${quote(given)}; accepted is ${NAMES.join(', ')}`);
    }
    const out = args.text('out');
    if (out !== undefined) checkOut(out, args, io);
    const datasets = await import('../../datasets/index.ts');
    const frame = toFrame(datasets[name], name);
    const csv = formatCsv(frame);
    const columns = [...frame.columns.keys()];
    if (out === undefined && !args.flag('json')) {
      io.stdout.write(csv);
      return STATUS.done;
    }
    if (out !== undefined) writeOut(out, [csv], io);
    const document = { dataset: name, rows: frame.n, columns, ...(out === undefined ? { csv } : { file: out }) };
    printAnswer(args, io, document, () => `${out}: ${frame.n} rows, columns ${columns.join(', ')}`);
    return STATUS.done;
  },
};
