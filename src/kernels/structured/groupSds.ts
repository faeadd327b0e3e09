import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import { logSdsOf, type ResidualPriors } from '../../priors/residualPriors.ts';
import { gather } from '../../products/crossProducts.ts';
import { setSquares } from '../../products/setSquares.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { logConcave } from '../../proposals/logConcave.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';
import type { Kernel, State } from '../kernel.ts';
import type { ResidualCoordinates } from '../marginal/residualCoordinates.ts';

/** Brackets of log omega, in its posterior sds for a normal sample of J. */
const BRACKET = 2;

/** What the steps are made of: groups, and everything that is read of them. */
export interface GroupSds {
  /** One transition of (delta, omega, sigma) given u, beta and the rest; the cross-products follow. */
  step(state: State, rng: Rng): void;
}

/**
 * The log sds delta_j of groups, their sd omega and sigma given u and beta. With Q_j the squares of the residuals of
 * group j, r' W r over its rows in units of 1 / (sigma^2 exp(2 delta_j)), which come from the cross-products without a
 * pass over the rows,
 *   p(delta_j | ...) ~ exp(-n_j delta_j - Q_j exp(-2 delta_j) / (2 sigma^2) - delta_j^2 / (2 omega^2)),
 * log-concave and drawn exactly (`logConcave`). omega | delta by a slice of log omega, and once more with delta /
 * omega held, in which the rows speak of it (Yu & Meng 2011, interweaving). Then all delta less c and log sigma more c,
 * at which no residual changes: c from N(mean of delta, omega^2 / J), which the prior of sigma alone corrects
 * (Metropolis); of sigma at several occasions all move.
 */
export function groupSds(
  design: Design,
  products: StructuredProducts,
  residuals: ResidualCoordinates,
  sigmaPrior: ScalePrior,
  omegaPrior: NonNullable<ResidualPriors['omega']>,
): GroupSds {
  const { name, prior } = omegaPrior;
  const { model } = products;
  const { groupRows, deviations: J, groupOfSet, coefficients } = model;
  const own = logSdsOf(omegaPrior);
  const views: Float64Array[] = design.groupTerms.map(() => new Float64Array(0));
  const uNames = design.groupTerms.map(({ factor }) => `u_${factor}`);
  const x = new Float64Array(products.size);
  const ofSets = new Float64Array(products.sets.count);
  const squares = new Float64Array(J);
  const unscaled = new Float64Array(J);
  const read = setSquares(products);
  const conditional = logConcave();
  let n = 0;
  let half = 0;
  let inverse = 0;
  const height = (s: number): number => -n * s - half * exp(-2 * s) - 0.5 * inverse * s * s;
  const slope = (s: number): number => -n + 2 * half * exp(-2 * s) - inverse * s;
  const curvature = (s: number): number => -4 * half * exp(-2 * s) - inverse;
  let sum = 0;
  const centred = (t: number): number => {
    const omega = exp(t);
    return -J * t - (0.5 * sum) / (omega * omega) + t + logScaleDensity(prior, omega);
  };
  const scaled = (t: number): number => {
    const omega = exp(t);
    let value = t + logScaleDensity(prior, omega);
    for (let j = 0; j < J; j += 1) {
      const s = omega * unscaled[j]!;
      value -= groupRows[j]! * s + half * squares[j]! * exp(-2 * s);
    }
    return value;
  };
  return {
    step(state, rng) {
      residuals.restore(state);
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      gather(products, views, state.at['beta']!, x);
      read(x, ofSets);
      squares.fill(0);
      for (let k = 0; k < ofSets.length; k += 1) {
        squares[groupOfSet[k]!] = squares[groupOfSet[k]!]! + coefficients[k]! * ofSets[k]!;
      }
      const sigma = state.at['sigma']!;
      const delta = state.at[own]!;
      const spread = state.at[name]!;
      const first = sigma[0]!;
      const width = BRACKET / Math.sqrt(2 * J);
      inverse = 1 / (spread[0]! * spread[0]!);
      for (let j = 0; j < J; j += 1) {
        squares[j] = Math.max(0, squares[j]!) * exp(2 * delta[j]!);
        n = groupRows[j]!;
        half = (0.5 * squares[j]!) / (first * first);
        delta[j] = conditional(height, slope, curvature, delta[j]!, rng);
      }
      sum = 0;
      for (let j = 0; j < J; j += 1) sum += delta[j]! * delta[j]!;
      const t = slice(centred, log(spread[0]!), width, rng);
      for (let j = 0; j < J; j += 1) unscaled[j] = delta[j]! / exp(t);
      half = 0.5 / (first * first);
      spread[0] = exp(slice(scaled, t, width, rng));
      let mean = 0;
      for (let j = 0; j < J; j += 1) {
        delta[j] = spread[0]! * unscaled[j]!;
        mean += delta[j]! / J;
      }
      const shift = mean + (spread[0]! / Math.sqrt(J)) * rng.normal();
      let change = 0;
      for (let k = 0; k < sigma.length; k += 1) {
        const moved = sigma[k]! * exp(shift);
        change += logScaleDensity(sigmaPrior, moved) - logScaleDensity(sigmaPrior, sigma[k]!) + shift;
      }
      if (change >= 0 || rng.uniform() < exp(change)) {
        for (let k = 0; k < sigma.length; k += 1) sigma[k] = sigma[k]! * exp(shift);
        for (let j = 0; j < J; j += 1) delta[j] = delta[j]! - shift;
      }
      residuals.hold(state);
    },
  };
}

/** The steps as a kernel of a sweep, after the coefficients. */
export function groupSdsKernel(sds: GroupSds, omega: NonNullable<ResidualPriors['omega']>): Kernel {
  return {
    name: 'groupSds',
    updates: [logSdsOf(omega), omega.name, 'sigma'],
    why: 'the log sd of each group exactly given the coefficients, from the squares of its residuals; no pass over the rows',
    stats: [],
    init() {},
    step: (state, rng) => sds.step(state, rng),
  };
}
