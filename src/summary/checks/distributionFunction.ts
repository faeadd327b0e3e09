import type { Family } from '../../families/family.ts';
import { logLevelProbability } from '../../families/orderedLink.ts';
import { unknownKind } from '../../families/responseKind.ts';
import { betaCdf } from '../../special/distributions.ts';
import { normalCdf } from '../../special/normalTail.ts';

/** A row whose distribution function is wanted; of ordered answers y is the number of the level from 0. */
export interface FamilyRow {
  readonly family: Family;
  readonly y: number;
  readonly size: number;
}

/** Writes P(Y < y) and P(Y = y) to `out`; ordered answers take thresholds too. */
export type RowDistribution = (
  eta: number,
  sigma: number,
  own: number | undefined,
  out: Float64Array,
  thresholds?: ArrayLike<number>,
) => void;

/** Sds below the mean beyond which counts have no probability worth summing. */
const FAR = 40;

/**
 * A function that writes P(Y < y) and P(Y = y) given eta (sigma, own) to out[0] and out[1]; of measured numbers P(Y <=
 * y) and 0: the normal or Student's distribution function; of counted responses the sum of the family's probabilities;
 * of ordered answers those of the levels between `thresholds`.
 */
export function distributionFunction({ family, y, size }: FamilyRow): RowDistribution {
  const { kind } = family;
  switch (kind) {
    case 'numbers':
      return (eta, sigma, own, out) => {
        const z = ((y - eta) * Math.sqrt(size)) / sigma;
        out[0] = family.sigma === 'sd' ? normalCdf(z) : studentCdf(z, own!);
        out[1] = 0;
      };
    case 'ordered': {
      const link = family.ordered!;
      return (eta, _sigma, _own, out, thresholds) => {
        out[0] = y === 0 ? 0 : 1 - link.cdf(eta - thresholds![y - 1]!);
        out[1] = Math.min(1 - out[0], Math.exp(logLevelProbability(link, y, eta, thresholds!)));
      };
    }
    case 'successes':
    case 'counts': {
      const constants = Float64Array.from({ length: y + 1 }, (_, k) => family.logConstant(k, size));
      const one = new Float64Array(4);
      return (eta, sigma, own, out) => {
        const probability = (k: number): number => {
          family.derivatives(k, size, eta, sigma, one, own);
          return Math.exp(constants[k]! + one[0]!);
        };
        let below = 0;
        let from = 0;
        if (kind === 'counts') {
          from = Math.max(
            0,
            Math.floor(size * family.mean(eta) - FAR * Math.sqrt(family.variance(size, eta, sigma, own))),
          );
        }
        for (let k = from; k < y; k++) below += probability(k);
        out[0] = Math.min(1, below);
        out[1] = Math.min(1 - out[0], probability(y));
      };
    }
    default:
      return unknownKind(kind);
  }
}

/** Student's distribution function by the incomplete beta function; the normal one at infinite degrees of freedom. */
function studentCdf(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalCdf(t);
  const tail = betaCdf(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}
