import { quantileOfSorted } from '../../../../diagnostics/quantile.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { predict } from '../../../summary/prediction/predict.ts';
import type { Simulation } from '../../../summary/prediction/simulate.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import type { Panel, PictureRow } from '../../drawing/picture.ts';

/** Classes of predicted probability. */
const CLASSES = 12;

/**
 * Observed shares of successes in up to 12 classes of rows of nearly one predicted probability, with the 5% and 95%
 * quantiles of the replicated shares.
 */
export function calibrationPanel(fit: Fit, { draws, responses }: Simulation, rows: PictureRow[]): Panel {
  const { y, trials, weights } = fit.design.response;
  const predicted = predict(fit).rows.map(({ mean }) => Number(mean));
  const order = predicted.map((_, i) => i).sort((a, b) => predicted[a]! - predicted[b]!);
  const size = (i: number) => (trials?.[i] ?? 1) * (weights?.[i] ?? 1);
  const times = (i: number) => weights?.[i] ?? 1;
  const classes = Math.max(1, Math.min(CLASSES, Math.floor(order.length / 5)));
  const parts = Array.from({ length: classes }, (_, c) =>
    order.slice(Math.floor((c * order.length) / classes), Math.floor(((c + 1) * order.length) / classes)),
  );
  const found = parts.map((part) => {
    const n = part.reduce((sum, i) => sum + size(i), 0);
    const shareOf = (value: (i: number) => number) => part.reduce((sum, i) => sum + times(i) * value(i), 0) / n;
    const replicated = Float64Array.from({ length: draws }, (_, d) => shareOf((i) => responses[i * draws + d]!)).sort();
    const probability = part.reduce((sum, i) => sum + size(i) * predicted[i]!, 0) / n;
    return {
      probability,
      share: shareOf((i) => y[i]!),
      n,
      q5: quantileOfSorted(replicated, 0.05),
      q95: quantileOfSorted(replicated, 0.95),
    };
  });
  rows.push(...found);
  const domain = domainOf(found.flatMap(({ probability, share, q5, q95 }) => [probability, share, q5, q95]));
  return {
    x: { scale: 'linear', domain, label: 'predicted probability', count: 6 },
    y: { scale: 'linear', domain, count: 6 },
    height: 360,
    marks: [
      {
        kind: 'band',
        role: 'partial',
        opacity: 0.3,
        points: found.map(({ probability, q5, q95 }) => ({ x: probability, low: q5, high: q95 })),
      },
      { kind: 'line', role: 'muted', width: 1, dash: 'short', points: domain.map((at) => ({ x: at, y: at })) },
      {
        kind: 'dots',
        role: 'data',
        shape: 'dot',
        radius: 4,
        points: found.map(({ probability, share }) => ({ x: probability, y: share })),
      },
    ],
  };
}
