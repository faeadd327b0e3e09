import { formatCsv } from '../../data/csv.ts';
import { toFrame } from '../../data/toFrame.ts';
import { predictionText } from '../../report/text.ts';
import { predict } from '../../summary/prediction/predict.ts';
import { type Command, JSON_OPTION, printJson, printNotes } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { outPath, writeOut } from '../files/outFile.ts';
import { checkNamedColumns, readTable, readTables } from '../files/tableFile.ts';
import { STATUS } from '../io.ts';

export const predictCommand: Command = {
  name: 'predict',
  summary: 'predict rows, of groups the fit knows and of new ones',
  operands: [FIT_OPERAND],
  options: [
    { name: 'newdata', value: 'FILE', help: 'CSV with the rows to predict; the rows of the fit unless given' },
    { name: 'newgroups', value: 'FACTOR=FILE', repeat: true, help: 'CSV with level-2 predictors of new groups' },
    {
      name: 'kind',
      value: 'KIND',
      help: 'mean (default): the expected value, or probability; probability: of each level of an ordinal response; linear: the linear predictor; odds; response: with its noise',
    },
    {
      name: 'unknown',
      value: 'draw|population|error',
      help: 'what a new group gets: a drawn deviation (default), none',
    },
    { name: 'population', help: 'the population line alone: no group deviates' },
    { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
    { name: 'seed', value: 'N', help: 'seed of the random parts; that of the fit unless given' },
    { name: 'out', value: 'FILE', help: 'write the predictions as CSV' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling predict fit.json --newdata new.csv --newgroups county=new_counties.csv',
  run(args, io) {
    const out = outPath(args, io);
    const fit = readFit(args, io);
    const path = args.text('newdata');
    const groups = readTables('newgroups', args, io, fit.design.tables);
    const rows = path === undefined ? undefined : readTable(path, args, io, fit.design.rows);
    if (rows) checkNamedColumns(args, [rows, ...Object.values(groups)]);
    const prediction = predict(fit, rows && { rows, groups }, {
      kind: args.choice('kind', ['mean', 'rate', 'probability', 'linear', 'odds', 'response']),
      newGroups: args.choice('unknown', ['draw', 'population', 'error']),
      groups: args.flag('population') ? 'none' : 'all',
      level: args.number('level'),
      seed: args.whole('seed'),
    });
    printNotes(io, prediction.notes);
    if (out !== undefined) writeOut(out, [formatCsv(toFrame(prediction.rows, 'predictions'))], io);
    if (args.flag('json'))
      printJson(io, { rows: prediction.rows, rowNumbers: prediction.rowNumbers, notes: prediction.notes });
    else if (out === undefined) io.stdout.write(`${predictionText(prediction)}\n`);
    return STATUS.done;
  },
};
