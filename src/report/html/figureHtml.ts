import { ModelError } from '../../errors.ts';
import type { Picture, PictureRow } from '../../plots/drawing/picture.ts';
import { toSvg } from '../../plots/drawing/toSvg.ts';
import { escapeHtml, folded, named, tableHtml } from './html.ts';
import { numberHtml } from './numberHtml.ts';

/** Rows of the numbers behind a picture that a page holds. */
const MOST = 60;

/** Pixels of the two drawings of a picture: where there is room, and on a telephone. */
const WIDE = 724;
const NARROW = 290;

/** Codes of the reasons to leave a picture out. */
const LEFT_OUT: ReadonlySet<string> = new Set(['no-picture', 'needs-rows', 'draws-not-kept']);

/** What a section collects: its HTML, and the names of the pictures in it. */
export interface Figures {
  readonly html: string;
  readonly pictures: readonly string[];
}

/**
 * Pictures for a page. One that does not apply to the fit (`no-picture`), to reduced rows (`needs-rows`) or to what was
 * kept of the draws (`draws-not-kept`) is left out; anything else that is thrown is thrown on.
 */
export function figures(draws: readonly (() => Picture)[], numbers = true): Figures {
  const drawn = draws.flatMap((draw) => {
    try {
      return [draw()];
    } catch (error) {
      if (error instanceof ModelError && LEFT_OUT.has(error.code)) return [];
      throw error;
    }
  });
  return { html: drawn.map((each) => figure(each, numbers)).join(''), pictures: drawn.map(({ name }) => name) };
}

/**
 * One picture, drawn twice: a style rule shows the drawing that the page has room for, so that no text shrinks. Above
 * ten panels the small drawing would be longer than a page and the wide one scrolls instead.
 */
function figure(picture: Picture, numbers: boolean): string {
  const both = picture.panels.length <= 10 && picture.name !== 'chains';
  const wide = `<section class="scroll${both ? ' wide' : ''}" tabindex="0" aria-label="picture: ${escapeHtml(picture.name)}">${toSvg(picture, { width: WIDE })}</section>`;
  const narrow = both ? `<div class="narrow">${toSvg(picture, { width: NARROW })}</div>` : '';
  return `<figure>${wide}${narrow}${numbers ? numbersBehind(picture) : ''}</figure>`;
}

function numbersBehind({ name, rows }: Picture): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, MOST);
  const titles = Object.keys(rows[0]!);
  const left = titles.flatMap((title, c) =>
    c === 0 || shown.some((row) => typeof row[title] === 'string') ? [c] : [],
  );
  // Counts and numbers of rows: a whole column of whole numbers.
  const whole = titles.map((title) => shown.every((row) => Number.isSafeInteger(row[title])));
  const cell = (value: PictureRow[string] | undefined, c: number): string => {
    if (typeof value === 'string') return named(value);
    return whole[c] ? String(value) : numberHtml(value);
  };
  const more =
    rows.length > MOST
      ? `<p>The first ${MOST} of ${rows.length}; all of them: <code>partial-pooling plot ${escapeHtml(name)} FIT.json --out rows.json</code></p>`
      : '';
  const body = shown.map((row) => titles.map((title, c) => cell(row[title], c)));
  return folded(
    'The numbers behind it',
    tableHtml(`Numbers of the picture ${escapeHtml(name)}`, titles.map(escapeHtml), body, left) + more,
    'numbers',
  );
}
