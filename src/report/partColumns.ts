import type { PartAnswer } from '../summary/effects/partAnswers.ts';
import { decimals, digits } from './digits.ts';
import type { TableColumn } from './table.ts';
import { wrapLine } from './wrapLine.ts';

/** A column of levels or values. */
export function keyColumn(title: string, values: readonly (string | number | undefined)[]): TableColumn {
  const text = values.some((value) => typeof value === 'string');
  return { title, align: text ? 'left' : 'right', cells: values.map((value) => String(value ?? '')) };
}

type AnswerCells = Omit<PartAnswer, 'df'> & Partial<Pick<PartAnswer, 'df'>>;

/** Estimate, se, degrees of freedom where one is finite, and the interval. */
export function answerColumns(rows: readonly AnswerCells[]): TableColumn[] {
  const by = (title: 'estimate' | 'se' | 'lower' | 'upper'): TableColumn => ({
    title,
    cells: rows.map((row) => digits(row[title], row.se)),
  });
  const finite = rows.some(({ df }) => Number.isFinite(df));
  const df: TableColumn[] = finite ? [{ title: 'df', cells: rows.map((row) => decimals(row.df ?? null, 1)) }] : [];
  return [by('estimate'), by('se'), ...df, by('lower'), by('upper')];
}

/** What the numbers are, in lines: their meaning, the interval, notes, and why some are not estimable. */
export function meaningLines(
  meaning: string,
  level: number,
  notes: readonly string[],
  rows: readonly { readonly reason: string | null }[],
): string[] {
  const reasons = [...new Set(rows.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  return [meaning, `lower and upper: interval of probability ${level}`, ...notes, ...reasons].flatMap((line) =>
    wrapLine(line, 100),
  );
}
