import { quote } from '../input/quote.ts';
import type { ModelFit } from '../summary/modelFit.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { usageError } from './parseArguments.ts';

export const POINT_OPTION: OptionSpec = {
  name: 'at',
  value: 'NAME=VALUE',
  repeat: true,
  help: 'where the intraclass correlation is taken, as in Days=9; varying columns are 0 unless given',
};

/** The point named by --at; a value that reads as a number is one, unless its column is text. Throws `usage`. */
export function pointOf({ design }: ModelFit, args: Arguments): Record<string, number | string> | undefined {
  const given = args.texts('at');
  if (given.length === 0) return undefined;
  const entries = given.map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    if (equals < 1 || value === '') {
      throw usageError('at', `--at: got ${quote(pair)}; accepted is NAME=VALUE, as in Days=9`);
    }
    const text = design.rows.columns.get(name)?.kind === 'text';
    return [name, !text && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(value) ? Number(value) : value] as const;
  });
  return Object.fromEntries(entries);
}
