import { printable } from '../input/printable.ts';

/** A cell: text as it is, a number already in its digits as text, or nothing. */
export interface TableColumn {
  readonly title: string;
  readonly cells: readonly string[];
  /** 'right' (default) for numbers, 'left' for names. */
  readonly align?: 'left' | 'right';
}

/**
 * An aligned table as text: a line of titles, a line of dashes, one line per row, two spaces between columns, no spaces
 * at line ends. Widths count what a terminal shows, so that accents and East Asian names stay aligned; line breaks and
 * control characters in a cell become spaces.
 */
export function table(columns: readonly TableColumn[]): string {
  const clean = columns.map((column) => ({
    left: column.align === 'left',
    cells: [column.title, ...column.cells].map((cell) => printable(cell.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '))),
  }));
  const widths = clean.map(({ cells }) => cells.reduce((width, cell) => Math.max(width, displayWidth(cell)), 0));
  const line = (row: number): string =>
    clean
      .map(({ left, cells }, c) => {
        const cell = cells[row]!;
        const space = ' '.repeat(widths[c]! - displayWidth(cell));
        return left ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd();
  const count = clean[0]?.cells.length ?? 0;
  const dashes = widths
    .map((width) => '-'.repeat(width))
    .join('  ')
    .trimEnd();
  return [line(0), dashes, ...Array.from({ length: count - 1 }, (_, row) => line(row + 1))].join('\n');
}

/**
 * The columns that fit `width` columns of a terminal: while they do not, those of the titles `spared` are left out, the
 * first first, those that say nothing without each other together.
 */
export function narrowed(
  columns: readonly TableColumn[],
  width: number,
  spared: readonly (readonly string[])[],
): TableColumn[] {
  let left = [...columns];
  for (const titles of spared) {
    if (tableWidth(left) <= width) break;
    left = left.filter((column) => !titles.includes(column.title));
  }
  return left;
}

/** Columns of a terminal that the lines of a table take. */
export function tableWidth(columns: readonly TableColumn[]): number {
  const widths = columns.map(({ title, cells }) => Math.max(...[title, ...cells].map(displayWidth)));
  return widths.reduce((sum, width) => sum + width, 0) + 2 * (columns.length - 1);
}

/**
 * Columns of a terminal that a text takes: combining marks none, East Asian wide characters and emoji two, everything
 * else one.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/^[\p{M}\p{Cf}]$/u.test(character)) continue;
    width += isWide(character.codePointAt(0)!) ? 2 : 1;
  }
  return width;
}

/** East Asian Width W and F (Unicode Standard Annex 11), by ranges. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
