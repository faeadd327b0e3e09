import { text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { Z95 } from '../../../special/normalPoints.ts';
import type { ModelFit } from '../../../summary/modelFit.ts';
import { shrinkage } from '../../../summary/pooling/shrinkage.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Picture, picture } from '../../drawing/picture.ts';
import { groupTermOf } from '../parts/groupTermOf.ts';
import { decimalsFor } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, scaleWords, wordsOf } from '../parts/pictureOptions.ts';

/** What a forest is of. */
export interface ForestPictureOptions extends PictureOptions {
  /** The varying term; default the first. */
  readonly term?: string;
}

/** Groups that have room for two lines each. */
const MOST = 60;
/**
 * The forest of a meta-analysis: each group's own estimate with the 90% interval of its standard error, and below it
 * that of the model, with the population line; at the right the model's estimate. `rows` are those of `shrinkage` with
 * the ends of the own intervals. Throws `unknown-factor`, `option`, and `no-picture` for more than 60 groups.
 */
export function plotForest(fit: ModelFit, factor: string, options: ForestPictureOptions = {}): Picture {
  checkFit('plotForest', fit);
  checkOptions('plotForest', options, { ...PICTURE_OPTIONS, term: text });
  const { term, label } = groupTermOf(fit, factor, options.term);
  if (term.J > MOST)
    throw pictureError('plotForest', `${factor} has ${term.J} groups, and a forest holds ${MOST}`, 'plotGroups');
  const rows = shrinkage(fit, factor)
    .rows.filter((row) => row.term === label)
    .map((row) => ({ ...row, own: ownInterval(row.noPooling, row.noPoolingSe) }))
    .sort((a, b) => (b.noPooling ?? b.partialPooling) - (a.noPooling ?? a.partialPooling));
  const lines = rows.map(({ populationLine }) => populationLine);
  const [least, greatest] = [Math.min(...lines), Math.max(...lines)];
  const line = greatest - least <= 1e-9 * Math.max(1, Math.abs(greatest)) ? least : null;
  const owned = rows.flatMap((row, i) => (row.own ? [{ row, i, ...row.own }] : []));
  const widest = owned.length > 0 ? owned.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a)) : null;
  const write = decimalsFor(
    // Two digits of the narrowest interval.
    2 * rows.reduce((least, { q5, q95 }) => Math.min(least, q95 - q5), Number.POSITIVE_INFINITY),
  );
  const above = 0.18;
  const marks: Mark[] = [
    ...(line === null ? [] : [{ kind: 'rule', role: 'population', x: line, width: 1.5 } as const]),
    {
      kind: 'segments',
      role: 'own',
      width: 1.5,
      segments: owned.map(({ low, high, i }) => ({ x1: low, x2: high, y1: i - above, y2: i - above })),
    },
    {
      kind: 'segments',
      role: 'partial',
      width: 4,
      opacity: 0.5,
      segments: rows.map(({ q5, q95 }, i) => ({ x1: q5, x2: q95, y1: i + above, y2: i + above })),
    },
    {
      kind: 'dots',
      role: 'own',
      shape: 'ring',
      radius: 3.5,
      points: owned.map(({ row, i }) => ({ x: row.noPooling!, y: i - above, key: row.level })),
    },
    {
      kind: 'dots',
      role: 'partial',
      shape: 'dot',
      radius: 3.5,
      points: rows.map(({ partialPooling, level }, i) => ({ x: partialPooling, y: i + above, key: level })),
    },
  ];
  const what = labelOf(options, label);
  const narrower = owned.filter(({ row, low, high }) => row.q95 - row.q5 < high - low).length;
  return picture({
    name: 'forest',
    ...wordsOf(options, {
      title: `What each ${factor} says by itself, and what the model says`,
      subtitle: `${what} of each ${factor} with 90% intervals${scaleWords(options, fit.design)}`,
      caption: `${narrower} of ${rows.length} intervals are narrower by the model than from own data alone.${widest ? ` The least certain by itself is ${widest.row.level}, ${write(widest.low)} to ${write(widest.high)}; by the model ${write(widest.row.q5)} to ${write(widest.row.q95)}.` : ''}`,
    }),
    description: rows
      .map(
        ({ level, noPooling, partialPooling }) =>
          `${level}: ${noPooling === null ? 'no own estimate' : write(noPooling)}, by the model ${write(partialPooling)}`,
      )
      .join('; '),
    legend: [
      { role: 'own', shape: 'ring', text: 'own data alone' },
      { role: 'partial', shape: 'dot', text: 'multilevel model' },
      ...(line === null ? [] : [{ role: 'population', shape: 'line', text: 'population line' } as const]),
    ],
    columns: [1, 1],
    panels: [
      {
        x: {
          scale: 'linear',
          domain: domainOf(
            [...rows.flatMap(({ q5, q95 }) => [q5, q95]), ...owned.flatMap(({ low, high }) => [low, high]), line],
            0.05,
          ),
          count: 6,
        },
        y: {
          scale: 'linear',
          domain: [rows.length - 0.4, -0.6],
          grid: false,
          ticks: rows.map(({ level }, i) => ({ value: i, text: level })),
        },
        right: rows.map(({ partialPooling }, i) => ({ value: i, text: write(partialPooling) })),
        rightTitle: 'model',
        height: Math.max(120, 28 * rows.length),
        marks,
      },
    ],
    rows: rows.map(({ matrixWeights: _, own, ...row }) => ({
      ...row,
      ownLow: own?.low ?? null,
      ownHigh: own?.high ?? null,
    })),
  });
}

function ownInterval(estimate: number | null, se: number | null) {
  return estimate === null || se === null ? null : { low: estimate - Z95 * se, high: estimate + Z95 * se };
}
