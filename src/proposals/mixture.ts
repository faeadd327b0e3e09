import { exp, log, power } from '../elementary.ts';
import { logGamma } from '../special/logGamma.ts';
import type { Proposal } from './proposal.ts';
import type { Mixture, MixtureSeed } from './proposalTable.ts';

/** Degrees of freedom of the t components: tails heavy enough to cover a posterior, light enough to be accepted. */
const DF = 8;

/** Allocates a mixture of K components with equal weights and t_8 tails. */
export function allocateMixture(d: number, folded: number, components: number): Mixture {
  return {
    d,
    folded,
    components,
    weights: new Float64Array(components).fill(1 / components),
    means: new Float64Array(components * d),
    factors: new Float64Array(components * d * d),
    df: new Float64Array(components).fill(DF),
  };
}

/** Degrees of freedom of a mixture that is only where a search begins. */
const FIRST_DF = 4;

/** Equal t_4 components at the given places. */
export function mixtureAt(places: readonly MixtureSeed[], folded: number): Mixture {
  const d = places[0]!.mean.length;
  const mixture = allocateMixture(d, folded, places.length);
  mixture.df.fill(FIRST_DF);
  places.forEach(({ mean, factor }, k) => {
    mixture.means.set(mean, k * d);
    mixture.factors.set(factor, k * d * d);
  });
  return mixture;
}

/** Builds the proposal of a mixture (the mixture must not be changed afterwards). */
export function mixtureProposal(mixture: Mixture): Proposal {
  const { d, folded, components, weights, means, factors, df } = mixture;
  const z = new Float64Array(d);
  const reflected = new Float64Array(d);
  const patterns = 1 << folded;
  const constants = new Float64Array(components);
  for (let k = 0; k < components; k += 1) {
    let logDeterminant = 0;
    for (let i = 0; i < d; i += 1) logDeterminant += log(factors[k * d * d + i * d + i]!);
    constants[k] = log(weights[k]!) - logDeterminant + logStudentConstant(df[k]!, d);
  }
  const top = Math.max(...constants);
  const scales = constants.map((c) => exp(c - top));

  return {
    table: { kind: 'mixture', mixture },
    draw(rng, out) {
      let u = rng.uniform();
      let k = 0;
      while (k < components - 1 && u >= weights[k]!) {
        u -= weights[k]!;
        k += 1;
      }
      const stretch = Math.sqrt(df[k]! / (2 * rng.gamma(0.5 * df[k]!, 1)));
      for (let i = 0; i < d; i += 1) z[i] = rng.normal() * stretch;
      const base = k * d * d;
      for (let i = 0; i < d; i += 1) {
        let sum = means[k * d + i]!;
        for (let j = 0; j <= i; j += 1) sum += factors[base + i * d + j]! * z[j]!;
        out[i] = i < folded ? Math.abs(sum) : sum;
      }
    },
    logDensity(x) {
      let sum = 0;
      let nearest = Infinity;
      for (let pattern = 0; pattern < patterns; pattern += 1) {
        for (let i = 0; i < d; i += 1) reflected[i] = i < folded && (pattern >> i) & 1 ? -x[i]! : x[i]!;
        for (let k = 0; k < components; k += 1) {
          const v = 1 + squaredDistance(mixture, k, reflected, z) / df[k]!;
          // Half-integer powers by products: no logarithm per component.
          sum += scales[k]! / power(v, 0.5 * (df[k]! + d));
          if (v < nearest) nearest = v;
        }
      }
      // Where every term underflows, the largest is the one of the lightest power: a bound is enough to reject such a
      // point.
      return sum > 0 ? top + log(sum) : top - 0.5 * (DF + d) * log(nearest);
    },
  };
}

/** (x - mean_k)' S_k^-1 (x - mean_k) by forward substitution; `z` is workspace of length d. */
export function squaredDistance(mixture: Mixture, k: number, x: Float64Array, z: Float64Array): number {
  const { d, means, factors } = mixture;
  const base = k * d * d;
  let q = 0;
  for (let i = 0; i < d; i += 1) {
    let sum = x[i]! - means[k * d + i]!;
    for (let j = 0; j < i; j += 1) sum -= factors[base + i * d + j]! * z[j]!;
    const v = sum / factors[base + i * d + i]!;
    z[i] = v;
    q += v * v;
  }
  return q;
}

/** log of Gamma((df + d)/2) / (Gamma(df/2) (df pi)^(d/2)). */
function logStudentConstant(df: number, d: number): number {
  return logGamma(0.5 * (df + d)) - logGamma(0.5 * df) - 0.5 * d * log(df * Math.PI);
}
