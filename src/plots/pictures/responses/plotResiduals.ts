import { needsRows } from '../../../design/needsRows.ts';
import { rowNumber } from '../../../design/rowNumbers.ts';
import { familyOf, kindOf } from '../../../families/familyOf.ts';
import { seedValue } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { normalQuantile } from '../../../special/distributions.ts';
import { normalSampleBand } from '../../../special/normalSampleBand.ts';
import { type RowResidual, residuals } from '../../../summary/checks/residuals.ts';
import { factorPosition, type ModelFit } from '../../../summary/modelFit.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Points that are drawn of many rows, and bins of the mean. */
const POINTS = 500;
const BINS = 16;

/** How residuals are placed. */
export interface ResidualPictureOptions extends PictureOptions {
  /** Of what is drawn of successes, counts and ordered answers; default the fit's. */
  readonly seed?: number;
}

/**
 * Whether rows and groups are as the model assumes, of draws or of a maximum likelihood fit: residuals of rows in units
 * of their sd against the fitted value with the mean in bins, their quantiles against those of a normal, and the same
 * of the deviations of a factor's groups, each over the sd that its posterior mean has under the model, sqrt(tau^2 -
 * Var(u_j | y)). Of rows that are not gaussian residuals are randomised quantile residuals (`residuals` with type
 * 'quantile'; Dunn & Smyth 1996), normal if the model is right, whatever the family: those in units of their sd would
 * lie on lines, one for each value of a row. Fitted values are at the posterior means of the coefficients: means of a
 * row of size 1, of ordered answers the mean number of the level. The bands hold all quantiles of a normal sample at
 * once with probability .95 (`normalSampleBand`). Throws `unknown-factor`,
 * `option`, and `needs-rows` of reduced data.
 */
export function plotResiduals(fit: ModelFit, factor?: string, options: ResidualPictureOptions = {}): Picture {
  checkFit('plotResiduals', fit);
  checkOptions('plotResiduals', options, { ...PICTURE_OPTIONS, seed: seedValue });
  const { design } = fit;
  needsRows(design, 'residuals', 'moments');
  const f = factor === undefined ? (design.groupTerms.length > 0 ? 0 : -1) : factorPosition(design, factor);
  const gaussian = familyOf(design).conjugate === 'normal';
  const { seed } = options;
  const { rows } = residuals(
    fit,
    gaussian ? { type: 'pearson' } : { type: 'quantile', ...(seed === undefined ? {} : { seed }) },
  );
  const panels = [
    againstFitted(rows),
    quantilePanel(
      'rows',
      rows.map(({ residual }) => residual),
    ),
  ];
  const out: PictureRow[] = rows.map((row, i) => ({
    of: 'row',
    name: String(rowNumber(design, i)),
    fitted: row.fitted,
    residual: row.residual,
  }));
  const far = [...rows].sort((a, b) => Math.abs(b.residual) - Math.abs(a.residual))[0]!;
  const sentences = [
    `The largest residual is ${far.residual.toFixed(1).replace('-', '\u2212')}${gaussian ? ' sds of a row' : ''}; in ${rows.length} normal ones about ${(-normalQuantile(0.5 / rows.length)).toFixed(1)} is to be expected.`,
    outsideSentence(
      'rows',
      rows.map(({ residual }) => residual),
    ),
  ];
  if (f >= 0) {
    const term = design.groupTerms[f]!;
    const all = residuals(fit, { type: 'pearson', level: 2, factor: term.factor }).groups;
    for (let k = 0; k < Math.min(2, term.q); k += 1) {
      // Groups of which the rows say nothing have none.
      const groups = all.flatMap(({ level, term: label, residual }) =>
        label === term.labels[k] && residual !== null ? [{ level, residual }] : [],
      );
      if (groups.length < 3) continue;
      const words = `${term.factor}${k > 0 || term.q > 1 ? `, ${term.labels[k]}` : ''}`;
      panels.push(
        quantilePanel(
          words,
          groups.map(({ residual }) => residual),
        ),
      );
      sentences.push(
        outsideSentence(
          words,
          groups.map(({ residual }) => residual),
        ),
      );
      out.push(...groups.map(({ level, residual }) => ({ of: words, name: level, fitted: null, residual })));
    }
  }
  const drawn = kindOf(design) !== 'numbers';
  return picture({
    name: 'residuals',
    ...wordsOf(options, {
      title: 'Are rows and groups as assumed?',
      subtitle: `${gaussian ? 'residuals in units of their sd' : 'quantile residuals, normal if the model is right'}: against the fitted ${design.response.label}, and against normal quantiles`,
      caption: `${sentences.join(' ')}${drawn ? ' Each row is placed at random within the probability of its value.' : ''}`,
    }),
    description: sentences.join(' '),
    legend: [
      { role: 'data', shape: 'dot', text: 'row or group' },
      { role: 'partial', shape: 'line', text: 'mean of the residuals' },
      { role: 'muted', shape: 'band', text: 'holds all of a normal sample with probability .95' },
    ],
    columns: [panels.length, 1],
    panels,
    rows: out,
  });
}

function againstFitted(rows: readonly RowResidual[]): Panel {
  const stride = Math.max(1, Math.ceil(rows.length / POINTS));
  const points = rows.filter((_, i) => i % stride === 0).map(({ fitted, residual }) => ({ x: fitted, y: residual }));
  const order = [...rows].sort((a, b) => a.fitted - b.fitted);
  const bins = Math.min(BINS, Math.floor(order.length / 8));
  const means = Array.from({ length: bins }, (_, b) => {
    const part = order.slice(Math.floor((b * order.length) / bins), Math.floor(((b + 1) * order.length) / bins));
    const mean = (of: (row: RowResidual) => number): number =>
      part.reduce((sum, row) => sum + of(row), 0) / part.length;
    return { x: mean(({ fitted }) => fitted), y: mean(({ residual }) => residual) };
  });
  return {
    title: 'against the fitted value',
    x: { scale: 'linear', domain: domainOf(points.map(({ x }) => x)), count: 4, label: 'fitted value' },
    y: { scale: 'linear', domain: domainOf([...points.map(({ y }) => y), 0]), count: 5 },
    height: 220,
    marks: [
      { kind: 'dots', role: 'data', shape: 'dot', radius: 1.6, opacity: 0.35, points },
      { kind: 'rule', role: 'population', y: 0, width: 1 },
      { kind: 'line', role: 'partial', width: 2.2, points: means },
    ],
  };
}

function outsideSentence(words: string, values: readonly number[]): string {
  const order = [...values].sort((a, b) => a - b);
  const band = normalSampleBand(order.length);
  const outside = order.filter((value, i) => !band.holds(i, value)).length;
  return outside === 0
    ? `All quantiles of ${words} lie in the band.`
    : `Of ${words}, ${outside} of ${order.length} ${outside === 1 ? 'lies' : 'lie'} outside the band.`;
}

function quantilePanel(words: string, values: readonly number[]): Panel {
  const order = [...values].sort((a, b) => a - b);
  const n = order.length;
  const stride = Math.max(1, Math.ceil(n / POINTS));
  // The ends are what is looked at: they are never thinned.
  const kept = order.map((_, i) => i).filter((i) => i % stride === 0 || i < 20 || i >= n - 20);
  const at = (i: number): number => normalQuantile((i + 0.5) / n);
  const points = kept.map((i) => ({ x: at(i), y: order[i]! }));
  const domain = domainOf([...points.flatMap(({ x, y }) => [x, y])]);
  const bounds = normalSampleBand(n);
  const band = kept.map((i) => {
    const [low, high] = bounds.at(i);
    return { x: at(i), low: Math.max(low, domain[0]), high: Math.min(high, domain[1]) };
  });
  return {
    title: words,
    x: { scale: 'linear', domain: domainOf(points.map(({ x }) => x)), count: 4, label: 'quantile of a normal' },
    y: { scale: 'linear', domain, count: 5 },
    height: 220,
    marks: [
      { kind: 'band', role: 'muted', opacity: 0.18, points: band },
      {
        kind: 'line',
        role: 'population',
        width: 1,
        points: [points[0]!, points.at(-1)!].map(({ x }) => ({ x, y: x })),
      },
      { kind: 'dots', role: 'data', shape: 'dot', radius: 1.8, opacity: 0.6, points },
    ],
  };
}
