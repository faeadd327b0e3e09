import { exp, log, log1p } from '../elementary.ts';
import { logistic } from '../special/logistic.ts';
import { IntervalPlace as At, type OrderedLink, oneLessExp } from './orderedLink.ts';

/**
 * F the logistic distribution function (McCullagh 1980: proportional odds). An interval splits in three parts that have
 * one argument each:
 *   log(F(b) - F(a)) = log F(b) + log F(-a) + log(1 - exp(-(b - a))).
 */
export const logitLink: OrderedLink = {
  cdf: logistic,
  quantile: (p) => log(p / (1 - p)),
  logCdf(x, out) {
    const rest = logitLink.cdf(-x);
    const share = logitLink.cdf(x);
    out[0] = logF(x);
    out[1] = rest;
    out[2] = -share * rest;
    out[3] = -share * rest * (rest - share);
  },
  logInterval(b, a) {
    if (!(b > a)) return -Infinity;
    if (b === Infinity) return logF(-a);
    if (a === -Infinity) return logF(b);
    return logF(b) + logF(-a) + log(oneLessExp(b - a));
  },
  logGap: (gap) => log(oneLessExp(gap)),
  interval(b, a, out) {
    out[At.l] = logitLink.logInterval(b, a);
    const above = logitLink.cdf(b);
    const notAbove = logitLink.cdf(-b);
    const below = logitLink.cdf(a);
    const notBelow = logitLink.cdf(-a);
    // 1 / (exp(g) - 1) and its derivative -exp(g) / (exp(g) - 1)^2, g = b - a.
    const gap = exp(a - b) / oneLessExp(b - a);
    out[At.scoreB] = notAbove;
    out[At.scoreA] = -below;
    out[At.scoreGap] = gap;
    out[At.weightB] = above * notAbove;
    out[At.weightA] = below * notBelow;
    out[At.weightGap] = gap * (1 + gap);
    out[At.thirdB] = -above * notAbove * (notAbove - above);
    out[At.thirdA] = -below * notBelow * (notBelow - below);
  },
};

function logF(x: number): number {
  return Math.min(x, 0) - log1p(exp(-Math.abs(x)));
}
