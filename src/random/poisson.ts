import { drawBinomial } from './binomial.ts';
import type { Rng } from './rng.ts';

/** Up to this mean events are counted one by one. */
const SINGLE_EVENTS = 16;
/** Beyond it a count has no last digit in a double, and its sd is less than 1e-7 of it: a rounded normal is as good. */
const COUNTABLE = 1e15;

/**
 * A draw from the Poisson distribution of mean mu >= 0: while mu > 16 the time of event m = floor(7 mu / 8) of a
 * process of rate 1, a gamma variate, tells whether m events came before mu, and the rest of them is Poisson, or how
 * many of m - 1 did, which is binomial (Ahrens & Dieter 1974, "Computer methods for sampling from gamma, beta, Poisson
 * and binomial distributions"); what is left by exponential waiting times. Exact up to a mean of 1e15; about log2(mu)
 * gammas.
 */
export function drawPoisson(mu: number, rng: Rng): number {
  if (mu > COUNTABLE) return Math.max(0, Math.round(mu + Math.sqrt(mu) * rng.normal()));
  let count = 0;
  let left = mu;
  while (left > SINGLE_EVENTS) {
    const m = Math.floor(0.875 * left);
    const time = rng.gamma(m, 1);
    if (time > left) return count + drawBinomial(m - 1, left / time, 1 - left / time, rng);
    count += m;
    left -= time;
  }
  for (let time = rng.exponential(); time < left; time += rng.exponential()) count += 1;
  return count;
}
