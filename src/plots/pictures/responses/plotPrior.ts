import { quantileOfSorted } from '../../../../diagnostics/quantile.ts';
import type { ModelData, Table } from '../../../data/frame.ts';
import { printedResponse } from '../../../design/printedResponse.ts';
import { kindOf } from '../../../families/familyOf.ts';
import type { FormulaOptions } from '../../../formula/formula.ts';
import { type Model, readModel } from '../../../formula/readModel.ts';
import { seedValue, wholeNumber } from '../../../input/acceptedValue.ts';
import { simulatePrior } from '../../../summary/prediction/simulatePrior.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { drawnAs } from '../parts/drawnAs.ts';
import { short } from '../parts/numberWords.ts';
import { PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { densityLine } from './densityLine.ts';
import { steps } from './histogram.ts';
import { overlaidDensities, replicate } from './replicate.ts';
import { valueBars, valueCounts } from './valueBars.ts';

/** What a picture of priors is of. */
export interface PriorPictureOptions extends PictureOptions {
  /** Draws of the prior, default 400. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** How many times the largest count the drawn ones reach before their axis is one of logs. */
const FAR = 20;

/**
 * What a model says before its data: responses drawn from the prior (`simulatePrior`) beside those observed. Measured
 * responses and counts: densities of 40 replicates, as far as the middle 98% of all their values reaches (of counts
 * that go far beyond the data the means instead); ordered answers: how many rows have each level; binary and binomial
 * ones: the share of successes of each replicate. Flat priors of coefficients are drawn as wide ones, and the caption
 * names them. `rows` has mean, smallest and largest value of each replicate. Throws what `simulatePrior` throws.
 */
export function plotPrior(
  model: Model,
  data: ModelData | Table,
  given: PriorPictureOptions & FormulaOptions = {},
): Picture {
  const { graph, options } = readModel<PriorPictureOptions>('plotPrior', model, given, {
    ...PICTURE_OPTIONS,
    draws: wholeNumber(1),
    seed: seedValue,
  });
  const { draws = 400, seed = 1 } = options;
  const simulation = simulatePrior(graph, data, { draws, seed, missing: 'drop', flat: 'wide' });
  const { design, priors } = simulation;
  const { response, n, columns } = design;
  const measured = drawnAs(kindOf(design)) === 'values';
  const size = response.trials ? response.trials.reduce((sum, trials) => sum + trials, 0) : n;
  const y = printedResponse(design);
  const all = Array.from({ length: draws }, (_, d) => replicate(simulation, d));
  const rows = all.map((values, d): PictureRow => {
    const sum = values.reduce((total, value) => total + value, 0);
    const [least, most] = domainOf(values, 0);
    return { draw: d + 1, mean: sum / size, smallest: least, largest: most };
  });
  const observed = y.reduce((sum, value) => sum + value, 0) / size;
  const kind = kindOf(design);
  const counts = kind === 'ordered' ? valueCounts(y, all) : null;
  const ends: readonly [number, number] = measured && !counts ? middle(simulation.responses) : [0, 0];
  // Counts whose log has a wide prior reach beyond any axis of theirs.
  const far = kind === 'counts' && ends[1] > FAR * Math.max(1, domainOf(y, 0)[1]);
  const panel = counts
    ? { ...valueBars(counts, 'prior', response.levels), height: 240 }
    : measured && !far
      ? densities({ label: response.label, y, all, ends })
      : meansPanel(rows, observed, far ? response.label : null);
  const wide = columns.flatMap(({ label }, k) => (priors.beta.source[k] === 'wide' ? [label] : []));
  const means = Float64Array.from(rows, ({ mean }) => Number(mean)).sort();
  const what = counts ? 'mean level' : measured ? 'mean' : 'share of successes';
  const said = `Of 100 data sets that the priors draw 90 have a ${what} between ${short(quantileOfSorted(means, 0.05))} and ${short(quantileOfSorted(means, 0.95))}; that of the data is ${short(observed)}.`;
  return picture({
    name: 'prior',
    ...wordsOf(options, {
      title: 'What did I assume before the data?',
      subtitle: measured
        ? `${response.label}${unitOf(options, response.label)}: data sets that the priors draw for the same rows`
        : `share of successes of ${response.label} in data sets that the priors draw for the same rows`,
      caption: `${said}${wide.length > 0 ? ` The flat ${wide.length === 1 ? 'prior' : 'priors'} of ${wide.join(', ')} ${wide.length === 1 ? 'is drawn as a wide one' : 'are drawn as wide ones'}, 2.5 sds of the response.` : ''}`,
    }),
    description: said,
    legend: [
      {
        role: 'prior',
        shape: counts ? 'dot' : measured && !far ? 'line' : 'band',
        text: `drawn from the prior${counts ? ': median and 90% of the data sets' : ''}`,
      },
      { role: 'data', shape: counts ? 'band' : 'line', text: counts ? 'rows of the data' : 'the data' },
    ],
    columns: [1, 1],
    panels: [panel],
    rows,
  });
}

/** The 1% and 99% quantiles. */
function middle(responses: ArrayLike<number>): readonly [number, number] {
  const sorted = Float64Array.from(responses).sort();
  return [quantileOfSorted(sorted, 0.01), quantileOfSorted(sorted, 0.99)];
}

/** Densities of the replicates `all` and of the data `y`, as far as `ends` and the data reach. */
function densities({
  label,
  y,
  all,
  ends,
}: {
  readonly label: string;
  readonly y: Float64Array;
  readonly all: readonly Float64Array[];
  readonly ends: readonly [number, number];
}): Panel {
  const own = densityLine(y);
  const domain = domainOf([...ends, ...own.map(({ x }) => x)], 0.02);
  const curves = overlaidDensities(all.length, (d) => all[d]!)
    .map((points) => points.filter(({ x }) => x >= domain[0] && x <= domain[1]))
    .filter((points) => points.length > 1);
  // A replicate of nearly equal responses is a spike; those of the others set the height.
  const tops = [...curves, own].map((points) => points.reduce((most, { y: at }) => Math.max(most, at), 0));
  const top = Math.max(tops.at(-1)!, quantileOfSorted(Float64Array.from(tops).sort(), 0.9));
  const cut = (points: readonly { readonly x: number; readonly y: number }[]) =>
    points.map(({ x, y: at }) => ({ x, y: Math.min(at, 1.05 * top) }));
  return {
    x: { scale: 'linear', domain, label, count: 6, grid: false },
    y: { scale: 'linear', domain: [0, 1.05 * top || 1], show: false, grid: false },
    height: 240,
    marks: [
      ...curves.map(
        (points) => ({ kind: 'line', role: 'prior', width: 0.9, opacity: 0.5, points: cut(points) }) as const,
      ),
      { kind: 'line', role: 'data', width: 2, points: cut(own) },
    ],
  };
}

/**
 * A histogram of the means of the data sets in twenty classes: of shares from 0 to 1, of counts of 1 + mean by its log,
 * up to the 99% quantile.
 */
function meansPanel(rows: readonly PictureRow[], observed: number, counted: string | null): Panel {
  const at = (mean: number) => (counted === null ? mean : Math.log10(1 + mean));
  const values = Float64Array.from(rows, ({ mean }) => at(Number(mean))).sort();
  const end = counted === null ? 1 : Math.max(quantileOfSorted(values, 0.99), 1.1 * at(observed));
  const counts = new Float64Array(20);
  for (const value of values) if (value <= end) counts[Math.min(19, Math.floor((20 * value) / end))]! += 1;
  const place = (value: number) => (counted === null ? value : 10 ** value);
  return {
    x:
      counted === null
        ? { scale: 'linear', domain: [0, 1], label: 'share of successes', count: 6, grid: false }
        : { scale: 'log', domain: [1, place(end)], label: `1 + mean of ${counted} (log scale)`, count: 6, grid: false },
    y: { scale: 'linear', domain: [0, 1.06 * counts.reduce((most, count) => Math.max(most, count), 1)], count: 4 },
    height: 240,
    marks: [
      {
        kind: 'band',
        role: 'prior',
        opacity: 0.5,
        points: steps(
          counts,
          Array.from({ length: 21 }, (_, edge) => place((edge * end) / 20)),
        ),
      },
      { kind: 'rule', role: 'data', x: place(at(observed)), width: 2 },
    ],
  };
}
