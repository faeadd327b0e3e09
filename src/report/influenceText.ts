import { wholeNumber } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { printable } from '../input/printable.ts';
import type { Influence } from '../summary/comparison/influence.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/** The groups that matter most, by Cook's distance, `rows` of them (10 unless given), and what each changes most. */
export function influenceText(result: Influence, options: { readonly rows?: number } = {}): string {
  checkAnswer('influenceText', result, "influence(fit, 'county')", 'groups', 'rows', 'by');
  checkOptions('influenceText', options, { rows: wholeNumber(1) });
  const { factor, by } = result;
  const groups = [...result.groups]
    .sort((a, b) => (b.cooksDistance ?? Infinity) - (a.cooksDistance ?? Infinity))
    .slice(0, options.rows ?? 10);
  const most = groups.map(({ level }) => {
    const own = result.rows.filter((row) => row.level === level && row.change !== null);
    return own.sort((a, b) => Math.abs(b.change!) - Math.abs(a.change!))[0];
  });
  const notes = groups.flatMap(({ level, reason }) => (reason === null ? [] : [`${printable(level)}: ${reason}.`]));
  return [
    table([
      { title: factor, align: 'left', cells: groups.map(({ level }) => level) },
      { title: 'rows', cells: groups.map(({ n }) => String(n)) },
      { title: "Cook's distance", cells: groups.map(({ cooksDistance }) => decimals(cooksDistance, 3)) },
      ...(by === 'weights' ? [{ title: 'k', cells: groups.map(({ paretoK }) => decimals(paretoK, 2)) }] : []),
      { title: 'moves most', align: 'left' as const, cells: most.map((row) => row?.parameter ?? '') },
      { title: 'from', cells: most.map((row) => digits(row?.without)) },
      { title: 'to', cells: most.map((row) => digits(row?.estimate)) },
      { title: 'in sds', cells: most.map((row) => decimals(row?.change, 2)) },
    ]),
    '',
    `from: without the group, ${by === 'refit' ? 'by a fit without it' : 'by weighted draws'}; to: with all ${result.groups.length}`,
    ...notes,
  ].join('\n');
}
