import { scaleOf, ticksOf } from './frame.ts';
import { type Hit, marksSvg, px } from './markSvg.ts';
import type { Panel, Picture, Tick } from './picture.ts';
import { cut, cutAmong, escapeXml, readable, textWidth } from './text.ts';

/** Where the panels go. */
export interface Room {
  readonly id: string;
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly narrow: boolean;
}

const GAP = 24;

/** Widest text of a tick, pixels; longer ones get an ellipsis. */
const TICK_WIDTH = 150;

/** The panels of a picture in lines, the frames of one column aligned. */
export function panelsSvg(
  { panels, columns }: Picture,
  room: Room,
  hits: Hit[],
): { readonly svg: string; readonly bottom: number } {
  const across = Math.max(1, Math.min(columns[room.narrow ? 1 : 0], panels.length));
  const parts: string[] = [];
  let top = room.top;
  const clip = { next: 0 };
  const titles = panels.flatMap(({ title }) => title ?? []);
  const inColumn = (column: number): Panel[] => panels.filter((_, i) => i % across === column);
  const margins = Array.from({ length: across }, (_, column) => sideMargins(inColumn(column), room, across));
  for (let first = 0; first < panels.length; first += across) {
    const line = panels.slice(first, first + across);
    const shares = Array.from({ length: across }, (_, column) => panels[column]!.share ?? 1);
    const whole = shares.reduce((sum, share) => sum + share, 0);
    const free = room.width - GAP * (across - 1) - margins.reduce((sum, { left, right }) => sum + left + right, 0);
    const headed = line.some(
      ({ title, note, rightTitle }) => title !== undefined || note !== undefined || rightTitle !== undefined,
    );
    let left = room.left;
    let bottom = top;
    line.forEach((panel, column) => {
      const margin = margins[column]!;
      const width = Math.max(20, (free * shares[column]!) / whole);
      const frame = { left: left + margin.left, top: top + (headed ? 24 : 6), width, height: panel.height };
      parts.push(panelSvg(panel, frame, margin, `${room.id}-${clip.next++}`, hits, titles));
      bottom = Math.max(
        bottom,
        frame.top + panel.height + (panel.x.show === false ? 8 : 24) + (panel.x.label ? 20 : 0),
      );
      left += margin.left + width + margin.right + GAP;
    });
    top = bottom + 8;
  }
  return { svg: parts.join(''), bottom: top - 8 };
}

interface Margins {
  readonly left: number;
  readonly right: number;
}

const widest = (ticks: readonly Tick[], most: number): number =>
  ticks.reduce((width, { text }) => Math.max(width, textWidth(cut(text, most), 12)), 0);

function sideMargins(panels: readonly Panel[], room: Room, across: number): Margins {
  const most = Math.min(TICK_WIDTH, (0.38 * room.width) / across);
  const left = panels.map(({ y }) => (y.show === false ? 4 : widest(ticksOf(y), most) + 10));
  const right = panels.map(({ right: ticks }) => (ticks ? widest(ticks, most) + 12 : 6));
  return { left: Math.max(...left), right: Math.max(...right) };
}

function panelSvg(
  panel: Panel,
  at: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  margin: Margins,
  clip: string,
  hits: Hit[],
  titles: readonly string[],
): string {
  const frame = { left: at.left, top: at.top, right: at.left + at.width, bottom: at.top + at.height };
  const x = scaleOf(panel.x, [frame.left, frame.right]);
  const y = scaleOf(panel.y, [frame.bottom, frame.top]);
  const parts: string[] = [];
  const text = (kind: string, left: number, base: number, words: string, anchor = 'start', full = words): void => {
    const title = full === words ? '' : `<title>${escapeXml(readable(full))}</title>`;
    const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
    parts.push(
      `<text${kind === '' ? '' : ` class="${kind}"`} x="${px(left)}" y="${px(base)}"${place}>${title}${escapeXml(words)}</text>`,
    );
  };
  // A tick at the very end of an axis may be wider than the room beside it.
  const xTicks = apart(
    ticksOf(panel.x).filter(({ value, text: words }) => {
      const half = textWidth(words) / 2;
      return (
        x(value) - half > frame.left - margin.left - GAP / 3 && x(value) + half < frame.right + margin.right + GAP / 3
      );
    }),
    x,
  );
  const yTicks = ticksOf(panel.y);
  const grid = [
    ...(panel.x.grid === false
      ? []
      : xTicks.map(({ value }) => `M${px(x(value))} ${px(frame.top)}V${px(frame.bottom)}`)),
    ...(panel.y.grid === false
      ? []
      : yTicks.map(({ value }) => `M${px(frame.left)} ${px(y(value))}H${px(frame.right)}`)),
  ];
  if (grid.length > 0) parts.push(`<path class="grid" d="${grid.join('')}"/>`);
  parts.push(
    `<clipPath id="${clip}"><rect x="${px(frame.left - 5)}" y="${px(frame.top - 5)}" width="${px(at.width + 10)}" height="${px(at.height + 10)}"/></clipPath>`,
  );
  parts.push(`<g clip-path="url(#${clip})">${marksSvg(panel.marks, x, y, frame, hits)}</g>`);
  if (panel.x.show !== false)
    for (const { value, text: words } of xTicks) text('', x(value), frame.bottom + 16, words, 'middle');
  if (panel.y.show !== false) {
    const names = panel.y.ticks ? yTicks.map(({ text }) => text) : [];
    for (const { value, text: words } of yTicks) {
      const shown = cutAmong(words, names, margin.left - 9);
      text(panel.y.ticks ? 'm' : '', frame.left - 8, y(value) + 4, shown, 'end', words);
    }
  }
  const beside = (panel.right ?? []).map(({ text }) => text);
  for (const { value, text: words } of panel.right ?? []) {
    text('m quiet', frame.right + margin.right, y(value) + 4, cutAmong(words, beside, margin.right), 'end', words);
  }
  if (panel.rightTitle !== undefined)
    text('m quiet', frame.right + margin.right, frame.top - 9, panel.rightTitle, 'end');
  const whole = at.width + margin.left + margin.right;
  const note = noteBeside(panel, whole);
  const rest = whole - (note === undefined ? 0 : textWidth(note, 11) + 12);
  if (panel.title !== undefined)
    text(
      'b',
      at.left - margin.left,
      frame.top - 9,
      cutAmong(panel.title, titles, rest, 12, true),
      'start',
      panel.title,
    );
  if (note !== undefined) text('m quiet', frame.right + margin.right, frame.top - 9, note, 'end', panel.note);
  if (panel.x.label !== undefined) {
    const label = cut(panel.x.label, whole);
    const half = textWidth(label) / 2;
    const middle = Math.max(
      at.left - margin.left + half,
      Math.min((frame.left + frame.right) / 2, frame.right + margin.right - half),
    );
    text('', middle, frame.bottom + (panel.x.show === false ? 16 : 36), label, 'middle', panel.x.label);
  }
  return `<g data-panel="${clip.replace(/^.*-/, '')}">${parts.join('')}</g>`;
}

/**
 * The note at the right of a panel's title, as far as there is room: whole, or its part before the first comma. A long
 * title gives way to it, down to half of the width.
 */
function noteBeside({ title, note }: Panel, width: number): string | undefined {
  const needed = title === undefined ? 0 : Math.min(textWidth(title, 12, true), width / 2);
  const parts = note === undefined ? [] : [note, note.split(',')[0]!];
  return parts.find((part) => textWidth(part, 11) + 12 + needed <= width);
}

/** The ticks whose texts do not meet: every second one, or third, where they would. */
function apart(ticks: readonly Tick[], x: (value: number) => number): readonly Tick[] {
  for (let step = 1; step < ticks.length; step += 1) {
    const kept = ticks.filter((_, i) => i % step === 0);
    const free = kept.every((tick, i) => {
      if (i === 0) return true;
      const before = kept[i - 1]!;
      return Math.abs(x(tick.value) - x(before.value)) > (textWidth(tick.text) + textWidth(before.text)) / 2 + 5;
    });
    if (free) return kept;
  }
  return ticks.slice(0, 1);
}
