import { checkOptions } from '../../../input/checkOptions.ts';
import { quote } from '../../../input/quote.ts';
import type { Influence } from '../../../summary/comparison/influence.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { count, short } from '../parts/numberWords.ts';
import { shortName } from '../parts/parametersOf.ts';
import { answerError, pictureError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Groups that have a line each, and quantities that have a panel. */
const GROUPS = 10;
const PANELS = 5;

interface Drawn {
  readonly level: string;
  readonly value: number;
  readonly doubted: boolean;
}

/**
 * Which group moves the answer (`influence`): Cook's distance of the ten groups with the largest, and how far each of
 * the quantities that change most does without them, in standard errors or posterior sds; the other groups are drawn
 * together on a line below. A group whose answer is not to be trusted is a ring. `rows` are all groups with their
 * changes. Throws `option`, and `no-picture` where no group has an answer.
 */
export function plotInfluence(influence: Influence, options: PictureOptions = {}): Picture {
  checkOptions('plotInfluence', options, PICTURE_OPTIONS);
  if (!Array.isArray(influence?.groups) || !Array.isArray(influence.rows)) {
    throw answerError('plotInfluence', 'influence', influence, 'influence', "influence(fit, 'county')");
  }
  const { factor, by, groups, rows } = influence;
  const known = groups
    .filter((group): group is typeof group & { cooksDistance: number } => group.cooksDistance !== null)
    .sort((a, b) => b.cooksDistance - a.cooksDistance);
  if (known.length === 0) {
    throw pictureError('plotInfluence', `there is no answer for any group of ${quote(factor)}`, 'plotShrinkage');
  }
  const shown = known.slice(0, GROUPS);
  const doubted = new Set(known.filter(({ reason }) => reason !== null).map(({ level }) => level));
  const changes = new Map<string, Map<string, number>>();
  for (const { level, parameter, change } of rows) {
    if (change === null) continue;
    const own = changes.get(parameter) ?? new Map<string, number>();
    changes.set(parameter, own.set(level, change));
  }
  const size = (of: ReadonlyMap<string, number>) => Math.max(...Array.from(of.values(), Math.abs));
  const moved = [...changes].sort((a, b) => size(b[1]) - size(a[1])).slice(0, PANELS);
  const drawn = (level: string, value: number): Drawn => ({ level, value, doubted: doubted.has(level) });
  const names = shown.map(({ level }) => level);
  const panels = [
    panelOf(
      "Cook's distance",
      known.map(({ level, cooksDistance }) => drawn(level, cooksDistance)),
      names,
      '',
    ),
    ...moved.map(([parameter, own]) =>
      panelOf(
        shortName(parameter),
        Array.from(own, ([level, change]) => drawn(level, change)),
        names,
        by === 'weights' ? 'posterior sds' : 'standard errors',
      ),
    ),
  ];
  const first = known[0]!;
  const trusted = rows.filter(
    (row): row is typeof row & { change: number } => row.change !== null && !doubted.has(row.level),
  );
  const largest = trusted.reduce<(typeof trusted)[number] | undefined>(
    (most, row) => (most === undefined || Math.abs(row.change) > Math.abs(most.change) ? row : most),
    undefined,
  );
  const unit = by === 'weights' ? 'posterior sd' : 'standard error';
  const said = [
    `${first.level} (${count(first.n, 'row')}) has the largest Cook's distance, ${short(first.cooksDistance)}.`,
    ...(largest === undefined
      ? []
      : [
          `The largest change is that of ${largest.parameter} without ${largest.level}: ${short(Math.abs(largest.change))} ${unit}${Math.abs(largest.change) === 1 ? '' : 's'} ${largest.change > 0 ? 'lower' : 'higher'}.`,
        ]),
    ...(doubted.size > 0 ? [`What is said of ${count(doubted.size, 'group')} is not to be trusted.`] : []),
  ].join(' ');
  return picture({
    name: 'influence',
    ...wordsOf(options, {
      title: `Which ${factor} moves the answer?`,
      subtitle: `what leaving out each ${factor} does${by === 'weights' ? ' (draws weighted as if it were left out)' : ' (fitted anew)'}: estimate of all groups less the one without it, in ${unit}s`,
      caption: `${said}${known.length > GROUPS ? ` The ${GROUPS} groups with the largest distance by name, of ${known.length}.` : ''}`,
    }),
    description: said,
    legend: [
      { role: 'partial', shape: 'dot', text: `without this ${factor}` },
      ...(doubted.size > 0 ? [{ role: 'own', shape: 'ring', text: 'not to be trusted' } as const] : []),
      ...(known.length > GROUPS ? [{ role: 'muted', shape: 'dot', text: 'all others' } as const] : []),
    ],
    columns: [Math.min(3, panels.length), 1],
    panels,
    rows: groups.map(({ level, n, cooksDistance, paretoK }) => ({
      level,
      n,
      cooksDistance,
      paretoK,
      ...Object.fromEntries([...changes].map(([parameter, own]) => [parameter, own.get(level) ?? null])),
    })),
  });
}

/** The groups by name, and below them all others on one line. */
function panelOf(title: string, all: readonly Drawn[], names: readonly string[], label: string): Panel {
  const line = new Map(names.map((level, i) => [level, i]));
  const own = all.filter(({ level }) => line.has(level));
  const others = all.filter(({ level }) => !line.has(level));
  const points = (of: readonly Drawn[]) =>
    of.map(({ level, value }) => ({ x: value, y: line.get(level) ?? names.length, key: level }));
  const lines = names.length + (others.length > 0 ? 1 : 0);
  return {
    title,
    x: {
      scale: 'linear',
      domain: domainOf([0, ...all.map(({ value }) => value)], 0.06),
      count: 3,
      ...(label === '' ? {} : { label }),
    },
    y: {
      scale: 'linear',
      domain: [lines - 0.4, -0.6],
      grid: false,
      ticks: [...names, ...(others.length > 0 ? ['others'] : [])].map((text, i) => ({ value: i, text })),
    },
    height: Math.max(70, 18 * lines),
    marks: [
      { kind: 'rule', role: 'muted', x: 0, width: 1 },
      {
        kind: 'segments',
        role: 'partial',
        width: 1.5,
        opacity: 0.5,
        segments: own.map(({ level, value }) => ({ x1: 0, x2: value, y1: line.get(level)!, y2: line.get(level)! })),
      },
      { kind: 'dots', role: 'muted', shape: 'dot', radius: 2.5, opacity: 0.5, points: points(others) },
      { kind: 'dots', role: 'partial', shape: 'dot', radius: 4, points: points(own.filter((each) => !each.doubted)) },
      { kind: 'dots', role: 'own', shape: 'ring', radius: 4, points: points(own.filter((each) => each.doubted)) },
    ],
  };
}
