import type { GroupTerm } from '../../design/design.ts';
import { exp, log, log1p } from '../../elementary.ts';
import type { MovingPrior, ScalePrior } from '../../priors/priors.ts';
import type { Rng } from '../../random/rng.ts';
import { covarianceCoordinates } from './covarianceCoordinates.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';
import type { ResidualCoordinates } from './residualCoordinates.ts';
import { scaleConditional } from './scaleConditional.ts';
import { type PowerCalibration, sigmaPower } from './sigmaPower.ts';

/**
 * The posterior of (phi, sigma) with u and beta integrated out. phi holds x_k = sqrt(tau_k / sigma) for the q varying
 * columns of all factors, then atanh of the canonical partial correlations of each block: in x the posterior is neither
 * cut off at tau = 0 nor stretched to the right.
 *
 * sigma is proposed from sigma^-2 | phi ~ Gamma(a, rss / 2), a = (n - p - slope - 1) / 2, slope the power of sigma that
 * stands for the priors near the mode, or with few rows near where sigma is likeliest at phi; the exact priors enter
 * the weight, so that the power only matters for acceptance.
 *
 * Where the rows hardly tell sigma from 0 there is no such power: with n = p, or a population part that fits every
 * response, rss is 0 at every phi, p(sigma | phi) is that of the priors and does not fall faster than a power of sigma
 * at 0, and a gamma about the rounding of rss would hold the chain there. There p(sigma | phi) is tabulated at every
 * phi, drawn from the table, and integrated over it (`scaleConditional`). The same is done after `integrate(true)`,
 * where priors are as informative as the rows or end within the likelihood. With known standard errors sigma is 1.
 */
export interface MarginalTarget {
  /** Length of phi. */
  readonly d: number;
  /** The first q coordinates of phi are >= 0. */
  readonly q: number;
  /** Whether sigma is estimated; it is 1 otherwise. */
  readonly estimatesSigma: boolean;
  /**
   * Moves sds that a uniform prior excludes at phi into the middle of its range: a search for the mode must start where
   * the density is positive.
   */
  confine(phi: Float64Array): void;
  /**
   * Whether sigma is integrated out numerically at every phi from now on, and drawn from its tabulated density given
   * phi, or by a power where one stands for the priors.
   */
  integrate(on: boolean): void;
  /** Chooses the power of sigma and the reference sigma at phi (the mode). */
  calibrate(phi: Float64Array): void;
  /**
   * With few rows and one coordinate, finds the power of sigma between each two of these ascending points once, instead
   * of anew at every phi; does nothing otherwise. The power changes by steps at the points: it shapes proposals alone.
   */
  tabulate(points: Float64Array): void;
  /** What `calibrate` and `tabulate` found, for an equal target in another thread. */
  calibration(): Calibration;
  restore(calibration: Calibration): void;
  /** Evaluates everything that does not depend on sigma; false where the density is not finite. */
  at(phi: Float64Array): boolean;
  /**
   * Log density of phi with sigma integrated out, numerically or under the power approximation, after `at`; only
   * proposals are built from it.
   */
  logMarginal(): number;
  /** Log density of (phi, sigma) up to a constant, after `at`. */
  logJoint(sigma: number): number;
  /**
   * Of rows without sigma, log p(phi) and the log determinants alone, after `at`: what is left of the density where the
   * residual sum of squares is taken out again, which may be so large that a difference would keep no digits.
   */
  logVolume(): number;
  /** Where sigma is likeliest at phi, after `at`, as far as its proposal knows. */
  typicalSigma(): number;
  /** sigma from its proposal, after `at`. */
  drawSigma(rng: Rng): number;
  /** Log of (joint density of (phi, sigma)) / (proposal density of sigma), after `at`. */
  logWeight(sigma: number): number;
  /** The relative factors at the last `at`, one q_f x q_f lower triangle per grouping factor. */
  readonly relative: readonly Float64Array[];
  /** tau of every factor in turn (q, as multiples of sigma) at the last `at`. */
  readonly lambda: Float64Array;
  /** Per factor, per block: the Cholesky factor of the correlation matrix at the last `at`. */
  readonly factors: readonly (readonly Float64Array[])[];
}

/**
 * Degrees of freedom below which, or without any residual, the priors tell of sigma as much as the rows do and it is
 * tabulated at every phi. Effective draws of the worst parameter of 4000, eight coefficients and three correlated
 * slopes, by the power and by the table: 680 and 2740 with 1, 1690 and 2190 with 2, 1750 and 2560 with 3.
 */
const FEW_DEGREES = 4;
/** Rounds in which sigma may follow the sds into their ranges. */
const CONFINING_ROUNDS = 5;

/** What fitting leaves behind in a target. Plain data. */
export interface Calibration extends PowerCalibration {
  /** Whether sigma is integrated out numerically. */
  readonly integrated: boolean;
}

/**
 * Builds the target; allocates only here. `sigmaPrior` is null with known standard errors. `residuals` have the last
 * coordinates of phi, and move what the likelihood is of.
 */
export function marginalTarget(
  likelihood: MarginalLikelihood,
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
  sigmaPrior: ScalePrior | null,
  residuals: ResidualCoordinates | null = null,
): MarginalTarget {
  const place = covarianceCoordinates(terms, priors, sigmaPrior);
  const { q, lambda, relative: Lambda, factors, scales } = place;
  const further = residuals?.logPriors;
  const logPriors = further ? (sigma: number): number => place.logPriors(sigma) + further(sigma) : place.logPriors;
  const d = place.d + (residuals?.d ?? 0);
  let logJacobian = 0;
  /** d log priors / d log sigma. */
  const priorSlope = (sigma: number): number => {
    const step = 1e-3;
    const derivative = (logPriors(sigma * (1 + step)) - logPriors(sigma / (1 + step))) / (2 * log1p(step));
    return Number.isFinite(derivative) ? derivative : 0;
  };

  /** p(log sigma | phi) where it is tabulated, and the log of what it was before it was normalised. */
  const conditional = scaleConditional();
  const always = sigmaPrior !== null && (likelihood.degreesOfFreedom < FEW_DEGREES || likelihood.populationFits);
  let integrated = always;
  let logIntegral = 0;

  /** log of sigma p(phi, sigma | y) at t = log sigma, but for what does not depend on sigma. */
  const ofLogSigma = (t: number): number => {
    const sigma = exp(t);
    likelihood.solve(sigma);
    return (
      (1 - likelihood.degreesOfFreedom) * t -
      0.5 * (likelihood.logDeterminantP() + likelihood.rss() / (sigma * sigma)) +
      logPriors(sigma)
    );
  };

  /**
   * Tabulates p(log sigma | phi) about the residuals' spread, between the ends of sigma that uniform priors set at phi;
   * false where it is nowhere positive.
   */
  const fillConditional = (): boolean => {
    const own = place.ends();
    const { low, high } = residuals?.within?.(own) ?? own;
    // Where there are no residuals the table finds its place from anywhere.
    const rate = power.rate();
    const around = rate > 0 ? 0.5 * log((2 * rate) / Math.max(1, likelihood.degreesOfFreedom)) : 0;
    // Inwards by rounding: at the very ends tau may come out a bit beyond its own.
    const degrees = rate > 0 ? likelihood.degreesOfFreedom : 0;
    logIntegral = conditional.fill(ofLogSigma, around, log(low) + 1e-14, log(high) - 1e-14, degrees);
    return logIntegral > -Infinity;
  };

  const power = sigmaPower(likelihood, logPriors, priorSlope, sigmaPrior === null);

  const at = (phi: Float64Array): boolean => {
    logJacobian = place.moveTo(phi);
    if (!(logJacobian > -Infinity)) return false;
    if (residuals) logJacobian += residuals.moveTo(phi, place.d);
    if (!(logJacobian > -Infinity)) return false;
    likelihood.evaluate(Lambda);
    if (integrated) power.settleRate();
    else power.settle(phi[0]!);
    if (!(Number.isFinite(logJacobian) && Number.isFinite(likelihood.logDeterminantK()))) return false;
    return integrated ? fillConditional() : sigmaPrior === null || power.rate() > 0;
  };

  const logDeterminants = (): number =>
    logJacobian - 0.5 * likelihood.logDeterminantK() - 0.5 * likelihood.logDeterminantP();

  const logVolume = (): number => {
    likelihood.solve(1);
    return logDeterminants() + logPriors(1);
  };

  const logJoint = (sigma: number): number => {
    likelihood.solve(sigma);
    const base = logDeterminants();
    if (sigmaPrior === null) return base - 0.5 * likelihood.rss() + logPriors(1);
    const residual = (0.5 * likelihood.rss()) / (sigma * sigma);
    return base - likelihood.degreesOfFreedom * log(sigma) - residual + logPriors(sigma);
  };

  /**
   * A sigma that is likely at phi, after `at`; where none is possible there, the middle of its own range or what the
   * first bounded sd would have it.
   */
  const confiningSigma = (): number => {
    if (sigmaPrior === null) return 1;
    if (!integrated) {
      const sigma = Math.sqrt((2 * power.rate()) / likelihood.degreesOfFreedom);
      if (sigmaPrior.distribution !== 'uniform') return sigma;
      return sigma > sigmaPrior.low && sigma < sigmaPrior.high ? sigma : 0.5 * (sigmaPrior.low + sigmaPrior.high);
    }
    if (logIntegral > -Infinity) return exp(conditional.top());
    if (sigmaPrior.distribution === 'uniform') return 0.5 * (sigmaPrior.low + sigmaPrior.high);
    const k = scales.findIndex((bounds) => bounds?.distribution === 'uniform');
    const bounds = scales[k];
    return bounds?.distribution === 'uniform' ? (0.5 * (bounds.low + bounds.high)) / lambda[k]! : 1;
  };

  return {
    d,
    q,
    estimatesSigma: sigmaPrior !== null,
    relative: Lambda,
    lambda,
    factors,
    at,
    integrate(on) {
      integrated = always || (on && sigmaPrior !== null);
    },
    confine(phi) {
      for (let round = 0; round < CONFINING_ROUNDS; round += 1) {
        if (!at(phi) && !integrated) return;
        const sigma = confiningSigma();
        let moved = false;
        for (let k = 0; k < q; k += 1) {
          const bounds = scales[k]!;
          if (bounds?.distribution !== 'uniform') continue;
          const sd = lambda[k]! * sigma;
          if (sd > bounds.low && sd < bounds.high) continue;
          phi[k] = Math.sqrt((0.5 * (bounds.low + bounds.high)) / sigma);
          moved = true;
        }
        if (!moved) return;
      }
    },
    calibrate(phi) {
      if (sigmaPrior === null) return;
      if (!integrated) power.calibrate(phi, at);
      else if (at(phi)) power.refer(exp(conditional.top()));
    },
    calibration: () => ({ ...power.calibration(), integrated }),
    restore(calibration) {
      integrated = calibration.integrated;
      power.restore(calibration);
    },
    tabulate(points) {
      if (!integrated && d === 1) power.tabulate(points, at);
    },
    logMarginal() {
      const outer = logJacobian - 0.5 * likelihood.logDeterminantK();
      if (integrated) return outer + logIntegral;
      const base = outer - 0.5 * likelihood.logDeterminantP();
      return base + (sigmaPrior === null ? logPriors(1) - power.rate() : power.logIntegral());
    },
    logJoint,
    logVolume,
    typicalSigma() {
      if (sigmaPrior === null) return 1;
      return integrated ? exp(conditional.top()) : power.typical();
    },
    drawSigma(rng) {
      if (sigmaPrior === null) return 1;
      return integrated ? exp(conditional.draw(rng)) : power.draw(rng);
    },
    logWeight(sigma) {
      const joint = logJoint(sigma);
      if (sigmaPrior === null) return joint;
      if (!integrated) return joint - power.logDensity(sigma);
      // Of sigma, not of its logarithm.
      const logSigma = log(sigma);
      return joint - conditional.logDensity(logSigma) + logSigma;
    },
  };
}
