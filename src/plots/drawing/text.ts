/**
 * Advance widths of ASCII from the space on, in thousandths of the font size, as in DejaVu Sans: wider than the fonts
 * of most systems.
 */
const ADVANCES = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];

function advance(character: string): number {
  const code = character.codePointAt(0)!;
  return ADVANCES[code - 32] ?? (code < 0x1100 ? 840 : 1100);
}

/** A width in pixels that a text of this size does not exceed. */
export function textWidth(text: string, size = 12, bold = false): number {
  let sum = 0;
  for (const character of text) sum += advance(character);
  return (sum * size * (bold ? 1.13 : 1)) / 1000;
}

/** The text, or its beginning and an ellipsis where it is wider than `width`. */
export function cut(text: string, width: number, size = 12, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  let sum = textWidth('\u2026', size, bold);
  let out = '';
  for (const character of text) {
    sum += textWidth(character, size, bold);
    if (sum > width) break;
    out += character;
  }
  return `${out.trimEnd()}\u2026`;
}

/** The beginning and the end of a text about an ellipsis, for names that differ at their ends alone. */
function cutMiddle(text: string, width: number, size: number, bold: boolean): string {
  const characters = [...text];
  let sum = textWidth('\u2026', size, bold);
  let [head, tail] = [0, 0];
  while (head + tail < characters.length) {
    const fromEnd = tail < head;
    const next = fromEnd ? characters.at(-1 - tail)! : characters[head]!;
    sum += textWidth(next, size, bold);
    if (sum > width) break;
    if (fromEnd) tail += 1;
    else head += 1;
  }
  return `${characters.slice(0, head).join('').trimEnd()}\u2026${characters
    .slice(characters.length - tail)
    .join('')
    .trimStart()}`;
}

/**
 * A name as it is drawn among `others`: cut as by `cut`, but in its middle where another name would read the same; one
 * of blanks alone stands in quotation marks.
 */
export function cutAmong(text: string, others: readonly string[], width: number, size = 12, bold = false): string {
  if (text.trim() === '') return text === '' ? '' : `"${text}"`;
  const short = cut(text, width, size, bold);
  if (short === text) return text;
  const alike = others.some((other) => other !== text && cut(other, width, size, bold) === short);
  return alike ? cutMiddle(text, width, size, bold) : short;
}

/** The text in lines no wider than `width`; a word that is wider is cut. */
export function wrap(text: string, width: number, size = 12, bold = false): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, size, bold) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = cut(word, width, size, bold);
  }
  return line === '' ? lines : [...lines, line];
}

/** A text that is read out: of a word of more than 160 letters its beginning. */
export function readable(text: string): string {
  return text.replace(/\S{161,}/g, (word) => `${word.slice(0, 160)}\u2026`);
}

/**
 * What XML 1.0 does not allow in any form: control characters, halves of surrogate pairs, and two that are no
 * characters.
 */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

/** A text as it stands in XML, between tags and in attributes. */
export function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
