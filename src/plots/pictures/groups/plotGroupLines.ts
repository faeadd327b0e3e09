import { needsRows } from '../../../design/needsRows.ts';
import { familyOf } from '../../../families/familyOf.ts';
import { text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { optionError } from '../../../input/optionError.ts';
import { drawMean } from '../../../summary/drawSummary.ts';
import { betaDraws } from '../../../summary/groupDraws.ts';
import { factorPosition, type ModelFit } from '../../../summary/modelFit.ts';
import { type ShrinkageRow, shrinkage } from '../../../summary/pooling/shrinkage.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import {
  type LegendEntry,
  type Mark,
  type Panel,
  type Picture,
  type PictureRow,
  picture,
} from '../../drawing/picture.ts';
import { count } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { chosenGroups } from './chosenGroups.ts';

/** What a picture of group lines is of. */
export interface GroupLinesPictureOptions extends PictureOptions {
  /** The predictor along x; default the first that varies by the factor, else the first of the model. */
  readonly x?: string;
}

/** Intercept and slope. */
type Line = readonly [number, number];

/**
 * The data of groups with three lines: of their own rows, of the model, of the population; complete pooling beside
 * them. Up to 18 groups all; of more, the smallest, the largest and those that moved farthest. Other columns stand at
 * their means in the group. Throws `unknown-factor`, `option`, and `no-picture` for a response that is not gaussian or
 * Student-t and a model without lines.
 */
export function plotGroupLines(fit: ModelFit, factor: string, options: GroupLinesPictureOptions = {}): Picture {
  checkFit('plotGroupLines', fit);
  checkOptions('plotGroupLines', options, { ...PICTURE_OPTIONS, x: text });
  const { design } = fit;
  needsRows(design, 'pictures of rows', 'moments');
  const f = factorPosition(design, factor);
  const term = design.groupTerms[f]!;
  if (familyOf(design).link !== 'identity') {
    throw pictureError(
      'plotGroupLines',
      'the mean is no linear function of the columns, so that means are curves',
      'plotCurves',
    );
  }
  const numeric = design.columns
    .filter(({ parts, label }) => parts.length === 1 && design.rows.columns.get(label)?.kind === 'number')
    .map(({ label }) => label);
  const candidates = [
    ...term.labels.filter((label) => numeric.includes(label)),
    ...numeric.filter((label) => !term.labels.includes(label) && !term.level2.labels.includes(label)),
  ];
  const x = options.x ?? candidates[0];
  if (x === undefined)
    throw pictureError('plotGroupLines', 'the model has no predictor that a line could follow', 'plotShrinkage');
  if (!candidates.includes(x))
    throw optionError('x', x, `a column of numbers that enters as it is: ${candidates.join(', ')}`);
  if (!term.labels.includes('Intercept'))
    throw pictureError('plotGroupLines', `no intercept varies by ${factor}`, 'plotGroups');
  const inLevel2 = new Set(term.level2.columns);
  const rest = design.columns
    .map((column, c) => ({ column, c }))
    .filter(({ column, c }) => !inLevel2.has(c) && column.label !== x && column.parts.length > 0);
  const crossing = rest.find(({ column }) => column.parts.some(({ label }) => label === x));
  if (crossing)
    throw pictureError('plotGroupLines', `the effect of ${x} depends on ${crossing.column.label}`, 'plotCurves');
  const beta = (c: number): number => (fit.kind === 'mcmc' ? drawMean(betaDraws(fit, c)) : fit.fixef.estimates[c]!);
  const slope = design.columns.findIndex(({ label }) => label === x);
  const all = shrinkage(fit, factor).rows;
  const rowOf = (level: string, label: string): ShrinkageRow | undefined =>
    all.find((row) => row.level === level && row.term === label);
  const intercepts = all.filter(({ term: label }) => label === 'Intercept');
  const levels = chosenGroups(intercepts);
  const xs = design.rows.columns.get(x)!.values as ArrayLike<number>;
  const { y } = design.response;
  const domain = domainOf(Array.from(xs), 0.04);
  const members = term.levels.map((): number[] => []);
  term.index.forEach((j, i) => {
    members[j]!.push(i);
  });
  const rows: PictureRow[] = [];
  const parts = levels.map((level) => {
    const j = term.levels.indexOf(level);
    const own = members[j]!;
    const shift = rest.reduce(
      (sum, { c }) =>
        sum +
        (own.length === 0
          ? 0
          : (beta(c) * own.reduce((part, i) => part + design.X[i * design.p + c]!, 0)) / own.length),
      0,
    );
    const [a, b] = [rowOf(level, 'Intercept')!, rowOf(level, x)];
    const line = (key: 'noPooling' | 'partialPooling' | 'populationLine' | 'completePooling'): Line | null => {
      const slopeOf = b ? b[key] : key === 'completePooling' ? null : beta(slope);
      return a[key] === null || slopeOf === null ? null : [a[key] + shift, slopeOf];
    };
    const lines = {
      own: line('noPooling'),
      partial: line('partialPooling')!,
      population: line('populationLine')!,
      complete: line('completePooling'),
    };
    rows.push({
      level,
      n: a.n,
      ownIntercept: lines.own?.[0] ?? null,
      ownSlope: lines.own?.[1] ?? null,
      intercept: lines.partial[0],
      slope: lines.partial[1],
      populationIntercept: lines.population[0],
      populationSlope: lines.population[1],
    });
    return { level, n: a.n, own, lines };
  });
  const ends = (line: Line) => domain.map((at) => ({ x: at, y: line[0] + line[1] * at }));
  const range = domainOf(
    [...Array.from(y), ...parts.flatMap(({ lines }) => ends(lines.partial).map((at) => at.y))],
    0.04,
  );
  const panels = parts.map(({ level, n, own, lines }, i): Panel => {
    const draw = (line: Line | null, mark: Omit<Mark & { kind: 'line' }, 'kind' | 'points'>): Mark[] =>
      line ? [{ kind: 'line', points: ends(line), ...mark }] : [];
    const marks: Mark[] = [
      {
        kind: 'dots',
        role: 'data',
        shape: 'dot',
        radius: own.length > 60 ? 1.5 : 2.5,
        opacity: 0.55,
        points: own.map((row) => ({ x: xs[row]!, y: y[row]! })),
      },
      ...draw(lines.complete, { role: 'complete', width: 1.3, dash: 'dotted' }),
      ...draw(lines.population, { role: 'population', width: 1 }),
      ...draw(lines.own, { role: 'own', width: 1.6, dash: 'dashed' }),
      ...draw(lines.partial, { role: 'partial', width: 2.4 }),
    ];
    return {
      title: level,
      note: lines.own ? `n = ${n}` : `n = ${n}, no own`,
      x: { scale: 'linear', domain, count: 3, ...(i >= parts.length - 4 ? { label: labelOf(options, x) } : {}) },
      y: { scale: 'linear', domain: range, count: 3 },
      height: 120,
      marks,
    };
  });
  const without = parts.filter(({ lines }) => lines.own === null).length;
  const legend: LegendEntry[] = [
    { role: 'data', shape: 'dot', text: 'data' },
    { role: 'own', shape: 'line', dash: 'dashed', text: 'own data alone' },
    { role: 'partial', shape: 'line', text: 'multilevel model' },
    { role: 'population', shape: 'line', text: 'population line' },
    ...(parts.some(({ lines }) => lines.complete)
      ? [{ role: 'complete', shape: 'line', dash: 'dotted', text: 'complete pooling' } as const]
      : []),
  ];
  const caption = [
    levels.length < term.J
      ? `${levels.length} of ${count(term.J, 'group')}: the smallest, the largest and those that moved farthest.`
      : '',
    'All panels have the same axes.',
    without > 0
      ? `${count(without, 'group')} here cannot have a line of ${without === 1 ? 'its' : 'their'} own: the rows do not determine it.`
      : '',
    rest.length > 0 ? `Other predictors stand at their means in the group.` : '',
  ];
  return picture({
    name: 'lines',
    ...wordsOf(options, {
      title: `The lines of ${levels.length < term.J ? `${levels.length} groups` : count(term.J, 'group')} of ${factor}`,
      subtitle: `${labelOf(options, design.response.label)}${unitOf(options, design.response.label)} against ${labelOf(options, x)}${unitOf(options, x)}`,
      caption: caption.filter((sentence) => sentence !== '').join(' '),
    }),
    description: `Data and lines of ${levels.length} groups of ${factor}.`,
    legend,
    columns: [4, 2],
    panels,
    rows,
  });
}
