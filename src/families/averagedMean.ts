import { exp } from '../elementary.ts';
import { logistic } from '../special/logistic.ts';
import { SQRT_2PI } from '../special/normalPoints.ts';
import { normalCdf } from '../special/normalTail.ts';
import type { Link } from './link.ts';

/** The mean of a row of size 1 over a normal deviation of its linear predictor. Allocates nothing. */
export interface AveragedMean {
  /** G(eta, v) = E g(eta + sqrt(v) Z), Z ~ N(0, 1), g the inverse of the link, v >= 0. */
  mean(eta: number, variance: number): number;
  /** The first three derivatives of G by eta to out[0..2]; by v it changes by half the second. */
  derivatives(eta: number, variance: number, out: Float64Array): void;
}

/** Shares and scales of normal distribution functions of which the logistic one is a mixture. */
const SHARES = [
  0.00324634272134, 0.0515174770332, 0.19507791267786, 0.31556982363782, 0.27414957624116, 0.1310768806953,
  0.02791241872797, 0.00144956781312,
];
const SCALES = [
  1.36534080629635, 1.05952397127211, 0.83079131376524, 0.6507321666364, 0.508135425366, 0.39631334516134,
  0.308904252268, 0.23821261616055,
];

/**
 * The averaged mean of a link:
 *   identity eta;  log exp(eta + v / 2);  probit Phi(eta / sqrt(1 + v));
 *   logit sum_k p_k Phi(s_k eta / sqrt(1 + s_k^2 v)), the logistic distribution function being a mixture of eight
 *     normal
 *   ones up to 3e-9, its derivatives up to 2e-8, 1e-7 and 1e-6 (Monahan & Stefanski 1992, table 1). At v = 0 it is
 *     exact.
 */
export function averagedMean(link: Link): AveragedMean {
  return MEANS[link];
}

const MEANS: Readonly<Record<Link, AveragedMean>> = {
  identity: {
    mean: (eta) => eta,
    derivatives(_eta, _variance, out) {
      out[0] = 1;
      out[1] = 0;
      out[2] = 0;
    },
  },
  log: {
    mean: (eta, variance) => exp(eta + 0.5 * variance),
    derivatives(eta, variance, out) {
      out.fill(exp(eta + 0.5 * variance));
    },
  },
  probit: {
    mean: (eta, variance) => normalCdf(eta / Math.sqrt(1 + variance)),
    derivatives(eta, variance, out) {
      out.fill(0);
      addNormal(1, 1 / Math.sqrt(1 + variance), eta, out);
    },
  },
  logit: {
    mean(eta, variance) {
      if (variance === 0) return logistic(eta);
      let sum = 0;
      for (let k = 0; k < SHARES.length; k++) sum += SHARES[k]! * normalCdf(scaleAt(k, variance) * eta);
      return sum;
    },
    derivatives(eta, variance, out) {
      if (variance === 0) {
        const e = exp(-Math.abs(eta));
        const slope = e / ((1 + e) * (1 + e));
        out[0] = slope;
        out[1] = ((eta >= 0 ? -1 : 1) * slope * (1 - e)) / (1 + e);
        out[2] = slope * (1 - 6 * slope);
        return;
      }
      out.fill(0);
      for (let k = 0; k < SHARES.length; k++) addNormal(SHARES[k]!, scaleAt(k, variance), eta, out);
    },
  },
};

function scaleAt(k: number, variance: number): number {
  const scale = SCALES[k]!;
  return scale / Math.sqrt(1 + scale * scale * variance);
}

/** Adds the derivatives of share Phi(scale eta). */
function addNormal(share: number, scale: number, eta: number, out: Float64Array): void {
  const t = scale * eta;
  const density = share * scale * (exp(-0.5 * t * t) / SQRT_2PI);
  out[0]! += density;
  out[1]! -= scale * t * density;
  out[2]! += scale * scale * (t * t - 1) * density;
}
