import { quantileOfSorted } from '../../../../diagnostics/quantile.ts';
import type { Mark } from '../../drawing/picture.ts';

interface Group {
  readonly x: number;
  readonly own: number;
  readonly partial: number;
}

/**
 * Where too many groups are for arrows: the middle 90% of the own and of the pooled estimates in up to 20 classes of x,
 * each of as many groups.
 */
export function shrinkageFans(groups: readonly Group[]): Mark[] {
  const sorted = [...groups].sort((a, b) => a.x - b.x);
  const classes = Math.max(1, Math.min(20, Math.floor(sorted.length / 30)));
  const parts = Array.from({ length: classes }, (_, c) =>
    sorted.slice(Math.floor((c * sorted.length) / classes), Math.floor(((c + 1) * sorted.length) / classes)),
  ).filter((part) => part.length > 0);
  const fan = (value: (group: Group) => number) =>
    parts.map((part) => {
      const values = Float64Array.from(part, value).sort();
      const { x } = part[Math.floor(part.length / 2)]!;
      return { x, low: quantileOfSorted(values, 0.05), high: quantileOfSorted(values, 0.95) };
    });
  return [
    { kind: 'band', role: 'own', opacity: 0.22, points: fan(({ own }) => own) },
    { kind: 'band', role: 'partial', opacity: 0.45, points: fan(({ partial }) => partial) },
  ];
}
