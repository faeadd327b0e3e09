import type { Family } from '../../families/family.ts';
import { unknownKind } from '../../families/responseKind.ts';
import { betaCdf } from '../../special/distributions.ts';
import { normalCdf } from '../../special/normalTail.ts';

/** A row whose distribution function is wanted. */
export interface FamilyRow {
  readonly family: Family;
  readonly y: number;
  readonly size: number;
}

/** Sds below the mean beyond which counts have no probability worth summing. */
const FAR = 40;

/**
 * A function that writes P(Y < y) and P(Y = y) given eta (sigma, own) to out[0] and out[1]; of measured numbers P(Y <=
 * y) and 0: the normal or Student's distribution function; of counted and ordered responses the sum of the family's
 * probabilities.
 */
export function distributionFunction({
  family,
  y,
  size,
}: FamilyRow): (eta: number, sigma: number, own: number | undefined, out: Float64Array) => void {
  const { kind } = family;
  switch (kind) {
    case 'numbers':
      return (eta, sigma, own, out) => {
        const z = ((y - eta) * Math.sqrt(size)) / sigma;
        out[0] = family.sigma === 'sd' ? normalCdf(z) : studentCdf(z, own!);
        out[1] = 0;
      };
    case 'successes':
    case 'counts':
    case 'ordered': {
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
