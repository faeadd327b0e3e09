import type { EcdfBand } from '../../../../diagnostics/ecdfBand.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import type { Mark, Panel } from '../../drawing/picture.ts';

/** An ECDF less the uniform one at the points of a band. */
export interface EcdfDifference {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** The largest distance from 0 in half-widths of the band; above 1 the curve leaves it, at x. */
  readonly reach: number;
  readonly at: number;
}

/**
 * The share of `values` up to each of the band's points (or, of ranks that are whole numbers from 0, below as many
 * cells), less that share of [0, 1].
 */
export function ecdfDifference(values: ArrayLike<number>, { share, halfWidth }: EcdfBand, cells = 1): EcdfDifference {
  const sorted = Float64Array.from(values).sort();
  let below = 0;
  let [reach, at] = [0, 0.5];
  const points = Array.from(share, (x, i) => {
    const end = cells > 1 ? x * cells - 0.5 : x;
    while (below < sorted.length && sorted[below]! <= end) below += 1;
    const y = i === share.length - 1 ? 0 : below / sorted.length - x;
    const far = halfWidth[i]! > 0 ? Math.abs(y) / (halfWidth[i]! + 1e-9) : 0;
    if (far > reach) [reach, at] = [far, x];
    return { x, y };
  });
  return { points, reach, at };
}

/** A band about 0, and the line at 0. */
export function bandMarks({ share, halfWidth }: EcdfBand): Mark[] {
  const points = Array.from(share, (x, i) => ({ x, low: -halfWidth[i]!, high: halfWidth[i]! }));
  return [
    { kind: 'band', role: 'muted', opacity: 0.2, points },
    { kind: 'rule', role: 'muted', y: 0, width: 1, dash: 'short' },
  ];
}

/** The panel of such curves over their band. */
export function ecdfPanel(label: string, band: EcdfBand, curves: readonly Mark[]): Panel {
  const ends = Array.from(band.halfWidth).flatMap((half) => [-half, half]);
  const heights = curves.flatMap((mark) => (mark.kind === 'line' ? mark.points.map(({ y }) => y) : []));
  return {
    x: { scale: 'linear', domain: [0, 1], label, grid: false },
    y: { scale: 'linear', domain: domainOf([...heights, ...ends], 0.08) },
    height: 280,
    marks: [...bandMarks(band), ...curves],
  };
}
