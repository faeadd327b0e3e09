import { exp, log, log1p } from '../elementary.ts';
import type { HorseshoePrior } from './horseshoe.ts';

/** Ends and step of log(|x| / tau) and log(c / tau) in the table: log g is next to linear beyond. */
const END = 16;
const STEP = 0.125;
const NODES = (2 * END) / STEP + 1;
/** Log lambda: its step and its ends. */
const LAMBDA_STEP = 0.5;
const LAMBDA_ENDS = [-22, 36] as const;

/** End of log(tau / globalScale), where its density is e^-16 of its mode's. */
const TAU_END = 16;
/** Steps of log tau, less where many coefficients make it sharp, and of log c^2. */
const WIDEST = 0.5;
const SLAB_STEP = 0.75;
/** Most nodes of tau; of more, those so many steps about the highest of a coarse search. */
const MOST = 72;
const ABOUT = 16;

let made: Float64Array | null = null;

/**
 * log g by log(|x| / tau) (rows) and log(c / tau): p(x | tau, c) = g exp(-x^2 / (2 c^2)) / (tau sqrt(2 pi)),
 * g = E sqrt(1 / lambda^2 + tau^2 / c^2) exp(-x^2 / (2 tau^2 lambda^2)), lambda half-Cauchy(1). Free of parameters.
 */
function table(): Float64Array {
  if (made) return made;
  made = new Float64Array(NODES * NODES);
  const [from, to] = LAMBDA_ENDS;
  const count = (to - from) / LAMBDA_STEP + 1;
  const node = Array.from({ length: count }, (_, i) => {
    const t = from + i * LAMBDA_STEP;
    const weight = (2 / Math.PI) * LAMBDA_STEP * exp(t - log1p(exp(2 * t)));
    return { weight, inverse2: exp(-2 * t) };
  });
  for (let a = 0; a < NODES; a += 1) {
    const half = 0.5 * exp(2 * (a * STEP - END));
    const weights = node.map(({ weight, inverse2 }) => weight * exp(-Math.min(700, half * inverse2)));
    for (let b = 0; b < NODES; b += 1) {
      const slab = exp(-2 * (b * STEP - END));
      let sum = 0;
      for (let i = 0; i < count; i += 1) sum += weights[i]! * Math.sqrt(node[i]!.inverse2 + slab);
      made[a * NODES + b] = log(sum);
    }
  }
  return made;
}

/**
 * Returns the log density of the m coefficients that share a regularised horseshoe (Piironen & Vehtari 2017), up to a
 * constant that does not depend on the prior, by quadrature over log tau and log c^2 of the product of
 * p(x_j | tau, c), which is tabulated. Its error is some thousandths for each coefficient. At 0 the density rises
 * without bound, like a logarithm; |x| below a millionth of the slab's scale counts as that (`horseshoeVariance`).
 */
export function horseshoeDensity(
  { globalScale, slabDf, slabScale }: HorseshoePrior,
  m: number,
): (x: Float64Array) => number {
  const values = table();
  const step = Math.min(WIDEST, 1.5 / Math.sqrt(m));
  const logX = new Float64Array(m);
  // log(c^2 / slabScale^2): IG(slabDf / 2, slabDf / 2), whose left end falls like exp(-exp(-t)).
  const slabs: { readonly c2: number; readonly logC: number; readonly logWeight: number }[] = [];
  for (let t = -log(80 / slabDf + 4); t < 2 + 40 / slabDf; t += SLAB_STEP) {
    const logC = log(slabScale) + t / 2;
    slabs.push({ c2: exp(2 * logC), logC, logWeight: -0.5 * slabDf * (t + exp(-t)) });
  }
  const total = logSumOf(slabs.map(({ logWeight }) => logWeight));
  const logTau = log(globalScale);
  const middle = slabs.filter(({ logC }) => Math.abs(logC - log(slabScale)) <= SLAB_STEP / 4);
  // Where log(|x_j| / tau) lies in the table: the start of its row, and the share of the way to the next.
  const row = new Int32Array(m);
  const share = new Float64Array(m);
  let squares = 0;
  /**
   * At log(tau / globalScale) = t, c integrated out; `among` fewer c for a coarse search. The table is linear between
   * its nodes.
   */
  const at = (t: number, among = slabs): number => {
    const tau = logTau + t;
    for (let j = 0; j < m; j += 1) {
      const place = (logX[j]! - tau + END) / STEP;
      const node = Math.max(0, Math.min(NODES - 2, Math.floor(place)));
      row[j] = node * NODES;
      share[j] = place - node;
    }
    let best = -Infinity;
    let sum = 0;
    for (const { c2, logC, logWeight } of among) {
      const place = (logC - tau + END) / STEP;
      const node = Math.max(0, Math.min(NODES - 2, Math.floor(place)));
      const weight = place - node;
      let value = logWeight - (0.5 * squares) / c2;
      for (let j = 0; j < m; j += 1) {
        const k = row[j]! + node;
        const low = values[k]! + weight * (values[k + 1]! - values[k]!);
        const high = values[k + NODES]! + weight * (values[k + NODES + 1]! - values[k + NODES]!);
        value += low + share[j]! * (high - low);
      }
      if (value > best) {
        sum = sum * exp(best - value) + 1;
        best = value;
      } else sum += exp(value - best);
    }
    return best + log(sum) - total - m * tau + t - log1p(exp(2 * t));
  };
  return (x) => {
    squares = 0;
    for (let j = 0; j < m; j += 1) {
      const size = Math.max(Math.abs(x[j]!), 1e-6 * slabScale);
      logX[j] = log(size);
      squares += size * size;
    }
    let [from, to] = [-TAU_END, TAU_END];
    if ((2 * TAU_END) / step > MOST) {
      let highest = -Infinity;
      let centre = 0;
      for (let t = -TAU_END; t <= TAU_END; t += 1) {
        const value = at(t, middle);
        if (value > highest) [highest, centre] = [value, t];
      }
      [from, to] = [centre - 1 - ABOUT * step, centre + 1 + ABOUT * step];
    }
    const terms: number[] = [];
    for (let t = from; t <= to; t += step) terms.push(at(t));
    return logSumOf(terms) + log((2 / Math.PI) * step) - 0.5 * m * log(2 * Math.PI);
  };
}

function logSumOf(terms: readonly number[]): number {
  const best = terms.reduce((most, term) => Math.max(most, term), -Infinity);
  return best + log(terms.reduce((sum, term) => sum + exp(term - best), 0));
}
