import { factor } from '../data/factor.ts';
import { type Column, isMissing, type Table } from '../data/frame.ts';
import { numbersInText } from '../data/numbersInText.ts';
import { numbersInTextSentence } from '../data/numbersInTextSentence.ts';
import { usableColumns } from '../data/toFrame.ts';
import { checkAnswer } from './checkAnswer.ts';
import { table } from './table.ts';

/** What a column holds. */
export interface ColumnAccount {
  readonly name: string;
  /** 'unusable': something is wrong with it, as its note says; an error where a model uses it, and none elsewhere. */
  readonly kind: 'number' | 'text' | 'unusable';
  readonly missing: number;
  /** How many different values it has. */
  readonly levels: number;
  /** Numbers: the least and the largest; null where all are missing. */
  readonly range: readonly [number, number] | null;
  /** Text: its levels in order, at most five. */
  readonly first: readonly string[];
  /** What is to be said of it, '' for nothing. */
  readonly note: string;
}

/** What a table holds. */
export interface TableAccount {
  readonly rows: number;
  readonly columns: readonly ColumnAccount[];
}

/**
 * An account of a table as it was read: rows, and of every column its kind, how many values are missing, how many
 * differ. Throws what `toFrame` does of the table as a whole.
 */
export function tableAccount(data: Table): TableAccount {
  const { n, columns, faults } = usableColumns(data, 'the table');
  const unusable = [...(faults ?? [])].map(([name, { message }]): ColumnAccount => {
    return { name, kind: 'unusable', missing: 0, levels: 0, range: null, first: [], note: message };
  });
  return { rows: n, columns: [...[...columns].map(([name, column]) => columnAccount(name, column)), ...unusable] };
}

function columnAccount(name: string, column: Column): ColumnAccount {
  const { levels } = factor(column);
  let missing = 0;
  for (let i = 0; i < column.values.length; i += 1) if (isMissing(column, i)) missing += 1;
  const isText = column.kind === 'text';
  const found = numbersInText(column);
  return {
    name,
    kind: column.kind,
    missing,
    levels: levels.length,
    range: isText || levels.length === 0 ? null : [Number(levels[0]), Number(levels.at(-1))],
    first: isText ? levels.slice(0, 5) : [],
    note: found === null ? '' : numbersInTextSentence(name, column, found, (i) => i + 1),
  };
}

/** A `tableAccount` as text. */
export function tableAccountText(account: TableAccount): string {
  checkAnswer('tableAccountText', account, 'tableAccount(rows)', 'rows', 'columns');
  const { rows, columns } = account;
  const values = columns.map(({ range, first, levels }) => {
    if (range) return `${range[0]} to ${range[1]}`;
    return `${first.map(cut).join(', ')}${levels > first.length ? ', …' : ''}`;
  });
  const notes = columns.flatMap(({ note }) => (note === '' ? [] : [`note: ${note}`]));
  return [
    `${rows} ${rows === 1 ? 'row' : 'rows'}, ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`,
    '',
    table([
      { title: 'column', align: 'left', cells: columns.map(({ name }) => name) },
      { title: 'kind', align: 'left', cells: columns.map(({ kind }) => kind) },
      { title: 'missing', cells: columns.map(({ missing }) => String(missing)) },
      { title: 'different', cells: columns.map(({ levels }) => String(levels)) },
      { title: 'values', align: 'left', cells: values },
    ]),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function cut(text: string): string {
  return text.length > 20 ? `${text.slice(0, 19)}…` : text;
}
