import { oneOf, text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { ModelFit } from '../../../summary/modelFit.ts';
import { shrinkage } from '../../../summary/pooling/shrinkage.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type LegendEntry, type Mark, type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { type Estimate, groupEstimates } from '../parts/groupEstimates.ts';
import { groupTermOf, rowNoun } from '../parts/groupTermOf.ts';
import { count, short, whole } from '../parts/numberWords.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, scaleWords, wordsOf } from '../parts/pictureOptions.ts';

/** What a picture of groups in order is of. */
export interface GroupsPictureOptions extends PictureOptions {
  /** The varying term; default the first. */
  readonly term?: string;
  /** The deviation from the population line (default), or the group's coefficient. */
  readonly what?: 'deviation' | 'coefficient';
  /** Order from the top: the largest first (default), most rows first, names, or as in the data. */
  readonly sort?: 'estimate' | 'n' | 'name' | 'data';
}

interface Row extends Estimate {
  readonly level: string;
  readonly n: number;
  readonly own: number | null;
  readonly reason: string | null;
}

/** More groups than these are a ribbon instead of lines. */
const LINES = 130;

/**
 * The groups of a factor in order, each with its 50% and 90% interval, its own estimate and its number of rows (a
 * caterpillar plot). Throws `unknown-factor` and `option`.
 */
export function plotGroups(fit: ModelFit, factor: string, options: GroupsPictureOptions = {}): Picture {
  checkFit('plotGroups', fit);
  const table = { term: text, what: oneOf('deviation', 'coefficient'), sort: oneOf('estimate', 'n', 'name', 'data') };
  checkOptions('plotGroups', options, { ...PICTURE_OPTIONS, ...table });
  const { f, k, term, label } = groupTermOf(fit, factor, options.term);
  const { what = 'deviation' } = options;
  const estimates = groupEstimates(fit, f, k, what);
  const pooled = shrinkage(fit, factor).rows.filter((row) => row.term === label);
  const all = pooled.map((row, j): Row => {
    const own = row.noPooling === null ? null : row.noPooling - (what === 'deviation' ? row.populationLine : 0);
    return { level: row.level, n: row.n, ...estimates[j]!, own, reason: row.reason };
  });
  const rows = inOrder(all, options.sort ?? 'estimate');
  const same = pooled.every(
    ({ populationLine }) => Math.abs(populationLine - pooled[0]!.populationLine) <= 1e-9 * Math.abs(populationLine),
  );
  const line = what === 'deviation' ? 0 : same ? pooled[0]!.populationLine : null;
  const domain = domainOf([...rows.flatMap(({ q5, q95 }) => [q5, q95]), line], 0.08);
  const ribbon = rows.length > LINES;
  const twoColumns = rows.length > 30 && !ribbon;
  const half = Math.ceil(rows.length / 2);
  const parts = twoColumns ? [rows.slice(0, half), rows.slice(half)] : [rows];
  const away = rows.filter(({ q5, q95 }) => line !== null && (q5 > line || q95 < line)).length;
  const named = labelOf(options, label);
  const caption = [
    `${ribbon ? 'Groups stand from the lowest to the highest estimate' : `Each line is one ${factor}; n counts its ${rowNoun(fit)}s`}. The ${ribbon ? 'inner band' : 'thick bar'} holds half of the ${fit.kind === 'mcmc' ? 'posterior' : 'normal interval'}, the ${ribbon ? 'outer' : 'thin'} one nine tenths.`,
    line === null
      ? ''
      : `${whole(away)} of ${count(rows.length, 'interval')} ${away === 1 ? 'leaves' : 'leave'} out ${what === 'deviation' ? 'zero' : 'the population line'}.`,
    'Two intervals that overlap are no test of the two groups: compare them with contrast().',
  ];
  const legend: LegendEntry[] = [
    { role: 'partial', shape: 'dot', text: fit.kind === 'mcmc' ? 'posterior mean' : 'estimate' },
    { role: 'partial', shape: ribbon ? 'band' : 'bar', text: '50% and 90% interval' },
    ...(ribbon ? [] : [{ role: 'own', shape: 'ring', text: 'own data alone, where within the frame' } as const]),
    ...(line === null
      ? []
      : [
          {
            role: 'population',
            shape: 'line',
            text: what === 'deviation' ? 'no difference from the population line' : 'population line',
          } as const,
        ]),
  ];
  const unit = scaleWords(options, fit.design);
  return picture({
    name: 'groups',
    ...wordsOf(options, {
      title: `${count(rows.length, 'group')} of ${factor} in order`,
      subtitle: `${named} of the ${factor}${what === 'deviation' ? ' less the population line' : ''}${unit}`,
      caption: caption.filter((sentence) => sentence !== '').join(' '),
    }),
    description: `${named} of ${count(rows.length, 'group')} of ${factor} with intervals, from ${rows[0]!.level} (${short(rows[0]!.mean)}) to ${rows.at(-1)!.level} (${short(rows.at(-1)!.mean)}).`,
    legend,
    columns: twoColumns ? [2, 1] : [1, 1],
    panels: ribbon
      ? [ribbonPanel(rows, domain, line, factor)]
      : parts.map((part) => linesPanel(part, domain, line, rows.length > 30 ? 13 : 18)),
    rows: rows.map((row) => ({
      level: row.level,
      term: term.labels[k]!,
      n: row.n,
      mean: row.mean,
      sd: row.sd,
      q5: row.q5,
      q25: row.q25,
      q75: row.q75,
      q95: row.q95,
      noPooling: row.own,
      reason: row.reason,
    })),
  });
}

function inOrder(rows: readonly Row[], sort: 'estimate' | 'n' | 'name' | 'data'): readonly Row[] {
  switch (sort) {
    case 'estimate':
      return [...rows].sort((a, b) => b.mean - a.mean);
    case 'n':
      return [...rows].sort((a, b) => b.n - a.n || b.mean - a.mean);
    case 'name':
      return [...rows].sort((a, b) => (a.level < b.level ? -1 : a.level > b.level ? 1 : 0));
    case 'data':
      return rows;
  }
}

function linesPanel(rows: readonly Row[], domain: readonly [number, number], line: number | null, step: number): Panel {
  const bar = (low: 'q5' | 'q25', high: 'q95' | 'q75') =>
    rows.map((row, i) => ({ x1: row[low], x2: row[high], y1: i, y2: i }));
  const own = rows.flatMap(({ own, level }, i) =>
    own !== null && own >= domain[0] && own <= domain[1] ? [{ x: own, y: i, key: level }] : [],
  );
  const marks: Mark[] = [
    ...(line === null ? [] : [{ kind: 'rule', role: 'population', x: line, width: 1.5 } as const]),
    { kind: 'segments', role: 'partial', width: 1.5, segments: bar('q5', 'q95') },
    { kind: 'segments', role: 'partial', width: 5, opacity: 0.5, segments: bar('q25', 'q75') },
    { kind: 'dots', role: 'own', shape: 'ring', radius: 3.5, points: own },
    {
      kind: 'dots',
      role: 'partial',
      shape: 'dot',
      radius: 3.5,
      points: rows.map(({ mean, level }, i) => ({ x: mean, y: i, key: level })),
    },
  ];
  return {
    x: { scale: 'linear', domain, count: 4 },
    y: {
      scale: 'linear',
      domain: [rows.length - 0.5, -0.5],
      grid: false,
      ticks: rows.map(({ level }, i) => ({ value: i, text: level })),
    },
    right: rows.map(({ n }, i) => ({ value: i, text: String(n) })),
    rightTitle: 'n',
    height: step * rows.length,
    marks,
  };
}

/** Interval against order, the four ends of either side named. */
function ribbonPanel(
  rows: readonly Row[],
  domain: readonly [number, number],
  line: number | null,
  factor: string,
): Panel {
  const order = [...rows].sort((a, b) => a.mean - b.mean);
  const stride = Math.max(1, Math.floor(order.length / 600));
  const kept = order.map((row, i) => ({ row, i })).filter(({ i }) => i % stride === 0 || i === order.length - 1);
  const bar = (low: 'q5' | 'q25', high: 'q95' | 'q75') =>
    kept.map(({ row, i }) => ({ x1: i, x2: i, y1: row[low], y2: row[high] }));
  const ends = [...new Set([0, 1, 2, 3].flatMap((i) => [order.length - 1 - i, i]))];
  const marks: Mark[] = [
    { kind: 'segments', role: 'partial', width: 1, opacity: 0.3, segments: bar('q5', 'q95') },
    { kind: 'segments', role: 'partial', width: 1, opacity: 0.5, segments: bar('q25', 'q75') },
    ...(line === null ? [] : [{ kind: 'rule', role: 'population', y: line, width: 1.5 } as const]),
    { kind: 'line', role: 'partial', width: 2.5, points: order.map(({ mean }, i) => ({ x: i, y: mean })) },
    {
      kind: 'dots',
      role: 'partial',
      shape: 'dot',
      radius: 3,
      points: ends.map((i) => ({ x: i, y: order[i]!.mean, key: order[i]!.level })),
    },
    { kind: 'labels', labels: ends.map((i) => ({ x: i, y: order[i]!.mean, text: order[i]!.level })) },
  ];
  return {
    x: {
      scale: 'linear',
      domain: [-0.02 * order.length, 1.02 * order.length],
      label: `${factor}, from the lowest`,
      grid: false,
      ticks: [],
    },
    y: { scale: 'linear', domain, count: 7 },
    height: 400,
    marks,
  };
}
