import { checkOptions } from '../../../input/checkOptions.ts';
import { intervalKeys } from '../../../summary/intervalKeys.ts';
import type { Poststratification } from '../../../summary/prediction/poststratify.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { count, short, whole } from '../parts/numberWords.ts';
import { answerError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Parts of one column, and of a picture; of more the ends are drawn. */
const COLUMN = 30;
const MOST = 60;

/**
 * What poststratification says of each part of the population: mean or estimate, and interval, the largest first, with the size of
 * the part at the right. Of more than 60 parts the 30 at either end are drawn. `rows` are those of `poststratify` in
 * this order, parts that are not estimable last. Throws `option`.
 */
export function plotPopulation(population: Poststratification, options: PictureOptions = {}): Picture {
  checkOptions('plotPopulation', options, PICTURE_OPTIONS);
  if (typeof population !== 'object' || population === null || !Array.isArray(population.rows) || !population.by) {
    throw answerError(
      'plotPopulation',
      'population',
      population,
      'poststratify',
      "poststratify(fit, cells, { by: 'state' })",
    );
  }
  const { by, kind, level, weights } = population;
  const { keys } = intervalKeys(level);
  // Of draws no column of the cells stands under a name of their summary.
  const ofDraws = !by.includes('mean') && population.rows.every((row) => 'mean' in row);
  const [meanKey, lowKey, highKey] = ofDraws ? ['mean', keys[0]!, keys.at(-1)!] : ['estimate', 'lower', 'upper'];
  const parts = population.rows
    .map((row) => ({
      row,
      name: by.length === 0 ? 'all' : by.map((name) => String(row[name])).join(', '),
      mean: row[meanKey!] as number | null,
      low: row[lowKey!] as number | null,
      high: row[highKey!] as number | null,
    }))
    .sort((a, b) => (b.mean ?? Number.NEGATIVE_INFINITY) - (a.mean ?? Number.NEGATIVE_INFINITY));
  const known = parts.filter(
    (part): part is typeof part & { mean: number; low: number; high: number } => part.mean !== null,
  );
  const shown = known.length > MOST ? [...known.slice(0, MOST / 2), ...known.slice(-MOST / 2)] : known;
  const domain = domainOf(
    shown.flatMap(({ low, high }) => [low, high]),
    0.04,
  );
  const columns = shown.length > COLUMN ? 2 : 1;
  const each = Math.ceil(shown.length / columns);
  const panels = Array.from({ length: columns }, (_, c): Panel => {
    const own = shown.slice(c * each, (c + 1) * each);
    return {
      x: { scale: 'linear', domain, count: columns === 1 ? 6 : 4 },
      y: {
        scale: 'linear',
        domain: [each - 0.4, -0.6],
        grid: false,
        ticks: own.map(({ name }, i) => ({ value: i, text: name })),
      },
      right: own.map(({ row }, i) => ({ value: i, text: sizeOf(Number(row[weights])) })),
      rightTitle: weights,
      height: Math.max(80, 18 * each),
      marks: [
        {
          kind: 'segments',
          role: 'partial',
          width: 3,
          opacity: 0.5,
          segments: own.map(({ low, high }, i) => ({ x1: low, x2: high, y1: i, y2: i })),
        },
        {
          kind: 'dots',
          role: 'partial',
          shape: 'dot',
          radius: 3.5,
          points: own.map(({ mean, name }, i) => ({ x: mean, y: i, key: name })),
        },
      ],
    };
  });
  const [first, last] = [known[0], known.at(-1)];
  const unknown = parts.length - known.length;
  const said =
    first === undefined
      ? 'No part is estimable.'
      : first === last
        ? `${first.name}: ${short(first.mean)}, ${short(first.low)} to ${short(first.high)}.`
        : `From ${short(first!.mean)} (${first!.name}) to ${short(last!.mean)} (${last!.name}).`;
  const what = kind === 'share' ? 'expected response (of successes: their share)' : 'expected total';
  return picture({
    name: 'population',
    ...wordsOf(options, {
      title: `What the model says of ${count(parts.length, 'part')} of the population`,
      subtitle: `${what} with ${Math.round(100 * level)}% intervals, the largest first`,
      caption: `${said}${known.length > MOST ? ` The ${MOST / 2} largest and the ${MOST / 2} smallest of ${known.length} are drawn.` : ''}${unknown > 0 ? ` ${count(unknown, 'part')} ${unknown === 1 ? 'is' : 'are'} not estimable.` : ''}`,
    }),
    description: said,
    legend: [
      { role: 'partial', shape: 'dot', text: meanKey! },
      { role: 'partial', shape: 'bar', text: `${Math.round(100 * level)}% interval` },
    ],
    columns: [columns, 1],
    panels,
    rows: parts.map(({ row }) => row),
  });
}

/** The size of a part: whole numbers whole. */
function sizeOf(weight: number): string {
  return Number.isInteger(weight) && Math.abs(weight) < 1e7 ? whole(weight) : short(weight);
}
