import { ModelError } from '../../errors.ts';
import { oneOf, wholeNumber } from '../../input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import { contentHash } from './contentHash.ts';
import { type Hit, legendSign, px } from './markSvg.ts';
import { panelsSvg } from './panelsSvg.ts';
import type { Picture, Role } from './picture.ts';
import { styleSheet, type Theme } from './style.ts';
import { escapeXml, readable, textWidth, wrap } from './text.ts';

/** How a picture is drawn. */
export interface SvgOptions {
  /** In pixels, default 760; below 560 panels stand one below the other. */
  readonly width?: number;
  /** Default 'auto': light, and dark where the reader's system is. */
  readonly theme?: Theme;
  /** The group or row that is marked by a ring. */
  readonly select?: string | null;
}

const SVG_OPTIONS: OptionTable<SvgOptions> = {
  width: wholeNumber(200, 4000),
  theme: oneOf('auto', 'light', 'dark'),
  select: { words: 'a text or null', accepts: (value) => value === null || typeof value === 'string' },
};

/** A picture drawn, and where its points are. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly hits: readonly Hit[];
}

const EDGE = 12;

/**
 * A picture as the text of one SVG, the same bytes wherever it is made. Ids and style rules begin with a hash of the
 * content, so that pictures on one page do not meet. Throws `not-a-picture`, `unknown-option` and `option`.
 */
export function toSvg(picture: Picture, options: SvgOptions = {}): string {
  return drawPicture(picture, options).svg;
}

/** `toSvg` with the places of the points. */
export function drawPicture(picture: Picture, options: SvgOptions = {}): Drawing {
  if (typeof picture !== 'object' || picture === null || !('panels' in picture)) {
    throw new ModelError(
      'not-a-picture',
      'toSvg',
      `toSvg: expected a picture, as plotShrinkage gives one, not ${quote(picture)}`,
    );
  }
  checkOptions('toSvg', options, SVG_OPTIONS);
  const { width = 760, theme = 'auto' } = options;
  const id = `pp-${contentHash(JSON.stringify([picture, width, theme, options.select ?? null]))}`;
  const room = width - 2 * EDGE;
  const parts: string[] = [];
  let top = 8;
  const lines = (text: string | null, kind: string, size: number, height: number, bold = false): void => {
    for (const line of text === null ? [] : wrap(text, room, size, bold)) {
      top += height;
      parts.push(`<text class="${kind}" x="${EDGE}" y="${px(top)}">${escapeXml(line)}</text>`);
    }
  };
  lines(picture.title, 't', 16, 20, true);
  if (picture.subtitle !== null) top += 2;
  lines(picture.subtitle, 'quiet', 12, 17);
  const legend = legendSvg(picture, room, top + 10);
  parts.push(legend.svg);
  top = legend.bottom;
  const hits: Hit[] = [];
  const panels = panelsSvg(picture, { id, left: EDGE, width: room, top: top + 8, narrow: width < 560 }, hits);
  parts.push(panels.svg);
  top = panels.bottom + 2;
  lines(picture.caption, 'quiet', 12, 17);
  const height = Math.ceil(top + 12);
  for (const hit of options.select == null ? [] : hits.filter(({ key }) => key === options.select)) {
    parts.push(`<circle class="chosen" cx="${px(hit.x)}" cy="${px(hit.y)}" r="8"/>`);
  }
  const used = new Set<Role>([
    ...picture.legend.map(({ role }) => role),
    ...picture.panels.flatMap(({ marks }) => marks.flatMap((mark) => (mark.kind === 'labels' ? [] : [mark.role]))),
  ]);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" class="partial-pooling" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeXml(readable(picture.title ?? picture.name))}</title>`,
    `<desc id="${id}-desc">${escapeXml(readable(picture.description))}</desc>`,
    `<style>${styleSheet(id, theme, used).replace(/&/g, '&amp;').replace(/</g, '&lt;')}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>',
  ].join('');
  return { svg, width, height, hits };
}

/** The legend, as many entries to a line as fit. */
function legendSvg({ legend }: Picture, room: number, top: number): { readonly svg: string; readonly bottom: number } {
  let x = EDGE;
  let y = top + 8;
  const entries = legend.map((entry) => {
    const texts = wrap(entry.text, room - 30);
    const width = 30 + Math.max(...texts.map((text) => textWidth(text)), 0);
    if (x > EDGE && x + width > EDGE + room) {
      x = EDGE;
      y += 19;
    }
    const out =
      legendSign(entry, x, y) +
      texts.map((text, i) => `<text x="${px(x + 30)}" y="${px(y + 4 + 16 * i)}">${escapeXml(text)}</text>`).join('');
    x += width + 22;
    y += 16 * (texts.length - 1);
    return out;
  });
  return { svg: entries.join(''), bottom: legend.length === 0 ? top - 8 : y + 10 };
}
