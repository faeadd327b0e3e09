import { wholeNumber } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Residuals } from '../summary/checks/residuals.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/** Residuals as a table, the largest first, `rows` of them (20 unless given). */
export function residualsText(result: Residuals, options: { readonly rows?: number } = {}): string {
  checkAnswer('residualsText', result, 'residuals(fit)', 'rows', 'groups', 'type');
  checkOptions('residualsText', options, { rows: wholeNumber(1) });
  const { type, factor } = result;
  const shown = options.rows ?? 20;
  const size = (residual: number | null): number => Math.abs(residual ?? 0);
  const count = factor === null ? result.rows.length : result.groups.length;
  const rows = [...result.rows].sort((a, b) => size(b.residual) - size(a.residual)).slice(0, shown);
  const groups = [...result.groups].sort((a, b) => size(b.residual) - size(a.residual)).slice(0, shown);
  const residual = (value: number | null): string => (type === 'response' ? digits(value) : decimals(value, 2));
  const body =
    factor === null
      ? table([
          { title: 'row', cells: rows.map(({ row }) => String(row)) },
          { title: 'fitted', cells: rows.map(({ fitted }) => digits(fitted)) },
          { title: 'residual', cells: rows.map((row) => residual(row.residual)) },
        ])
      : table([
          { title: factor, align: 'left', cells: groups.map(({ level }) => level) },
          { title: 'term', align: 'left', cells: groups.map(({ term }) => term) },
          { title: 'residual', cells: groups.map((group) => residual(group.residual)) },
        ]);
  return [body, '', `the ${Math.min(shown, count)} largest of ${count} residuals of type ${type}`].join('\n');
}
