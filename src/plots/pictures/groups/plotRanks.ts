import { text, wholeNumber } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { rankedGroups } from '../../../summary/comparison/groupRanks.ts';
import type { Panel, Picture } from '../../drawing/picture.ts';
import { picture } from '../../drawing/picture.ts';
import { groupTermOf } from '../parts/groupTermOf.ts';
import { count } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** What a picture of ranks is of. */
export interface RanksPictureOptions extends PictureOptions {
  /** The varying term; default the first. */
  readonly term?: string;
  /** How many count as the top, default 5, or a third of fewer than 15 groups. */
  readonly top?: number;
}

/** Ends of the intervals that are drawn, and the median: as `intervalKeys` has them. */
const PROBS = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Groups drawn; of more, those with the best ranks. */
const MOST = 60;

/**
 * The rank of each group by its coefficient, rank 1 the largest: posterior mean, 50% and 90% interval, and the
 * probability to be among the first `top`, all by `groupRanks`. Throws `unknown-factor`, `option`, and `no-picture` for
 * fewer than two groups.
 */
export function plotRanks(fit: Fit, factor: string, options: RanksPictureOptions = {}): Picture {
  checkFit('plotRanks', fit, 'mcmc');
  checkOptions('plotRanks', options, { ...PICTURE_OPTIONS, term: text, top: wholeNumber(1) });
  const { term, label } = groupTermOf(fit, factor, options.term);
  const { J } = term;
  if (J < 2) throw pictureError('plotRanks', `${factor} has one group`, 'plotParameters');
  const top = Math.min(options.top ?? Math.min(5, Math.max(1, Math.round(J / 3))), J - 1);
  const rows = rankedGroups(fit, factor, { term: label, top }, PROBS)
    .groups.map(({ level, mean, quantiles, best, inTop }) => {
      const [q5, q25, q50, q75, q95] = quantiles as [number, number, number, number, number];
      return { level, term: label, mean, q5, q25, q50, q75, q95, best, inTop };
    })
    .sort((a, b) => a.mean - b.mean);
  const shown = rows.slice(0, MOST);
  const best = rows[0]!;
  const bar = (low: 'q5' | 'q25', high: 'q95' | 'q75') =>
    shown.map((row, i) => ({ x1: row[low], x2: row[high], y1: i, y2: i }));
  const panel: Panel = {
    x: { scale: 'linear', domain: [0.5, J + 0.5], label: 'rank', whole: true },
    y: {
      scale: 'linear',
      domain: [shown.length - 0.5, -0.5],
      grid: false,
      ticks: shown.map(({ level }, i) => ({ value: i, text: level })),
    },
    right: shown.map(({ inTop }, i) => ({ value: i, text: inTop.toFixed(2) })),
    rightTitle: `first ${top}`,
    height: (shown.length > 30 ? 13 : 18) * shown.length,
    marks: [
      { kind: 'segments', role: 'partial', width: 1.5, segments: bar('q5', 'q95') },
      { kind: 'segments', role: 'partial', width: 5, opacity: 0.5, segments: bar('q25', 'q75') },
      {
        kind: 'dots',
        role: 'partial',
        shape: 'dot',
        radius: 3.5,
        points: shown.map(({ level, mean }, i) => ({ x: mean, y: i, key: level })),
      },
    ],
  };
  const said = `${best.level} ranks highest on average, and is among the first ${top} in ${(100 * best.inTop).toFixed(0)}% of the draws; its rank lies between ${Math.round(best.q5)} and ${Math.round(best.q95)} with probability .9.`;
  return picture({
    name: 'ranks',
    ...wordsOf(options, {
      title: `Who ranks first of ${count(J, 'group')}, and how sure is that?`,
      subtitle: `rank by the ${labelOf(options, label)} of the ${factor}, 1 the largest; at the right the share of draws among the first ${top}`,
      caption: `${said}${J > MOST ? ` The ${MOST} best are drawn.` : ''}`,
    }),
    description: said,
    legend: [
      { role: 'partial', shape: 'dot', text: 'mean rank' },
      { role: 'partial', shape: 'bar', text: '50% and 90% interval' },
    ],
    columns: [1, 1],
    panels: [panel],
    rows,
  });
}
