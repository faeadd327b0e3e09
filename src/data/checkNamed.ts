import { ModelError } from '../errors.ts';
import { likelyNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import type { CsvOptions } from './csvOptions.ts';
import type { Frame } from './frame.ts';

/** Throws `unknown-column` where an option names a column that none of the tables has. */
export function checkNamed(
  frames: readonly Frame[],
  { text = [], number = [], rowNames }: Pick<CsvOptions, 'text' | 'number' | 'rowNames'>,
  where: string,
): void {
  const has = (name: string): boolean => frames.some(({ columns, faults }) => columns.has(name) || faults?.has(name));
  const fail = (name: string, sentence: string): ModelError =>
    new ModelError('unknown-column', name, `${where}: ${sentence}`);
  for (const [names, meant] of [
    [text, 'text'],
    [number, 'numbers'],
  ] as const) {
    const absent = names.find((name) => !has(name));
    if (absent === undefined) continue;
    const near = likelyNames(
      absent,
      frames.flatMap(({ columns }) => [...columns.keys()]),
    ).map(quote);
    const hint = near.length > 0 ? `; nearest names: ${near.join(', ')}` : '';
    throw fail(absent, `there is no column ${quote(absent)}, which was to be ${meant}${hint}`);
  }
  if (rowNames === undefined || has(rowNames)) return;
  throw fail(
    rowNames,
    `there is no first column without a name to be called ${quote(rowNames)} (rowNames, --row-names)`,
  );
}
