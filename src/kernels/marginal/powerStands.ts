import { exp, log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import { curvatureFactor } from '../../proposals/curvatureFactor.ts';
import { importanceWeights } from '../../proposals/importanceWeights.ts';
import { mixtureAt, mixtureProposal } from '../../proposals/mixture.ts';
import { createRng } from '../../random/rng.ts';
import { marginalDensity } from './marginalDensity.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Points about the modes by which the power of sigma is judged, and the fewest where evaluations are dear. */
const POINTS = 500;
const FEWEST = 60;
/** Share of effective draws. */
const GOOD = 0.8;
/**
 * The posterior may be this many times above the power's (beside how they usually stand) in no more than this share
 * of its mass.
 */
const LIMITS = [
  { above: 3, share: 0.005 },
  { above: 12, share: 0.0005 },
] as const;

/**
 * Whether a power of sigma stands for the priors. Points (phi, sigma) about the modes, phi weighted and sigma drawn
 * by the posterior with sigma integrated out numerically, tell what the weights w of the power's density would be:
 * their effective share is 1 / (E w E 1/w) with means over the posterior (Kong 1992, written under the target), and
 * in a region with w far above its usual size a chain would stay as much too long. The target has been calibrated; it
 * is left with the power in use.
 */
export function* powerStands(target: MarginalTarget, modes: readonly Float64Array[], share: number): Pausing<boolean> {
  const { d, q } = target;
  const rng = createRng([7]);
  const N = Math.max(FEWEST, Math.round(share * POINTS));
  target.integrate(true);
  const density = marginalDensity(target);
  const places = modes.map((mean) => ({ mean, factor: curvatureFactor(density, mean, q) }));
  const about = d === 0 ? null : mixtureProposal(mixtureAt(places, q));
  const points = Array.from({ length: N }, () => new Float64Array(d));
  const exact = new Float64Array(N);
  const sigma = new Float64Array(N);
  const logMass = new Float64Array(N);
  for (let n = 0; n < N; n += 1) {
    about?.draw(rng, points[n]!);
    exact[n] = density(points[n]!);
    logMass[n] = exact[n]! - (about?.logDensity(points[n]!) ?? 0);
    if (exact[n]! > -Infinity) sigma[n] = target.drawSigma(rng);
    yield;
  }
  target.integrate(false);
  const { weights: mass, sum } = importanceWeights(logMass);
  const logs = new Float64Array(N);
  for (let n = 0; n < N; n += 1) {
    if (!(mass[n]! > 0)) continue;
    const powered = density(points[n]!);
    // Left by the density: the target is at the point.
    const weight = powered > -Infinity ? target.logWeight(sigma[n]!) - powered : Infinity;
    logs[n] = Number.isNaN(weight) ? Infinity : weight;
    yield;
  }
  const usual = weightedMedian(logs, mass, sum);
  let mean = 0;
  let inverse = 0;
  for (let n = 0; n < N; n += 1) {
    if (!(mass[n]! > 0)) continue;
    mean += (mass[n]! / sum) * exp(Math.min(700, logs[n]! - usual));
    inverse += (mass[n]! / sum) * exp(usual - logs[n]!);
  }
  const beyond = (limit: number): number =>
    mass.reduce((total, each, n) => (each > 0 && !(logs[n]! - usual < log(limit)) ? total + each : total), 0);
  return 1 >= GOOD * mean * inverse && LIMITS.every(({ above, share: most }) => beyond(above) <= most * sum);
}

/** The value below which half of the mass lies. */
function weightedMedian(values: Float64Array, mass: Float64Array, sum: number): number {
  const order = Array.from(values, (_, n) => n).sort((a, b) => values[a]! - values[b]!);
  let below = 0;
  for (const n of order) {
    below += mass[n]!;
    if (below >= 0.5 * sum) return values[n]!;
  }
  return 0;
}
