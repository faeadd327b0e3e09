import type { Fit } from '../../mcmc/fit.ts';
import { drawMean } from '../drawSummary.ts';
import { groupDraws } from '../groupDraws.ts';
import type { LikelihoodEstimates } from './likelihoodEstimates.ts';

/** An sd or a correlation that a likelihood fit has at the end of its range. */
export interface BoundaryParameter {
  /** `tau_county[floor]`, `corr_county[Intercept,floor]`. */
  readonly name: string;
  readonly factor: string;
  /** How far each draw is from that end. */
  readonly distance: Float64Array;
}

/** Whether an sd or a correlation stands on the boundary of its range; `scale` is the size of ordinary values. */
export function onBoundary(kind: 'tau' | 'corr', value: number, scale: number): boolean {
  return kind === 'tau' ? value <= 1e-5 * scale : Math.abs(value) >= 1 - 1e-6;
}

/** The sds and correlations that a likelihood fit has on the boundary. */
export function boundaryParameters(fit: Fit, estimates: LikelihoodEstimates): BoundaryParameter[] {
  return fit.design.groupTerms.flatMap((term, f) => {
    const draws = groupDraws(fit, f);
    const { factor, labels } = term;
    const sds = labels.flatMap((label, k): BoundaryParameter[] => {
      const tau = estimates.groups[f]!.tau[k]!;
      if (tau === null || !onBoundary('tau', tau, drawMean(draws.tau(k)))) return [];
      return [{ name: `tau_${factor}[${label}]`, factor, distance: draws.tau(k) }];
    });
    const correlations = draws.pairs.flatMap(({ first, second }, pair): BoundaryParameter[] => {
      const corr = estimates.groups[f]!.corr[pair]!;
      if (corr === null || !onBoundary('corr', corr, 1)) return [];
      const distance = draws.corr(pair).map((value) => Math.abs(value - corr));
      return [{ name: `corr_${factor}[${labels[first]},${labels[second]}]`, factor, distance }];
    });
    return [...sds, ...correlations];
  });
}

/** The mean of a quantity over the tenth of the draws that is nearest to the boundary. */
export function meanNearBoundary({ distance }: BoundaryParameter, draws: Float64Array): number {
  const order = Array.from(distance.keys()).sort((a, b) => distance[a]! - distance[b]! || a - b);
  const near = order.slice(0, Math.max(1, Math.floor(draws.length / 10)));
  return near.reduce((sum, s) => sum + draws[s]!, 0) / near.length;
}
