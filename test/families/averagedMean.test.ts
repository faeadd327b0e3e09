import { describe, expect, it } from 'vitest';
import { averagedMean } from '../../src/families/averagedMean.ts';
import type { Link } from '../../src/families/link.ts';
import { normalCdf } from '../../src/special/normalTail.ts';

const INVERSE: Readonly<Record<Link, (eta: number) => number>> = {
  identity: (eta) => eta,
  log: Math.exp,
  logit: (eta) => 1 / (1 + Math.exp(-eta)),
  probit: normalCdf,
};

/** E g(eta + sqrt(v) Z) by the trapezoidal rule on (-9, 9), whose error is far below 1e-12 for smooth g. */
function slowMean(link: Link, eta: number, v: number): number {
  const points = 4001;
  let sum = 0;
  let total = 0;
  for (let k = 0; k < points; k++) {
    const z = -9 + (18 * k) / (points - 1);
    const weight = Math.exp(-0.5 * z * z);
    total += weight;
    sum += weight * INVERSE[link](eta + Math.sqrt(v) * z);
  }
  return sum / total;
}

const LINKS: readonly Link[] = ['identity', 'log', 'logit', 'probit'];
const ETAS = [-12, -4.2, -1, 0, 0.3, 2.5, 7];
const VARIANCES = [0, 1e-6, 0.3, 1, 4, 25];

describe('averagedMean', () => {
  // The logistic mixture is right to 3e-9; the others to rounding, the rule's truncation at 9 sds included.
  const tolerance = (link: Link, value: number) => (link === 'logit' ? 3e-9 : 1e-11 * Math.max(1, Math.abs(value)));

  it.each(LINKS)('%s: the mean is that of a slow integral', (link) => {
    for (const v of link === 'log' ? VARIANCES.filter((value) => value < 5) : VARIANCES) {
      for (const eta of ETAS) {
        const slow = slowMean(link, eta, v);
        expect(Math.abs(averagedMean(link).mean(eta, v) - slow)).toBeLessThan(tolerance(link, slow));
      }
    }
  });

  it.each(LINKS)('%s: derivatives are those of differences, and half the second that by the variance', (link) => {
    const { mean, derivatives } = averagedMean(link);
    const out = new Float64Array(3);
    const near = new Float64Array(3);
    const h = 1e-3;
    for (const v of [0.3, 1, 4]) {
      for (const eta of ETAS) {
        derivatives(eta, v, out);
        const five = (f: (x: number) => number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
        const size = Math.max(1, Math.abs(mean(eta, v)));
        const nth = (k: number) => (x: number) => {
          derivatives(eta + x, v, near);
          return near[k]!;
        };
        expect(Math.abs(out[0]! - five((x) => mean(eta + x, v)))).toBeLessThan(1e-10 * size);
        expect(Math.abs(out[1]! - five(nth(0)))).toBeLessThan(1e-10 * size);
        expect(Math.abs(out[2]! - five(nth(1)))).toBeLessThan(1e-10 * size);
        expect(Math.abs(out[1]! / 2 - five((x) => mean(eta, v + x)))).toBeLessThan(1e-10 * size);
      }
    }
  });

  it('logit: derivatives at variance 0 are those of the logistic function, and beside it differ by the mixture', () => {
    const { derivatives } = averagedMean('logit');
    const [at, beside] = [new Float64Array(3), new Float64Array(3)];
    for (const eta of ETAS) {
      derivatives(eta, 0, at);
      const p = INVERSE.logit(eta);
      const q = INVERSE.logit(-eta);
      expect(at[0]).toBeCloseTo(p * q, 14);
      expect(at[1]).toBeCloseTo(p * q * (q - p), 14);
      expect(at[2]).toBeCloseTo(p * q * (1 - 6 * p * q), 14);
      derivatives(eta, 1e-12, beside);
      [2e-8, 1e-7, 1e-6].forEach((error, k) => {
        expect(Math.abs(at[k]! - beside[k]!)).toBeLessThan(error);
      });
    }
  });
});
