import { checkOptions } from '../../../input/checkOptions.ts';
import type { LeaveOneOut } from '../../../summary/comparison/leaveUnitsOut.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Picture, picture } from '../../drawing/picture.ts';
import { count, short, whole } from '../parts/numberWords.ts';
import { answerError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Rows that are drawn one by one, and rows that are named. */
const POINTS = 2000;
const NAMED = 10;

/**
 * Whether leave-one-out is to be trusted: the Pareto k of each row (Vehtari, Simpson, Gelman, Yao & Gabry 2024) against
 * its number among the rows given, with the threshold min(1 - 1 / log10(S), 0.7) beyond which the row's part of elpd is
 * not to be trusted; the rows above it are named, the largest first. Of very many rows those below are thinned. `rows`
 * has every row with its k and elpd. Throws `option`.
 */
export function plotParetoK(loo: LeaveOneOut, options: PictureOptions = {}): Picture {
  checkOptions('plotParetoK', options, PICTURE_OPTIONS);
  if (typeof loo !== 'object' || loo === null || loo.kind !== 'loo' || loo.rowNumbers === undefined) {
    throw answerError('plotParetoK', 'loo', loo, 'leaveOneOut', 'leaveOneOut(fit)');
  }
  const { pointwise, rowNumbers, paretoKThreshold: threshold } = loo;
  const rows = Array.from(pointwise.paretoK, (paretoK, i) => ({
    row: rowNumbers[i]!,
    paretoK,
    elpd: pointwise.elpd[i]!,
  }));
  const above = rows.filter(({ paretoK }) => paretoK > threshold).sort((a, b) => b.paretoK - a.paretoK);
  const below = rows.filter(({ paretoK }) => !(paretoK > threshold));
  const stride = Math.max(1, Math.ceil(below.length / POINTS));
  const largest = rows.reduce((most, row) => (row.paretoK > most.paretoK ? row : most), rows[0]!);
  const verdict =
    above.length === 0
      ? `No row is above ${short(threshold)}; the largest k is ${short(largest.paretoK)}, of row ${largest.row}. The estimate of elpd is to be trusted.`
      : `${count(above.length, 'row')} of ${whole(rows.length)} ${above.length === 1 ? 'is' : 'are'} above ${short(threshold)}, the largest row ${largest.row} with k = ${short(largest.paretoK)}: what is said of ${above.length === 1 ? 'it' : 'them'} without ${above.length === 1 ? 'it' : 'them'} is not to be trusted, and elpd is not known to its standard error.`;
  const place = ({ row, paretoK }: { row: number; paretoK: number }) => ({ x: row, y: paretoK, key: String(row) });
  return picture({
    name: 'pareto-k',
    ...wordsOf(options, {
      title: 'Is leave-one-out to be trusted?',
      subtitle: 'Pareto k of each row: how heavy the tail of its importance weights is',
      caption: `${verdict}${stride > 1 ? ` Of the rows below, one in ${stride} is drawn.` : ''}`,
    }),
    description: verdict,
    legend: [
      { role: 'data', shape: 'dot', text: 'row' },
      ...(above.length > 0 ? [{ role: 'own', shape: 'diamond', text: 'row above the threshold' } as const] : []),
      { role: 'muted', shape: 'line', dash: 'dashed', text: `threshold ${short(threshold)}` },
    ],
    columns: [1, 1],
    panels: [
      {
        x: { scale: 'linear', domain: domainOf(rowNumbers, 0.02), label: 'row', grid: false },
        y: {
          scale: 'linear',
          domain: domainOf([...rows.map(({ paretoK }) => paretoK), threshold, 0], 0.06),
          label: 'Pareto k',
        },
        height: 280,
        marks: [
          { kind: 'rule', role: 'muted', y: threshold, width: 1.4, dash: 'dashed' },
          {
            kind: 'dots',
            role: 'data',
            shape: 'dot',
            radius: rows.length > 300 ? 1.6 : 2.6,
            opacity: 0.6,
            points: below.filter((_, i) => i % stride === 0).map(place),
          },
          { kind: 'dots', role: 'own', shape: 'diamond', radius: 4, points: above.map(place) },
          {
            kind: 'labels',
            labels: above.slice(0, NAMED).map(({ row, paretoK }) => ({ x: row, y: paretoK, text: `row ${row}` })),
          },
        ],
      },
    ],
    rows,
  });
}
