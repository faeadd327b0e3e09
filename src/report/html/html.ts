import { escapeXml } from '../../plots/drawing/text.ts';

/** Longer names are cut where they are shown: a name of ten thousand letters would hide the page. */
const LONGEST = 160;

/** A text as it stands in HTML, between tags and in attributes: the one way in for everything that came from a user. */
export function escapeHtml(text: string): string {
  return escapeXml(text);
}

/** The text, or its beginning and an ellipsis; no half of a character stays. */
export function shortened(text: string, longest = LONGEST): string {
  const characters = [...text.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}\u2026` : text;
}

/** A name of a user, set apart from the direction of the text about it. */
export function named(text: string): string {
  return `<bdi>${escapeHtml(shortened(text))}</bdi>`;
}

/** The same in the font of code. */
export function code(text: string): string {
  return `<code><bdi>${escapeHtml(shortened(text, 400))}</bdi></code>`;
}

/**
 * A table: a title for each column, cells of HTML, the first cell of a row its heading. Numbers stand at the right;
 * `stacked`, a row is several lines on a telephone.
 */
export function tableHtml(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
  stacked = false,
): string {
  // A style rule that lays rows out anew takes their meaning away, which the roles give back.
  const role = (name: string): string => (stacked ? ` role="${name}"` : '');
  const side = (c: number): string => (left.includes(c) ? '' : ' class="n"');
  const head = titles.map((title, c) => `<th scope="col"${role('columnheader')}${side(c)}>${title}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, c) =>
      c === 0
        ? `<th scope="row"${role('rowheader')}>${cell}</th>`
        : `<td${role('cell')}${side(c)}${stacked ? ` data-title="${titles[c]}"` : ''}>${cell}</td>`,
    );
    return `<tr${role('row')}>${cells.join('')}</tr>`;
  });
  return `<section class="scroll" tabindex="0" aria-label="${caption}"><table${stacked ? ' class="stacked"' : ''}${role('table')}><caption>${caption}</caption><thead${role('rowgroup')}><tr${role('row')}>${head}</tr></thead><tbody${role('rowgroup')}>${body.join('')}</tbody></table></section>`;
}

/** Something folded away under a line that says what it is; of a style of its own where one is named. */
export function folded(line: string, inner: string, style?: string): string {
  return `<details${style === undefined ? '' : ` class="${style}"`}><summary>${line}</summary>${inner}</details>`;
}

/** A list with an entry for each text. */
export function listHtml(entries: readonly string[]): string {
  return `<ul>${entries.map((entry) => `<li>${entry}</li>`).join('')}</ul>`;
}
