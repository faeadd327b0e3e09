import { printedResponse } from '../../../design/printedResponse.ts';
import { kindOf } from '../../../families/familyOf.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { checkedStatistics, statisticsOf } from '../../../summary/checks/predictiveCheck.ts';
import { drawCount } from '../../../summary/groupDraws.ts';
import { type Simulation, simulate } from '../../../summary/prediction/simulate.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { drawnAs } from '../parts/drawnAs.ts';
import { PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { calibrationPanel } from './calibrationPanel.ts';
import { densityLine } from './densityLine.ts';
import { overlaidDensities, replicate } from './replicate.ts';
import { replicateCount } from './replicateCount.ts';
import { type ValueCount, valueBars, valueCounts } from './valueBars.ts';

/**
 * A posterior predictive check. Measured responses: their density over those of 40 replicates, and mean, sd, smallest
 * and largest value among those of 400 replicates with p, the share of replicates at or above; of more than 50 000 rows
 * so many replicates as make 2e7 numbers, 40 at least, which the caption says. Counts of few values: how many rows have
 * each instead of densities; ordered answers: that alone. Binary and binomial ones: observed shares against predicted
 * probabilities, with the range of the replicates. Throws `option`.
 */
export function plotPredictive(fit: Fit, options: PictureOptions = {}): Picture {
  checkFit('plotPredictive', fit, 'mcmc');
  checkOptions('plotPredictive', options, PICTURE_OPTIONS);
  const { draws, fewer } = replicateCount(fit.design.n, drawCount(fit));
  const simulation = simulate(fit, { draws });
  const thinned = fewer ? ` Of so many rows ${draws} replicates are drawn.` : '';
  const { response } = fit.design;
  const kind = kindOf(fit.design);
  const measured = drawnAs(kind) === 'values';
  const rows: PictureRow[] = [];
  const counts =
    measured && kind !== 'numbers'
      ? valueCounts(
          printedResponse(fit.design),
          Array.from({ length: simulation.draws }, (_, d) => replicate(simulation, d)),
        )
      : null;
  const panels = !measured
    ? [calibrationPanel(fit, simulation, rows)]
    : counts && kind === 'ordered'
      ? [{ ...valueBars(counts, 'partial', response.levels), height: 260 }]
      : measuredPanels(fit, simulation, counts, rows);
  // Of whole numbers many replicates have the very value of the data: both tails hold them.
  const odd = rows.filter(({ p, above }) => Number(p) < 0.025 || Number(above) > 0.975);
  const off = (counts ?? []).filter(({ observed, q5, q95 }) => observed < q5 || observed > q95).length;
  if (counts && kind === 'ordered') rows.push(...counts.map((each) => ({ ...each })));
  const outside = rows.filter(
    ({ share, q5, q95 }) => share !== undefined && (Number(share) < Number(q5) || Number(share) > Number(q95)),
  ).length;
  const tails =
    odd.length === 0
      ? 'All four statistics of the data lie among those of the replicates.'
      : `The data differ from the replicates in: ${odd.map(({ statistic, p }) => `${statistic} (p ${pText(Number(p))})`).join(', ')}.`;
  const bars = counts
    ? `${off} of ${counts.length} bars ${off === 1 ? 'ends' : 'end'} outside the 90% range of the replicates (1 in 10 is to be expected).`
    : '';
  const verdict = measured
    ? [...(kind === 'ordered' ? [] : [tails]), ...(counts ? [bars] : [])].join(' ')
    : `${outside} of ${rows.length} observed shares ${outside === 1 ? 'lies' : 'lie'} outside the 90% range of the replicates (1 in 10 is to be expected).`;
  return picture({
    name: 'predictive',
    ...wordsOf(options, {
      title: 'Could this model have made these data?',
      subtitle: measured
        ? `${response.label}${unitOf(options, response.label)}, and replicates that the fitted model draws for the same rows`
        : 'share of successes among rows of about one predicted probability',
      caption: `${verdict}${kind === 'ordered' ? '' : measured ? ' p is the share of replicates with a statistic at or above that of the data.' : ' Points on the line are as often successes as predicted.'}${thinned}`,
    }),
    description: verdict,
    legend: counts
      ? [
          { role: 'data', shape: 'band', text: 'rows of the data' },
          { role: 'partial', shape: 'dot', text: 'median and 90% of the replicates' },
        ]
      : measured
        ? [
            { role: 'data', shape: 'line', text: 'the data' },
            { role: 'partial', shape: 'line', text: 'replicates' },
          ]
        : [
            { role: 'data', shape: 'dot', text: 'observed' },
            { role: 'partial', shape: 'band', text: '90% of the replicates' },
            { role: 'muted', shape: 'line', dash: 'short', text: 'as predicted' },
          ],
    columns: panels.length > 1 ? [5, 2] : [1, 1],
    panels,
    rows,
  });
}

/** The density of the data over those of 40 replicates. */
function overlayPanel(fit: Fit, simulation: Simulation): Panel {
  const curves = overlaidDensities(simulation.draws, (d) => replicate(simulation, d));
  const own = densityLine(printedResponse(fit.design));
  const points = [...curves, own].flat();
  return {
    title: 'densities',
    x: {
      scale: 'linear',
      domain: domainOf(
        points.map(({ x }) => x),
        0.01,
      ),
      count: 4,
      grid: false,
    },
    y: { scale: 'linear', domain: [0, domainOf(points.map((at) => at.y))[1]], show: false, grid: false },
    height: 170,
    share: 1.8,
    marks: [
      ...curves.map((points): Mark => ({ kind: 'line', role: 'partial', width: 0.8, opacity: 0.35, points })),
      { kind: 'line', role: 'data', width: 2, points: own },
    ],
  };
}

function measuredPanels(
  fit: Fit,
  simulation: Simulation,
  counts: readonly ValueCount[] | null,
  rows: PictureRow[],
): Panel[] {
  const checked = checkedStatistics(fit.design, simulation, statisticsOf(undefined), null);
  return [
    counts
      ? { ...valueBars(counts, 'partial', null), title: 'rows', height: 170, share: 1.8 }
      : overlayPanel(fit, simulation),
    ...checked.rows.map(({ statistic: name, observed, q5, q50, q95, p }, t): Panel => {
      const values = checked.draws.subarray(t * simulation.draws, (t + 1) * simulation.draws);
      const above = values.reduce((sum, value) => sum + (value > observed ? 1 : 0), 0) / simulation.draws;
      rows.push({ statistic: name, observed, q5, q50, q95, p, above });
      const curve = densityLine(values);
      return {
        title: name,
        note: `p ${pText(p)}`,
        x: {
          scale: 'linear',
          domain: domainOf([...curve.map(({ x }) => x), observed], 0.04),
          count: 2,
          grid: false,
        },
        y: {
          scale: 'linear',
          domain: [0, curve.length === 0 ? 1 : 1.05 * Math.max(...curve.map((at) => at.y))],
          show: false,
          grid: false,
        },
        height: 170,
        marks: [
          { kind: 'band', role: 'partial', opacity: 0.3, points: curve.map(({ x, y: high }) => ({ x, low: 0, high })) },
          { kind: 'line', role: 'partial', width: 1.4, points: curve },
          { kind: 'rule', role: 'data', x: observed, width: 2 },
        ],
      };
    }),
  ];
}

/** `= .31`; of shares that two digits cannot tell from none and from all `< .01` and `> .99`. */
function pText(p: number): string {
  if (p < 0.005) return '< .01';
  return p > 0.995 ? '> .99' : `= ${p.toFixed(2).replace('0.', '.')}`;
}
