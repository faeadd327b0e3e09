import { formatCsv } from '../../data/csv.ts';
import { toFrame } from '../../data/toFrame.ts';
import { predictionText } from '../../report/text.ts';
import { predict } from '../../summary/prediction/predict.ts';
import { type Command, JSON_OPTION, printJson, printNotes, printText } from '../command.ts';
import { answeringFit, METHOD_ANSWER } from '../effectArguments.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND } from '../files/fitFile.ts';
import { outPath, writeOut } from '../files/outFile.ts';
import { checkNamedColumns, readAnyTable, readTables } from '../files/tableFile.ts';
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
      help: 'mean (default): the expected value of a row, which is a probability of successes and a count of counts at their exposure; probability: that of each level of an ordinal response; rate: the mean at an exposure of 1; linear: the linear predictor, before the inverse link; odds: p / (1 - p), of successes alone; response: a new row, with the noise of rows',
    },
    {
      name: 'unknown',
      value: 'draw|population|error',
      help: 'a group the fit does not know: draw (default), its deviation is drawn from the spread of groups in each draw; population, it has none; error, it is refused',
    },
    { name: 'population', help: 'the population line alone, also for groups the fit knows: no group deviates' },
    { name: 'level', value: 'P', help: 'probability of the interval, above 0 and below 1 (0.9: columns q5 and q95)' },
    { name: 'seed', value: 'N', help: 'seed of the random parts; that of the fit unless given' },
    { name: 'out', value: 'FILE', help: 'write the predictions as CSV' },
    METHOD_ANSWER,
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling predict fit.json --newdata new.csv --newgroups county=new_counties.csv',
  async run(args, io) {
    const out = outPath(args, io);
    const fit = answeringFit(args, io);
    const path = args.text('newdata');
    const groups = readTables('newgroups', args, io, fit.design.tables);
    const rows = path === undefined ? undefined : await readAnyTable(path, args, io, fit.design.rows);
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
    else if (out === undefined) printText(io, predictionText(prediction));
    return STATUS.done;
  },
};
