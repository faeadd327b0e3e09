import { area, curveStepAfter, line } from 'd3-shape';
import type { Scale } from './frame.ts';
import type { Dash, LegendEntry, Mark, Place } from './picture.ts';
import { type Box, placeLabels } from './placeLabels.ts';
import { cutAmong, escapeXml } from './text.ts';

/** Pixels to a tenth, without a minus before zero. */
export function px(value: number): string {
  const text = String(Math.round(value * 10) / 10);
  return text === '-0' ? '0' : text;
}

const DASHES: Readonly<Record<Dash, string>> = { solid: '', dashed: '6 3', dotted: '1.5 3', short: '3.5 2.5' };

function stroke(width: number, dash: Dash = 'solid', opacity?: number): string {
  const dashes = DASHES[dash] === '' ? '' : ` stroke-dasharray="${DASHES[dash]}"`;
  return ` stroke-width="${px(width)}"${dashes}${opacity === undefined ? '' : ` opacity="${opacity}"`}`;
}

function diamond(x: number, y: number, r: number): string {
  return `M${px(x)} ${px(y - r)}L${px(x + r)} ${px(y)}L${px(x)} ${px(y + r)}L${px(x - r)} ${px(y)}Z`;
}

function disc(x: number, y: number, r: number): string {
  return `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0Z`;
}

/** Widest label beside a point, pixels; longer ones get an ellipsis. */
const LABEL_WIDTH = 180;

/** A point of a picture in pixels, that a reader can choose. */
export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly key: string;
}

/** The marks of a panel as SVG; `hits` gets the points that have a key. */
export function marksSvg(marks: readonly Mark[], x: Scale, y: Scale, frame: Box, hits: Hit[]): string {
  const dots = marks.flatMap((mark) =>
    mark.kind === 'dots' ? mark.points.map((at) => ({ x: x(at.x), y: y(at.y) })) : [],
  );
  return marks.map((mark) => markSvg(mark, x, y, frame, dots, hits)).join('');
}

function markSvg(mark: Mark, x: Scale, y: Scale, frame: Box, dots: readonly Place[], hits: Hit[]): string {
  switch (mark.kind) {
    case 'dots': {
      const shape = mark.shape === 'diamond' ? diamond : disc;
      const path = mark.points.map((at) => shape(x(at.x), y(at.y), mark.radius)).join('');
      for (const at of mark.points) if (at.key !== undefined) hits.push({ x: x(at.x), y: y(at.y), key: at.key });
      if (path === '') return '';
      const filled = mark.shape === 'dot';
      const extra = filled ? '' : ' stroke-width="1.5"';
      const opacity = mark.opacity === undefined ? '' : ` opacity="${mark.opacity}"`;
      return `<path class="${mark.role} ${filled ? 'f' : 'h'}" data-mark="dots" d="${path}"${extra}${opacity}/>`;
    }
    case 'segments': {
      const path = mark.segments.map(
        (s) =>
          `M${px(x(s.x1))} ${px(y(s.y1))}L${px(x(s.x2))} ${px(y(s.y2))}${mark.arrow ? head(x(s.x1), y(s.y1), x(s.x2), y(s.y2)) : ''}`,
      );
      return path.length === 0
        ? ''
        : `<path class="${mark.role} s" data-mark="segments" d="${path.join('')}"${stroke(mark.width, 'solid', mark.opacity)}/>`;
    }
    case 'line': {
      const draw = line<Place>()
        .x((at) => x(at.x))
        .y((at) => y(at.y))
        .defined((at) => Number.isFinite(at.y))
        .digits(1);
      if (mark.steps) draw.curve(curveStepAfter);
      return `<path class="${mark.role} s" data-mark="line" d="${draw([...mark.points]) ?? ''}"${stroke(mark.width, mark.dash, mark.opacity)} stroke-linejoin="round"/>`;
    }
    case 'band': {
      const draw = area<{ x: number; low: number; high: number }>()
        .x((at) => x(at.x))
        .y0((at) => y(at.low))
        .y1((at) => y(at.high))
        .digits(1);
      return `<path class="${mark.role} f" data-mark="band" d="${draw([...mark.points]) ?? ''}" opacity="${mark.opacity}"/>`;
    }
    case 'rule': {
      const path =
        mark.y !== undefined
          ? `M${px(frame.left)} ${px(y(mark.y))}H${px(frame.right)}`
          : `M${px(x(mark.x!))} ${px(frame.top)}V${px(frame.bottom)}`;
      return `<path class="${mark.role} s" data-mark="rule" d="${path}"${stroke(mark.width, mark.dash)}/>`;
    }
    case 'labels': {
      const names = mark.labels.map(({ text }) => text);
      const most = Math.min(LABEL_WIDTH, (frame.right - frame.left) / 2);
      const labels = mark.labels.map((label) => ({
        x: x(label.x),
        y: y(label.y),
        text: cutAmong(label.text, names, most),
      }));
      return placeLabels(labels, dots, frame)
        .map(
          (label) =>
            `<text class="halo" data-mark="label" x="${px(label.x)}" y="${px(label.y)}">${escapeXml(label.text)}</text>`,
        )
        .join('');
    }
  }
}

/** The head of an arrow at its second end; none where the arrow is shorter than the head. */
function head(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2);
  if (length < 9) return '';
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - 5 * ux, y2 - 5 * uy];
  return `M${px(bx - 2.5 * uy)} ${px(by + 2.5 * ux)}L${px(x2)} ${px(y2)}L${px(bx + 2.5 * uy)} ${px(by - 2.5 * ux)}`;
}

/** The sign of an entry of the legend, 22 pixels wide, its middle at the height y. */
export function legendSign({ role, shape, dash }: LegendEntry, x: number, y: number): string {
  const middle = x + 11;
  switch (shape) {
    case 'dot':
      return `<path class="${role} f" d="${disc(middle, y, 4)}"/>`;
    case 'ring':
      return `<path class="${role} h" d="${disc(middle, y, 4)}" stroke-width="1.5"/>`;
    case 'diamond':
      return `<path class="${role} h" d="${diamond(middle, y, 5)}" stroke-width="1.5"/>`;
    case 'line':
      return `<path class="${role} s" d="M${px(x)} ${px(y)}H${px(x + 22)}"${stroke(2, dash)}/>`;
    case 'band':
      return `<path class="${role} f" opacity="0.25" d="M${px(x)} ${px(y - 5)}h22v10h-22Z"/>`;
    case 'bar':
      return `<path class="${role} s" d="M${px(x)} ${px(y)}h22" stroke-width="1.5"/><path class="${role} s" d="M${px(x + 6)} ${px(y)}h10" stroke-width="5"/>`;
  }
}
