import type { ModelData, Table } from '../../../data/frame.ts';
import { buildDesign } from '../../../design/build/buildDesign.ts';
import type { Design, GroupTerm } from '../../../design/design.ts';
import { needsRows } from '../../../design/needsRows.ts';
import { printedResponse } from '../../../design/printedResponse.ts';
import { kindOf } from '../../../families/familyOf.ts';
import type { FormulaOptions } from '../../../formula/formula.ts';
import { type Model, readModel } from '../../../formula/readModel.ts';
import { text } from '../../../input/acceptedValue.ts';
import { factorPosition } from '../../../summary/modelFit.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { drawnAs } from '../parts/drawnAs.ts';
import { count, short } from '../parts/numberWords.ts';
import { PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { spreadTies } from '../parts/spreadTies.ts';
import { histogram, levelTicks } from './histogram.ts';

/** What a picture of data is of. */
export interface DataPictureOptions extends PictureOptions {
  /** The grouping factor; default the first of the model. */
  readonly factor?: string;
}

/** Groups that have a line each, and rows that are drawn one by one. */
const LINES = 40;
const POINTS = 4000;

/**
 * What there is before anything is fitted: the response of a model, the rows of each group and their responses. Up to
 * 40 groups have a line each, in the order of their means; of more, the mean of each group is drawn against its number
 * of rows (or trials), where small groups fan out by chance alone; of groups of one size the means have a histogram.
 * Rows with missing values are left out, and counted. `rows` has each group with its rows and mean. The model is a
 * graph or the text of a formula, whose options then stand among these. Throws what building the design throws,
 * `unknown-factor` and `option`.
 */
export function plotData(
  model: Model,
  data: ModelData | Table,
  given: DataPictureOptions & FormulaOptions = {},
): Picture {
  const { graph, options } = readModel<DataPictureOptions>('plotData', model, given, {
    ...PICTURE_OPTIONS,
    factor: text,
  });
  const design = buildDesign(graph, data, { missing: 'drop', rankDeficient: 'keep' });
  needsRows(design, 'the data', 'moments');
  const { response, groupTerms, n, dropped } = design;
  const f = options.factor === undefined ? (groupTerms.length > 0 ? 0 : -1) : factorPosition(design, options.factor);
  const values = drawnAs(kindOf(design)) === 'values' ? printedResponse(design) : sharesOf(design);
  const panels: Panel[] = [
    {
      title: 'response',
      ...histogram(
        values,
        `${response.trials ? 'share of ' : ''}${response.label}${unitOf(options, response.label)}`,
        response.levels,
      ),
      height: 200,
    },
  ];
  const term = groupTerms[f];
  const units = response.trials ? 'trials' : 'rows';
  const groups = term ? groupsOf(term, values, response.trials) : [];
  if (term)
    panels.push(
      groups.length <= LINES ? linesPanel(term, groups, values, units, response.levels) : funnelPanel(groups, units),
    );
  const sizes = groups.map((group) => group.n).sort((a, b) => a - b);
  const said = [
    `${count(n, 'row')}${dropped > 0 ? `; ${count(dropped, 'row')} with missing values ${dropped === 1 ? 'is' : 'are'} left out` : ''}.`,
    term
      ? `${count(groups.length, 'group')} of ${term.factor} ${sizesOf(sizes, units.slice(0, -1))}.`
      : 'The model has no groups.',
    groups.length > LINES && sizes[0] !== sizes.at(-1)
      ? 'Means of small groups lie further apart by chance alone.'
      : '',
  ];
  return picture({
    name: 'data',
    ...wordsOf(options, {
      title: 'What have I got?',
      subtitle: term
        ? `${response.label}${unitOf(options, response.label)}: all rows, and by ${term.factor}`
        : `${response.label}${unitOf(options, response.label)}: all rows`,
      caption: said.filter((sentence) => sentence !== '').join(' '),
    }),
    description: said.join(' '),
    legend: [
      { role: 'data', shape: 'band', text: 'rows' },
      ...(term ? [{ role: 'own', shape: 'ring', text: 'mean of a group' } as const] : []),
    ],
    columns: [panels.length, 1],
    panels,
    rows: groups.map(({ level, n, mean }): PictureRow => ({ level, n, mean })),
  });
}

function sizesOf(sorted: readonly number[], unit: string): string {
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  return least === most
    ? `with ${count(least, unit)} each`
    : `with ${least} to ${count(most, unit)}, half of them with ${sorted[sorted.length >> 1]} or fewer`;
}

/** Observed shares of binomial rows; other responses as they are. */
function sharesOf({ response: { y, trials } }: Design): Float64Array {
  return trials ? y.map((value, i) => value / trials[i]!) : y;
}

interface DataGroup {
  readonly level: string;
  readonly rows: readonly number[];
  readonly n: number;
  readonly mean: number;
}

/** Groups with rows, in the order of their means; of binomial rows `n` counts trials. */
function groupsOf({ levels, index }: GroupTerm, values: Float64Array, trials: Float64Array | null): DataGroup[] {
  const size = (i: number) => trials?.[i] ?? 1;
  const rows = levels.map((): number[] => []);
  index.forEach((j, i) => {
    rows[j]!.push(i);
  });
  return levels
    .map((level, j) => {
      const own = rows[j]!;
      const n = own.reduce((sum, i) => sum + size(i), 0);
      return { level, rows: own, n, mean: own.reduce((sum, i) => sum + size(i) * values[i]!, 0) / n };
    })
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.mean - a.mean);
}

function linesPanel(
  { factor }: GroupTerm,
  groups: readonly DataGroup[],
  values: Float64Array,
  units: string,
  names: readonly string[] | null,
): Panel {
  const stride = Math.max(1, Math.ceil(values.length / POINTS));
  return {
    title: `by ${factor}`,
    x: { scale: 'linear', domain: domainOf(values, 0.04), count: 5, ...levelTicks(names) },
    y: {
      scale: 'linear',
      domain: [groups.length - 0.4, -0.6],
      grid: false,
      ticks: groups.map(({ level }, i) => ({ value: i, text: level })),
    },
    right: groups.map(({ n }, i) => ({ value: i, text: String(n) })),
    rightTitle: units,
    share: 1.6,
    height: Math.max(200, 15 * groups.length),
    marks: [
      {
        kind: 'dots',
        role: 'data',
        shape: 'dot',
        radius: 2,
        opacity: 0.35,
        points: groups.flatMap(({ rows }, i) =>
          rows.filter((_, at) => at % stride === 0).map((row) => ({ x: values[row]!, y: i })),
        ),
      },
      {
        kind: 'dots',
        role: 'own',
        shape: 'ring',
        radius: 4,
        points: groups.map(({ level, mean }, i) => ({ x: mean, y: i, key: level })),
      },
    ],
  };
}

function funnelPanel(groups: readonly DataGroup[], units: string): Panel {
  const sizes = groups.map(({ n }) => n);
  const [least, most] = domainOf(sizes, 0);
  // Groups of one size have no funnel: how their means are spread is all there is to see.
  if (sizes.every((size) => size === sizes[0]))
    return {
      title: 'means of the groups',
      ...histogram(
        Float64Array.from(groups, ({ mean }) => mean),
        'mean',
      ),
      share: 1.6,
      height: 200,
    };
  const crowded = groups.length > 120;
  // Groups of one size stand beside each other where they would be one column.
  const places = crowded ? spreadTies(sizes) : sizes;
  const ends = [0, 1, 2, -3, -2, -1].map((at) => (at + groups.length) % groups.length);
  return {
    title: 'mean of each group',
    x:
      most > 8 * least
        ? { scale: 'log', domain: [0.8 * least, 1.25 * most], label: `${units} of the group` }
        : { scale: 'linear', domain: domainOf(sizes), label: `${units} of the group` },
    y: { scale: 'linear', domain: domainOf(groups.map(({ mean }) => mean)), count: 6 },
    share: 1.6,
    height: 280,
    marks: [
      {
        kind: 'dots',
        role: 'own',
        shape: 'ring',
        radius: crowded ? 1.8 : 3,
        ...(crowded ? { opacity: 0.6 } : {}),
        points: groups.map(({ mean, level }, j) => ({ x: places[j]!, y: mean, key: level })),
      },
      {
        kind: 'labels',
        labels: ends.map((j) => ({
          x: places[j]!,
          y: groups[j]!.mean,
          text: `${groups[j]!.level}: ${short(groups[j]!.mean)}`,
        })),
      },
    ],
  };
}
