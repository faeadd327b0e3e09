import type { Design } from '../../../design/design.ts';
import { levelObservations } from '../../../design/observations.ts';
import { kindOf } from '../../../families/familyOf.ts';
import { text, textList } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { optionError } from '../../../input/optionError.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { predict } from '../../../summary/prediction/predict.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { drawnAs } from '../parts/drawnAs.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { valueTicks } from '../parts/valueTicks.ts';
import { type ObservedShare, observedShares } from './observedShares.ts';

/** What a picture of curves is of. */
export interface CurvesPictureOptions extends PictureOptions {
  /**
   * The column of numbers along x; default the first of the model, of those that differ within groups where a factor
   * is named.
   */
  readonly x?: string;
  /** A grouping factor whose groups have curves of their own; none unless given. */
  readonly factor?: string;
  /** Its groups; default the 11 with most rows, or trials. */
  readonly groups?: readonly string[];
}

const STEPS = 33;

/**
 * The mean of the response (the probability, of binary and binomial ones) along one predictor with its 90% band: for
 * the population, and for groups where a factor is named. Other columns stand at their mean, or most frequent value, in
 * the rows the curve is of, which count as often as rows of the data were reduced to them; x spans what these rows do.
 * Of successes the observed shares in classes of x stand beside the curve with their 90% Wilson intervals, and in
 * `rows`. Throws `option`, and `no-picture` for a model without a predictor of numbers.
 */
export function plotCurves(fit: Fit, options: CurvesPictureOptions = {}): Picture {
  checkFit('plotCurves', fit, 'mcmc');
  checkOptions('plotCurves', options, { ...PICTURE_OPTIONS, x: text, factor: text, groups: textList });
  const { design } = fit;
  const { reduced } = design.rows;
  const used = new Set(design.columns.flatMap(({ parts }) => parts.map(({ label }) => label)));
  const numeric = [...used].filter((name) => design.rows.columns.get(name)?.kind === 'number');
  // A group's own curve is along what its rows differ in.
  const within = numeric.filter((name) => !level2(design, options.factor, name));
  const x = options.x ?? within[0] ?? numeric[0];
  if (x === undefined) throw pictureError('plotCurves', 'the model has no predictor of numbers', 'plotShrinkage');
  if (!numeric.includes(x)) throw optionError('x', x, `a column of numbers in the model: ${numeric.join(', ')}`);
  const domain = domainOf(Array.from(design.rows.columns.get(x)!.values, Number), 0);
  const ticks = valueTicks(Array.from(design.rows.columns.get(x)!.values, Number));
  const term = options.factor === undefined ? null : design.groupTerms.find(({ factor }) => factor === options.factor);
  if (term === undefined)
    throw optionError(
      'factor',
      options.factor,
      `a grouping factor: ${design.groupTerms.map(({ factor }) => factor).join(', ')}`,
    );
  const levels = term ? (options.groups ?? [...term.levels].sort((a, b) => size(b) - size(a)).slice(0, 11)) : [];
  function size(level: string): number {
    const j = term!.levels.indexOf(level);
    const { trials } = design.response;
    if (trials) return trials.reduce((sum, n, i) => sum + (term!.index[i] === j ? n : 0), 0);
    return levelObservations(design, term!)[j]!;
  }
  const unknown = levels.find((level) => !term!.levels.includes(level));
  if (unknown !== undefined) throw optionError('groups', unknown, `names of groups of ${options.factor}`);
  const names = design.response.levels;
  const successes = drawnAs(kindOf(design)) === 'shares';
  const membersOf = (level: string | null): number[] => {
    const j = level === null ? -1 : term!.levels.indexOf(level);
    return Array.from({ length: design.n }, (_, i) => i).filter((i) => level === null || term!.index[i] === j);
  };
  const sharesOf = (members: readonly number[]): ObservedShare[] => {
    const { values } = design.rows.columns.get(x)!;
    return observedShares(design, { x: values, members, most: levels.length === 0 ? 10 : 5 });
  };
  const curve = (level: string | null, members: readonly number[]) => {
    const columns = [...design.rows.columns].map(([name, column]): [string, (string | number)[]] => {
      const standing = typical(
        members.map((i) => column.values[i]!),
        members.map((i) => reduced?.counts[i] ?? 1),
      );
      return [
        name,
        Array.from({ length: STEPS }, (_, s) =>
          name === x ? domain[0] + ((domain[1] - domain[0]) * s) / (STEPS - 1) : standing,
        ),
      ];
    });
    const rows = Object.fromEntries(columns);
    if (level !== null) rows[term!.factor] = Array.from({ length: STEPS }, () => level);
    return predict(fit, { rows }, { groups: level === null ? 'none' : [term!.factor] }).rows.map((row, s) => ({
      x: Number(rows[x]![s]),
      mean: Number(row['mean']),
      q5: Number(row['q5']),
      q95: Number(row['q95']),
    }));
  };
  const curves = [null, ...levels].map((level) => {
    const members = membersOf(level);
    return { level, points: curve(level, members), shares: successes ? sharesOf(members) : [] };
  });
  const population = curves[0]!.points;
  const rows: PictureRow[] = [
    ...curves.flatMap(({ level, points }) =>
      points.map((point) => ({ level, [x]: point.x, mean: point.mean, q5: point.q5, q95: point.q95 })),
    ),
    ...curves.flatMap(({ level, shares }) =>
      shares.map(({ x: at, share, n, low, high }) => ({ level, [x]: at, share, n, low, high })),
    ),
  ];
  const range = domainOf(
    curves.flatMap(({ points, shares }) => [
      ...points.flatMap(({ q5, q95 }) => [q5, q95]),
      ...shares.flatMap(({ low, high }) => [low, high]),
    ]),
  );
  const panels = curves.map(({ level, points, shares }): Panel => {
    const own = level !== null;
    const marks: Mark[] = [
      {
        kind: 'band',
        role: own ? 'partial' : 'population',
        opacity: 0.2,
        points: points.map(({ x: at, q5, q95 }) => ({ x: at, low: q5, high: q95 })),
      },
      {
        kind: 'line',
        role: 'population',
        width: own ? 1 : 2,
        points: population.map(({ x: at, mean }) => ({ x: at, y: mean })),
      },
      ...(own
        ? [
            {
              kind: 'line',
              role: 'partial',
              width: 2.4,
              points: points.map(({ x: at, mean }) => ({ x: at, y: mean })),
            } as const,
          ]
        : []),
      ...(shares.length > 0
        ? [
            {
              kind: 'segments',
              role: 'data',
              width: 1,
              opacity: 0.5,
              segments: shares.map(({ x: at, low, high }) => ({ x1: at, x2: at, y1: low, y2: high })),
            } as const,
            {
              kind: 'dots',
              role: 'data',
              shape: 'dot',
              radius: levels.length > 0 ? 2.5 : 3.5,
              points: shares.map(({ x: at, share }) => ({ x: at, y: share })),
            } as const,
          ]
        : []),
    ];
    const title =
      levels.length === 0 ? {} : { title: level ?? 'population', ...(own ? { note: `n = ${size(level)}` } : {}) };
    return {
      ...title,
      x: { scale: 'linear', domain, count: levels.length === 0 ? 6 : 3, label: labelOf(options, x), ...ticks },
      y: { scale: 'linear', domain: range, count: levels.length === 0 ? 6 : 3 },
      height: levels.length === 0 ? 320 : 120,
      marks,
    };
  });
  const what = successes
    ? `probability of ${design.response.label}`
    : `mean of ${labelOf(options, design.response.label)}`;
  return picture({
    name: 'curves',
    ...wordsOf(options, {
      title: `The ${what} along ${labelOf(options, x)}`,
      subtitle: `${levels.length === 0 ? 'of the population: a group whose deviations are zero' : `of the population and of ${levels.length} groups of ${options.factor}`}${unitOf(options, design.response.label)}`,
      caption: `Bands hold the curve with probability .9. Other columns stand at their mean, or most frequent value, in the rows of the panel.${successes ? ` Dots are shares of successes among rows of about one ${labelOf(options, x)}, which differ in the other columns, too; bars are 90% intervals of Wilson, of the data alone.` : ''}${names ? ` The mean is of the levels of ${labelOf(options, design.response.label)}, counted from 1 to ${names.length}.` : ''}`,
    }),
    description: `The ${what} along ${x}, with 90% bands.`,
    legend: [
      { role: 'population', shape: 'line', text: 'population' },
      ...(levels.length > 0 ? [{ role: 'partial', shape: 'line', text: 'the group' } as const] : []),
      { role: levels.length > 0 ? 'partial' : 'population', shape: 'band', text: '90% band' },
      ...(successes ? [{ role: 'data', shape: 'dot', text: 'observed share' } as const] : []),
    ],
    columns: levels.length === 0 ? [1, 1] : [4, 2],
    panels,
    rows,
  });
}

/** Whether all rows of every group of a factor have one value of a column. */
function level2({ groupTerms, rows }: Design, of: string | undefined, name: string): boolean {
  const term = groupTerms.find(({ factor }) => factor === of);
  if (!term) return false;
  const values = rows.columns.get(name)!.values;
  const first = new Map<number, string | number>();
  return term.index.every((j, i) => {
    if (!first.has(j)) first.set(j, values[i]!);
    return first.get(j) === values[i];
  });
}

/** The mean of numbers, the most frequent of texts, each of which is there so many times. */
function typical(values: readonly (string | number)[], times: readonly number[]): string | number {
  if (values.every((value) => typeof value === 'number')) {
    const total = times.reduce((sum, count) => sum + count, 0);
    return values.reduce((sum, value, i) => sum + times[i]! * value, 0) / Math.max(1, total);
  }
  const counts = new Map<string | number, number>();
  for (const [i, value] of values.entries()) counts.set(value, (counts.get(value) ?? 0) + times[i]!);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
