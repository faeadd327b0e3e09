import { exp, log } from '../elementary.ts';
import { normalQuantile } from '../special/distributionFunctions.ts';
import { LOG_SQRT_2PI } from '../special/normalPoints.ts';
import { logNormalCdf, logNormalCdfDerivatives, normalCdf } from '../special/normalTail.ts';
import { IntervalPlace as At, type OrderedLink, oneLessExp } from './orderedLink.ts';

/**
 * F = Phi. With D = Phi(b) - Phi(a), s = phi(b) / D, r = phi(a) / D and m = r - s, the mean of a standard normal
 * between a and b, the derivatives of log D by b and a are s and -r, and the weights s (b - m), r (m - a) and r s: all
 * positive, as a < m < b.
 */
export const probitLink: OrderedLink = {
  cdf: normalCdf,
  quantile: normalQuantile,
  logCdf: logNormalCdfDerivatives,
  logInterval(b, a) {
    if (!(b > a)) return -Infinity;
    // In the lower tail, where the terms of the difference have their digits.
    const [upper, lower] = a > 0 ? [-a, -b] : [b, a];
    const top = upper === Infinity ? 0 : logNormalCdf(upper);
    if (lower === -Infinity) return top;
    return top + log(oneLessExp(top - logNormalCdf(lower)));
  },
  interval(b, a, out) {
    const l = probitLink.logInterval(b, a);
    const s = exp(-0.5 * b * b - LOG_SQRT_2PI - l);
    const r = exp(-0.5 * a * a - LOG_SQRT_2PI - l);
    const m = r - s;
    const weightB = s * (b - m);
    const weightA = r * (m - a);
    out[At.l] = l;
    out[At.scoreB] = s;
    out[At.scoreA] = -r;
    out[At.scoreGap] = 0;
    out[At.weightB] = weightB;
    out[At.weightA] = weightA;
    out[At.weightGap] = r * s;
    // The curvature in eta is b s - a r + m^2; dm/db = weightB, dm/da = weightA.
    out[At.thirdB] = -(s + b * (-b * s - s * s) + a * r * s + 2 * m * weightB);
    out[At.thirdA] = -(b * r * s - r - a * (r * r - a * r) + 2 * m * weightA);
  },
};
