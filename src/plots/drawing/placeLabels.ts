import { textWidth } from './text.ts';

/** A box in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A label that found a place: its left end and baseline. */
export interface PlacedLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Places labels beside their points, the first first, each in the first of eight positions where it meets no label
 * before it, no more than its share of points and lies in the frame. One that finds none is left out.
 */
export function placeLabels(
  labels: readonly { readonly x: number; readonly y: number; readonly text: string }[],
  points: readonly { readonly x: number; readonly y: number }[],
  frame: Box,
  size = 12,
): PlacedLabel[] {
  const placed: (PlacedLabel & { box: Box })[] = [];
  for (const { x, y, text } of labels) {
    const width = textWidth(text, size);
    const positions = [
      [x + 7, y + 4],
      [x - 7 - width, y + 4],
      [x - width / 2, y - 8],
      [x - width / 2, y + 17],
      [x + 6, y - 6],
      [x + 6, y + 14],
      [x - 6 - width, y - 6],
      [x - 6 - width, y + 14],
    ] as const;
    for (const [left, base] of positions) {
      const box = { left: left - 2, top: base - 0.85 * size, right: left + width + 2, bottom: base + 0.3 * size };
      const inside =
        box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
      if (!inside || placed.some((other) => meets(box, other.box))) continue;
      if (
        points.some((point) => point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom)
      )
        continue;
      placed.push({ x: left, y: base, text, box });
      break;
    }
  }
  return placed.map(({ x, y, text }) => ({ x, y, text }));
}
