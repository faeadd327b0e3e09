import { checkOptions } from '../../../input/checkOptions.ts';
import type { ModelComparison, ModelRow, NewGroupComparison } from '../../../summary/comparison/compareModels.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { short } from '../parts/numberWords.ts';
import { answerError, pictureError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Models that have a line each; of more the best. */
const MOST = 40;

/**
 * Which model predicts best: elpd of each less that of the best, with one standard error to either side and stacking
 * weights at the right, over the rows and over the groups of each factor (`compareModels`, whose numbers `rows` are).
 * Where groups were left out, the gain of the best model over the next in each group, least first: whether it is better
 * everywhere or in a few.
 * Throws `option`, and `no-picture` for a model alone.
 */
export function plotComparison(comparison: ModelComparison, options: PictureOptions = {}): Picture {
  checkOptions('plotComparison', options, PICTURE_OPTIONS);
  if (!Array.isArray(comparison?.models) || !Array.isArray(comparison.newGroups)) {
    throw answerError(
      'plotComparison',
      'comparison',
      comparison,
      'compareModels',
      'compareModels({ a: fit, b: other })',
    );
  }
  if (comparison.names.length < 2)
    throw pictureError('plotComparison', 'one model has nothing to be compared with', 'plotParetoK');
  const allGroups: readonly NewGroupComparison[] = comparison.newGroups;
  const newGroups = allGroups.filter(({ models }) => models.length > 1);
  const parts: { readonly of: string; readonly models: readonly ModelRow<number | string>[] }[] = [
    ...(comparison.models.length > 1 ? [{ of: 'rows', models: comparison.models }] : []),
    ...newGroups.map(({ by, models }) => ({ of: `groups of ${by}`, models })),
  ];
  if (parts.length === 0)
    throw pictureError(
      'plotComparison',
      comparison.reason ?? 'nothing was left out',
      'compareModels with by, and that',
    );
  const said = parts.map(({ of, models: [best, next] }) => {
    const far = Math.abs(next!.elpdDiff) > 2 * next!.elpdDiffSe;
    return `New ${of}: ${best!.model} predicts best; ${next!.model} is next, ${short(-next!.elpdDiff)} lower with a standard error of ${short(next!.elpdDiffSe)}${far ? '.' : ', which does not tell them apart.'}`;
  });
  const doubted = parts.flatMap(({ of, models }) => {
    const names = models.filter(({ paretoK }) => paretoK.above.length > 0).map(({ model }) => model);
    return names.length > 0 ? [`over ${of} for ${names.join(', ')}`] : [];
  });
  const trust =
    doubted.length > 0 ? ` Not to be trusted to its standard error (Pareto k) is elpd ${doubted.join('; ')}.` : '';
  const more = comparison.models.length > MOST ? ` The ${MOST} best models are drawn.` : '';
  const gains = newGroups.map(({ by, models: [best, next], groups }) => ({
    by,
    best: best!.model,
    next: next!.model,
    groups: groups
      .map(({ level, elpd }) => ({ level, gain: elpd[best!.model]! - elpd[next!.model]! }))
      .sort((a, b) => a.gain - b.gain),
  }));
  const better = gains.map(
    ({ by, best, next, groups }) =>
      ` ${best} predicts ${groups.filter(({ gain }) => gain > 0).length} of ${groups.length} groups of ${by} better than ${next}.`,
  );
  return picture({
    name: 'comparison',
    ...wordsOf(options, {
      title: 'Which model predicts best?',
      subtitle:
        'expected log predictive density (elpd) of what is left out, less that of the best model, \u00b1 1 standard error; at the right stacking weights',
      caption: `${said.join(' ')}${better.join('')}${trust}${more}`,
    }),
    description: said.join(' '),
    legend: [
      { role: 'partial', shape: 'dot', text: 'difference of elpd' },
      { role: 'partial', shape: 'line', text: '\u00b1 1 standard error' },
      ...(doubted.length > 0 ? [{ role: 'own', shape: 'ring', text: 'Pareto k too large' } as const] : []),
    ],
    columns: [Math.min(parts.length, 3), 1],
    panels: [...parts.map(({ of, models }) => panelOf(of, models.slice(0, MOST))), ...gains.map(gainsPanel)],
    rows: parts
      .flatMap(({ of, models }): PictureRow[] =>
        models.map(({ model, elpd, elpdSe, elpdDiff, elpdDiffSe, p, weight, paretoK }) => ({
          of,
          model,
          elpd,
          elpdSe,
          elpdDiff,
          elpdDiffSe,
          p,
          weight,
          aboveK: paretoK.above.length,
        })),
      )
      .concat(
        gains.flatMap(({ by, groups }) => groups.map(({ level, gain }) => ({ of: `gain by ${by}`, level, gain }))),
      ),
  });
}

function panelOf(of: string, models: readonly ModelRow<number | string>[]): Panel {
  const bars = models.map(({ elpdDiff, elpdDiffSe }, i) => ({
    x1: elpdDiff - elpdDiffSe,
    x2: elpdDiff + elpdDiffSe,
    y1: i,
    y2: i,
  }));
  const points = (doubted: boolean) =>
    models.flatMap(({ model, elpdDiff, paretoK }, i) =>
      paretoK.above.length > 0 === doubted ? [{ x: elpdDiff, y: i, key: model }] : [],
    );
  return {
    title: `new ${of}`,
    x: {
      scale: 'linear',
      domain: domainOf([0, ...bars.flatMap(({ x1, x2 }) => [x1, x2])], 0.06),
      label: 'elpd',
      count: 3,
    },
    y: {
      scale: 'linear',
      domain: [models.length - 0.4, -0.6],
      grid: false,
      ticks: models.map(({ model }, i) => ({ value: i, text: model })),
    },
    right: models.map(({ weight }, i) => ({ value: i, text: weight.toFixed(2) })),
    rightTitle: 'weight',
    height: Math.max(70, 24 * models.length),
    marks: [
      { kind: 'rule', role: 'population', x: 0, width: 1 },
      { kind: 'segments', role: 'partial', width: 1.8, segments: bars },
      { kind: 'dots', role: 'partial', shape: 'dot', radius: 4, points: points(false) },
      { kind: 'dots', role: 'own', shape: 'ring', radius: 4, points: points(true) },
    ],
  };
}

/** The gain of one model over another in each group, the least at the left; the ends are named. */
function gainsPanel({
  by,
  best,
  next,
  groups,
}: {
  readonly by: string;
  readonly best: string;
  readonly next: string;
  readonly groups: readonly { readonly level: string; readonly gain: number }[];
}): Panel {
  const points = groups.map(({ level, gain }, i) => ({ x: i + 1, y: gain, key: level, text: level }));
  return {
    title: `gain of ${best} over ${next}`,
    x: {
      scale: 'linear',
      domain: [0, groups.length + 1],
      label: `groups of ${by} in its order`,
      count: 3,
      grid: false,
    },
    y: { scale: 'linear', domain: domainOf([0, ...groups.map(({ gain }) => gain)], 0.1), count: 4 },
    height: 160,
    marks: [
      { kind: 'rule', role: 'population', y: 0, width: 1 },
      { kind: 'dots', role: 'partial', shape: 'dot', radius: groups.length > 200 ? 1.5 : 3, points },
      { kind: 'labels', labels: [...points.slice(-3).reverse(), ...points.slice(0, 3)] },
    ],
  };
}
