import { formatCsv } from '../../data/csv.ts';
import { toFrame } from '../../data/toFrame.ts';
import { predictionText } from '../../report/text.ts';
import { poststratify } from '../../summary/prediction/poststratify.ts';
import { type Command, JSON_OPTION, printJson, printNotes, printText } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { outPath, writeOut } from '../files/outFile.ts';
import { checkNamedColumns, readAnyTable, readTables } from '../files/tableFile.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';

export const poststratifyCommand: Command = {
  name: 'poststratify',
  summary: 'estimate a population of known composition, whole or by parts',
  operands: [FIT_OPERAND],
  options: [
    { name: 'newdata', value: 'FILE', help: 'CSV with one line per cell: predictors, groups, number of people' },
    { name: 'newgroups', value: 'FACTOR=FILE', repeat: true, help: 'CSV with level-2 predictors of new groups' },
    { name: 'by', value: 'A,B', help: 'the columns that name the parts; the whole population unless given' },
    { name: 'weights', value: 'COLUMN', help: 'the column with the number of people of a cell (N)' },
    { name: 'kind', value: 'share|total', help: 'the share of successes, or mean (default), or the total' },
    {
      name: 'unknown',
      value: 'error|draw|population',
      help: 'a cell of a group the fit has not: refused (default), a drawn deviation, none',
    },
    { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
    { name: 'seed', value: 'N', help: 'seed of the drawn deviations; that of the fit unless given' },
    { name: 'out', value: 'FILE', help: 'write the estimates as CSV' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling poststratify fit.json --newdata cells.csv --by state',
  async run(args, io) {
    const path = args.text('newdata');
    if (path === undefined) {
      throw usageError('newdata', '--newdata is missing: give the CSV file with the cells, --newdata FILE');
    }
    const out = outPath(args, io);
    const fit = answeringFit(args, io);
    const groups = readTables('newgroups', args, io, fit.design.tables);
    const cells = await readAnyTable(path, args, io, fit.design.rows);
    checkNamedColumns(args, [cells, ...Object.values(groups)]);
    const by = (args.text('by') ?? '').split(',').map((name) => name.trim());
    const { rows, notes } = poststratify(
      fit,
      { rows: cells, groups },
      {
        by: by.filter((name) => name !== ''),
        weights: args.text('weights'),
        kind: args.choice('kind', ['share', 'total']),
        newGroups: args.choice('unknown', ['error', 'draw', 'population']),
        level: args.number('level'),
        seed: args.whole('seed'),
      },
    );
    printNotes(io, notes);
    if (out !== undefined) writeOut(out, [formatCsv(toFrame(rows, 'estimates'))], io);
    if (args.flag('json')) printJson(io, { rows, notes });
    else if (out === undefined) printText(io, predictionText({ rows }));
    return STATUS.done;
  },
};
