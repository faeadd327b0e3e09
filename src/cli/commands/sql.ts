import { DIALECT_NAMES } from '../../reduction/dialect.ts';
import { reductionSql } from '../../reduction/reductionSql.ts';
import { type Command, JSON_OPTION, printJson } from '../command.ts';
import { STATUS } from '../io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, graphArgument } from '../modelArguments.ts';
import { usageError } from '../parseArguments.ts';

export const sqlCommand: Command = {
  name: 'sql',
  summary: 'print the statements that reduce a table to what a model needs, for a warehouse or Spark',
  operands: [FORMULA_OPERAND],
  options: [
    { name: 'dialect', value: 'NAME', help: `${DIALECT_NAMES.join(', ')}` },
    { name: 'table', value: 'NAME', help: 'the table with the rows; it is quoted' },
    { name: 'schema', value: 'NAME', help: 'the schema (or data set) that the table stands in' },
    {
      name: 'text',
      value: 'COLUMN',
      repeat: true,
      help: 'a column that is text, so that as a predictor it is a factor',
    },
    ...DATA_OPTIONS.filter(({ name }) => ['level2', 'family', 'nu', 'shape', 'precision', 'levels'].includes(name)),
    JSON_OPTION,
  ],
  example: 'partial-pooling sql "log_radon ~ floor + (1 | county)" --dialect spark --table homes',
  run(args, io) {
    const graph = graphArgument(args);
    const dialect = args.choice('dialect', DIALECT_NAMES);
    const table = args.text('table');
    if (dialect === undefined) {
      throw usageError('dialect', `--dialect is missing; accepted are ${DIALECT_NAMES.join(', ')}`);
    }
    if (table === undefined) throw usageError('table', '--table is missing: give the name of the table with the rows');
    const schema = args.text('schema');
    const from = schema === undefined ? table : [schema, table];
    const { check, cells } = reductionSql(graph, { dialect, from, text: args.texts('text') });
    if (args.flag('json')) printJson(io, { dialect, check, cells });
    else {
      io.stdout.write(
        '-- Rows, missing and infinite values: to look at.\n' +
          `${check};\n\n` +
          '-- The cells: save the result as CSV with all digits and give it to --reduced.\n' +
          `${cells};\n`,
      );
    }
    return STATUS.done;
  },
};
