import { quantileOfSorted } from '../../../../diagnostics/quantile.ts';
import { text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { varCorr } from '../../../summary/estimates.ts';
import type { ModelFit } from '../../../summary/modelFit.ts';
import { shrinkage } from '../../../summary/pooling/shrinkage.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Picture, picture } from '../../drawing/picture.ts';
import { ellipse } from '../parts/ellipse.ts';
import { groupTermOf } from '../parts/groupTermOf.ts';
import { count, short } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Which two coefficients span the space. */
export interface CoefficientSpaceOptions extends PictureOptions {
  /** Default the first varying term. */
  readonly x?: string;
  /** Default the second. */
  readonly y?: string;
}

/**
 * Two coefficients of every group against each other: from own estimate to partial pooling, with the ellipses that hold
 * half and nine tenths of the groups by the model's covariance. Where level-2 predictors move the population point all
 * is measured from it. Throws `unknown-factor`, `option`, and `no-picture` where fewer than two coefficients vary.
 */
export function plotCoefficientSpace(fit: ModelFit, factor: string, options: CoefficientSpaceOptions = {}): Picture {
  checkFit('plotCoefficientSpace', fit);
  checkOptions('plotCoefficientSpace', options, { ...PICTURE_OPTIONS, x: text, y: text });
  const first = groupTermOf(fit, factor, options.x);
  if (first.term.q < 2)
    throw pictureError('plotCoefficientSpace', `one coefficient alone varies by ${factor}`, 'plotShrinkage');
  const second = groupTermOf(fit, factor, options.y ?? first.term.labels[first.k === 1 ? 0 : 1]);
  const all = shrinkage(fit, factor).rows;
  const of = (label: string) => all.filter(({ term }) => term === label);
  const [xs, ys] = [of(first.label), of(second.label)];
  const moves = [xs, ys].some((rows) =>
    rows.some(
      ({ populationLine }) => Math.abs(populationLine - rows[0]!.populationLine) > 1e-9 * Math.abs(populationLine),
    ),
  );
  const origin = (row: { readonly populationLine: number }) => (moves ? row.populationLine : 0);
  const groups = xs.map((a, j) => {
    const b = ys[j]!;
    const own =
      a.noPooling === null || b.noPooling === null ? null : { x: a.noPooling - origin(a), y: b.noPooling - origin(b) };
    return { level: a.level, n: a.n, own, x: a.partialPooling - origin(a), y: b.partialPooling - origin(b) };
  });
  const centre = moves ? ([0, 0] as const) : ([xs[0]!.populationLine, ys[0]!.populationLine] as const);
  const parts = varCorr(fit).filter((row) => row.factor === factor);
  const sd = (label: string) => parts.find(({ term1, term2 }) => term1 === label && term2 === null)?.sd ?? 0;
  const rho =
    parts.find(
      ({ term1, term2 }) =>
        term2 !== null && [term1, term2].includes(first.label) && [term1, term2].includes(second.label),
    )?.corr ?? 0;
  const [sx, sy] = [sd(first.label), sd(second.label)];
  const covariance = [sx * sx, rho * sx * sy, sy * sy] as const;
  const scaled = (group: (typeof groups)[number]) =>
    group.own === null ? -1 : Math.abs(group.own.x - group.x) / (sx || 1) + Math.abs(group.own.y - group.y) / (sy || 1);
  const far = [...groups].sort((a, b) => scaled(b) - scaled(a));
  const named = groups.length <= 8 ? far : far.slice(0, 6);
  const owned = groups.filter(({ own }) => own !== null);
  const crowded = groups.length > 120;
  const outer = ellipse(...centre, covariance, 0.9);
  const frame = (axis: 'x' | 'y') =>
    frameOf(
      [...groups.map((group) => group[axis]), ...outer.map((at) => at[axis])],
      owned.map(({ own }) => own![axis]),
    );
  const [across, up] = [frame('x'), frame('y')];
  const inside = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;
  const beyond = owned.filter(({ own }) => !(inside(own!.x, across) && inside(own!.y, up))).length;
  const marks: Mark[] = [
    { kind: 'line', role: 'population', width: 1.2, points: ellipse(...centre, covariance, 0.5) },
    { kind: 'line', role: 'population', width: 1.2, points: outer },
    {
      kind: 'segments',
      role: 'muted',
      width: 1,
      opacity: crowded ? 0.25 : 0.6,
      arrow: !crowded,
      segments: owned.map(({ own, x, y }) => ({ x1: own!.x, y1: own!.y, x2: x, y2: y })),
    },
    {
      kind: 'dots',
      role: 'own',
      shape: 'ring',
      radius: crowded ? 2 : 3.5,
      points: owned.map(({ own, level }) => ({ ...own!, key: level })),
    },
    {
      kind: 'dots',
      role: 'partial',
      shape: 'dot',
      radius: crowded ? 2 : 3.5,
      points: groups.map(({ level, x, y }) => ({ x, y, key: level })),
    },
    { kind: 'dots', role: 'population', shape: 'diamond', radius: 6, points: [{ x: centre[0], y: centre[1] }] },
    { kind: 'labels', labels: named.map(({ level, own, x, y }) => ({ ...(own ?? { x, y }), text: level })) },
  ];
  const [xName, yName] = [labelOf(options, first.label), labelOf(options, second.label)];
  return picture({
    name: 'space',
    ...wordsOf(options, {
      title: `How ${xName} and ${yName} move together`,
      subtitle: `${yName} (up) against ${xName} (across) of ${count(groups.length, 'group')} of ${factor}${moves ? ', less what level-2 predictors lead to' : ''}`,
      caption: `Their correlation over groups is ${short(rho)}, the sds are ${short(sx)} and ${short(sy)}. ${named[0] ? `${named[0].level} moves farthest. ` : ''}${beyond > 0 ? `${count(beyond, 'own estimate')} ${beyond === 1 ? 'lies' : 'lie'} beyond the frame. ` : ''}Groups are pulled along the ellipse, so that a well-known coefficient carries the other with it.`,
    }),
    description: `Own and pooled estimates of ${xName} and ${yName} of ${count(groups.length, 'group')}; correlation ${short(rho)}.`,
    legend: [
      { role: 'own', shape: 'ring', text: 'own data alone' },
      { role: 'partial', shape: 'dot', text: 'multilevel model' },
      { role: 'population', shape: 'diamond', text: 'population' },
      { role: 'population', shape: 'line', text: 'holds 50% and 90% of the groups, by the model' },
    ],
    columns: [1, 1],
    panels: [
      {
        x: {
          scale: 'linear',
          domain: across,
          count: 7,
          label: xName,
        },
        y: {
          scale: 'linear',
          domain: up,
          count: 6,
        },
        height: 420,
        marks,
      },
    ],
    rows: groups.map(({ level, n, own, x, y }) => ({ level, n, ownX: own?.x ?? null, ownY: own?.y ?? null, x, y })),
  });
}

/**
 * The domain that holds all of `always`, and of the own estimates those within three interquartile ranges of their
 * quartiles (Tukey's outer fences): a group whose rows hardly determine its slope may be hundreds of times farther out.
 */
function frameOf(always: readonly number[], own: readonly number[]): readonly [number, number] {
  const sorted = Float64Array.from(own).sort();
  const [q25, q75] = [quantileOfSorted(sorted, 0.25), quantileOfSorted(sorted, 0.75)];
  const reach = 3 * (q75 - q25);
  return domainOf([...always, ...own.filter((value) => value >= q25 - reach && value <= q75 + reach)]);
}
