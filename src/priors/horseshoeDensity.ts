import { exp, log, log1p } from '../elementary.ts';
import { logGamma } from '../special/logGamma.ts';
import { logSumExp } from '../special/logSumExp.ts';
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
/** Step of log tau, less where many coefficients make it sharp. */
const WIDEST = 0.5;
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
 * Widest step of log(c^2 / slabScale^2), in sds of it where every coefficient stands at the slab (an error of the rule
 * of e^-12 for a normal curve), and in all: what its left end, exp(-exp(-t)), allows.
 */
const SLAB_STEPS = { sds: 1.25, widest: 0.75 };
/** Nodes of c^2 go on to where the integrand is below e^-16 of its largest value. */
const SLAB_END = 16;

/**
 * The nodes of t = log(c^2 / slabScale^2), -log density a (t + e^-t - 1) + constant with a = slabDf / 2, for m
 * coefficients whose squares add up to S slabScale^2. A coefficient far beyond tau adds -t / 2, one near 0 nothing,
 * and all together -S e^-t / 2: the integrand rises up to t = log((slabDf + S) / (slabDf + m)) at least and falls from
 * `top` = log1p(S / slabDf) on. On both sides it does so as b (u + e^-u - 1), u the distance, b = (slabDf + m) / 2 to
 * the left and a to the right, or faster, which is at least b u^2 / 2 for u < 0, a u^2 / 3 up to 1 and a (u - 1).
 */
function slabNodes({ slabDf }: HorseshoePrior, m: number, S: number) {
  const a = slabDf / 2;
  const b = (slabDf + m) / 2;
  const low = log((slabDf + S) / (slabDf + m));
  const top = log1p(S / slabDf);
  const from = low - Math.min(Math.sqrt((2 * SLAB_END) / b), Math.max(1.7, log((2 * SLAB_END) / b)));
  const near = Math.sqrt((3 * SLAB_END) / a);
  const to = top + (near <= 1 ? near : 1 + SLAB_END / a);
  const step = Math.min(SLAB_STEPS.widest, SLAB_STEPS.sds / Math.sqrt(b));
  // log of Gamma(a) e^a / a^a, by the first term of Stirling's series where digits would cancel.
  const total = a < 1e4 ? logGamma(a) + a - a * log(a) : 0.5 * log((2 * Math.PI) / a) + 1 / (12 * a);
  const count = Math.ceil((to - from) / step) + 1;
  const nodes = Float64Array.from({ length: count }, (_, i) => from + i * step);
  return { nodes, logWeights: nodes.map((t) => log(step) - total - a * (t + exp(-t) - 1)), top };
}

/**
 * Returns the log density of the m coefficients that share a regularised horseshoe (Piironen & Vehtari 2017), up to a
 * constant that does not depend on the prior, by quadrature over log tau and log c^2 of the product of
 * p(x_j | tau, c), which is tabulated and linear between the nodes of the table: the error of that, some thousandths
 * for each coefficient, is all that shows. At 0 the density rises
 * without bound, like a logarithm; |x| below a millionth of the slab's scale counts as that (`horseshoeVariance`).
 */
export function horseshoeDensity(prior: HorseshoePrior, m: number): (x: Float64Array) => number {
  const { globalScale, slabScale } = prior;
  const values = table();
  const step = Math.min(WIDEST, 1.5 / Math.sqrt(m));
  const logX = new Float64Array(m);
  const logTau = log(globalScale);
  const logSlab = log(slabScale);
  // Where log(|x_j| / tau) lies in the table: the start of its row, and the share of the way to the next.
  const row = new Int32Array(m);
  const share = new Float64Array(m);
  let squares = 0;
  let slab = slabNodes(prior, m, 0);
  const beginAt = (t: number): void => {
    for (let j = 0; j < m; j += 1) {
      const place = (logX[j]! - logTau - t + END) / STEP;
      const node = Math.max(0, Math.min(NODES - 2, Math.floor(place)));
      row[j] = node * NODES;
      share[j] = place - node;
    }
  };
  /** The log of the product over the coefficients at log(tau / globalScale) = t and log c. */
  const given = (t: number, logC: number): number => {
    const place = (logC - logTau - t + END) / STEP;
    const node = Math.max(0, Math.min(NODES - 2, Math.floor(place)));
    const weight = place - node;
    let value = -0.5 * squares * exp(-2 * logC);
    for (let j = 0; j < m; j += 1) {
      const k = row[j]! + node;
      const low = values[k]! + weight * (values[k + 1]! - values[k]!);
      const high = values[k + NODES]! + weight * (values[k + NODES + 1]! - values[k + NODES]!);
      value += low + share[j]! * (high - low);
    }
    return value;
  };
  const outer = (t: number): number => -m * (logTau + t) + t - log1p(exp(2 * t));
  /** At log(tau / globalScale) = t, c integrated out. */
  const at = (t: number): number => {
    beginAt(t);
    const { nodes, logWeights, top } = slab;
    let best = -Infinity;
    let sum = 0;
    for (let i = 0; i < nodes.length; i += 1) {
      const value = logWeights[i]! + given(t, logSlab + 0.5 * nodes[i]!);
      if (value > best) {
        sum = sum * exp(best - value) + 1;
        best = value;
      } else sum += exp(value - best);
      if (nodes[i]! > top && value < best - SLAB_END) break;
    }
    return best + log(sum) + outer(t);
  };
  return (x) => {
    squares = 0;
    for (let j = 0; j < m; j += 1) {
      const size = Math.max(Math.abs(x[j]!), 1e-6 * slabScale);
      logX[j] = log(size);
      squares += size * size;
    }
    if (!(squares < Infinity)) return -Infinity;
    slab = slabNodes(prior, m, squares / (slabScale * slabScale));
    let [from, to] = [-TAU_END, TAU_END];
    if ((2 * TAU_END) / step > MOST) {
      // A coarse search, at the c that half of the coefficients would have.
      const c = logSlab + 0.5 * log((prior.slabDf + squares / (slabScale * slabScale)) / (prior.slabDf + m / 2));
      let highest = -Infinity;
      let centre = 0;
      for (let t = -TAU_END; t <= TAU_END; t += 1) {
        beginAt(t);
        const value = given(t, c) + outer(t);
        if (value > highest) [highest, centre] = [value, t];
      }
      [from, to] = [centre - 1 - ABOUT * step, centre + 1 + ABOUT * step];
    }
    const terms: number[] = [];
    for (let t = from; t <= to; t += step) terms.push(at(t));
    return logSumExp(terms) + log((2 / Math.PI) * step) - 0.5 * m * log(2 * Math.PI);
  };
}
