import type { GroupTerm } from '../design/design.ts';
import { exp, log, log1p } from '../elementary.ts';
import { inverseGamma } from '../random/inverseGamma.ts';
import type { Rng } from '../random/rng.ts';
import { logGamma } from '../random/special.ts';
import { bracket } from './bracket.ts';
import { covarianceCoordinates } from './covarianceCoordinates.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';
import type { MovingPrior, ScalePrior } from './priors.ts';
import { scaleConditional } from './scaleConditional.ts';

/**
 * The posterior of (phi, sigma) with u and beta integrated out. phi holds x_k = sqrt(tau_k / sigma) for the q varying columns of all factors, then atanh of the
 * canonical partial correlations of each block: in x the posterior is neither cut off at tau = 0 nor stretched to the right.
 *
 * sigma is proposed from sigma^-2 | phi ~ Gamma(a, rss / 2), a = (n - p - slope - 1) / 2, slope the power of sigma that stands for the priors near the
 * mode, or with few rows near where sigma is likeliest at phi; the exact priors enter the weight, so that the power only matters for acceptance.
 *
 * Where the rows hardly tell sigma from 0 there is no such power: with n = p, or a population part that fits every response, rss is 0 at every phi, p(sigma | phi) is
 * that of the priors and does not fall faster than a power of sigma at 0, and a gamma about the rounding of rss would hold the chain there. There p(sigma | phi) is
 * tabulated at every phi, drawn from the table, and integrated over it (`scaleConditional`).
 * With known standard errors sigma is 1.
 */
export interface MarginalTarget {
  /** Length of phi. */
  readonly d: number;
  /** The first q coordinates of phi are >= 0. */
  readonly q: number;
  /** Moves sds that a uniform prior excludes at phi into the middle of its range: a search for the mode must start where the density is positive. */
  confine(phi: Float64Array): void;
  /** Chooses the power of sigma and the reference sigma at phi (the mode). */
  calibrate(phi: Float64Array): void;
  /**
   * With few rows and one coordinate, finds the power of sigma between each two of these ascending points once, instead of anew at every phi; does nothing
   * otherwise. The power changes by steps at the points: it shapes proposals alone.
   */
  tabulate(points: Float64Array): void;
  /** What `calibrate` and `tabulate` found, for an equal target in another thread. */
  calibration(): Calibration;
  restore(calibration: Calibration): void;
  /** Evaluates everything that does not depend on sigma; false where the density is not finite. */
  at(phi: Float64Array): boolean;
  /** Log density of phi with sigma integrated out under the power approximation, after `at`; only proposals are built from it. */
  logMarginal(): number;
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
 * Degrees of freedom below which the power of sigma is found anew at every phi: there the priors weigh as much as the rows, and a power that is right at the
 * mode gives sigma a proposal, and phi a density, that are wrong by orders of magnitude elsewhere (6 rows, 3 groups, two varying
 * columns: 0.1% effective draws, against some 20%).
 */
const FEW_ROWS = 50;
/**
 * Degrees of freedom below which, or without any residual, the priors tell of sigma as much as the rows do and it is tabulated at every phi. Effective draws of the worst
 * parameter of 4000, eight coefficients and three correlated slopes, by the power and by the table: 680 and 2740 with 1, 1690 and 2190 with 2, 1750 and 2560 with 3.
 */
const FEW_DEGREES = 4;
/** Steps to the power at phi; the proposal need not be there exactly. */
const LOCAL_ROUNDS = 4;
const TABLE_ROUNDS = 12;

/** Rounds in which sigma may follow the sds into their ranges. */
const CONFINING_ROUNDS = 5;

/** What fitting leaves behind in a target: the power of sigma and where it was found. Plain data. */
export interface Calibration {
  readonly referenceSigma: number;
  readonly slope: number;
  readonly shape: number;
  readonly modeSlope: number;
  readonly modeShape: number;
  readonly logGammaShape: number;
  /** What `tabulate` found. */
  readonly table: SlopeTable | null;
}

/** Between each two of the points: slope, shape, log Gamma(shape), sigma. */
interface SlopeTable {
  readonly points: Float64Array;
  readonly found: Float64Array;
}

/** Builds the target; allocates only here. `sigmaPrior` is null with known standard errors. */
export function marginalTarget(
  likelihood: MarginalLikelihood,
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
  sigmaPrior: ScalePrior | null,
): MarginalTarget {
  const place = covarianceCoordinates(terms, priors, sigmaPrior);
  const { d, q, lambda, relative: Lambda, factors, scales, logPriors } = place;
  let logJacobian = 0;
  let slope = 0;
  let referenceSigma = 1;
  let shape = 1;
  let rate = 1;
  // The slope and shape at the mode; with few rows those at phi take their place.
  let modeSlope = 0;
  let modeShape = 1;
  let logGammaShape = 0;
  const local = sigmaPrior !== null && likelihood.degreesOfFreedom < FEW_ROWS;

  /** d log priors / d log sigma. */
  const priorSlope = (sigma: number): number => {
    const step = 1e-3;
    const derivative = (logPriors(sigma * (1 + step)) - logPriors(sigma / (1 + step))) / (2 * log1p(step));
    return Number.isFinite(derivative) ? derivative : 0;
  };

  /** p(log sigma | phi) where it is tabulated, and the log of what it was before it was normalised. */
  const conditional = scaleConditional();
  const integrated = sigmaPrior !== null && (likelihood.degreesOfFreedom < FEW_DEGREES || likelihood.populationFits);
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

  /** Tabulates p(log sigma | phi) about the residuals' spread, between the ends of sigma that uniform priors set at phi; false where it is nowhere positive. */
  const fillConditional = (): boolean => {
    const { low, high } = place.ends();
    // Where there are no residuals the table finds its place from anywhere.
    const around = rate > 0 ? 0.5 * log((2 * rate) / Math.max(1, likelihood.degreesOfFreedom)) : 0;
    // Inwards by rounding: at the very ends tau may come out a bit beyond its own.
    logIntegral = conditional.fill(ofLogSigma, around, log(low) + 1e-14, log(high) - 1e-14);
    return logIntegral > -Infinity;
  };

  const shapeFor = (power: number): number => Math.max(0.5, 0.5 * (likelihood.degreesOfFreedom - power - 1));

  /** Slope, shape and rate where sigma is likeliest at this phi, by a few damped steps from those at the mode: a function of phi alone. */
  const localise = (rounds: number): void => {
    slope = modeSlope;
    shape = modeShape;
    for (let round = 0; round < rounds; round += 1) {
      const sigma = Math.sqrt(rate / (shape + 0.5));
      // No more than the shape of 1/2 stands for: a prior as steep as that (inverse gamma near 0) is no power.
      slope = Math.min(0.5 * (slope + priorSlope(sigma)), likelihood.degreesOfFreedom - 2);
      shape = shapeFor(slope);
      likelihood.solve(sigma);
      rate = 0.5 * likelihood.rss();
    }
    logGammaShape = logGamma(shape);
  };

  /** What `localise` found. */
  let table: SlopeTable | null = null;
  const lookUp = (x: number, { points, found }: SlopeTable): void => {
    const a = bracket(points, x);
    slope = found[4 * a]!;
    shape = found[4 * a + 1]!;
    logGammaShape = found[4 * a + 2]!;
    likelihood.solve(found[4 * a + 3]!);
    rate = 0.5 * likelihood.rss();
  };

  const at = (phi: Float64Array): boolean => {
    logJacobian = place.moveTo(phi);
    if (!(logJacobian > -Infinity)) return false;
    likelihood.evaluate(Lambda);
    if (integrated) {
      likelihood.solve(referenceSigma);
      rate = 0.5 * likelihood.rss();
      return Number.isFinite(logJacobian) && Number.isFinite(likelihood.logDeterminantK()) && fillConditional();
    }
    if (table) {
      lookUp(phi[0]!, table);
    } else {
      likelihood.solve(referenceSigma);
      rate = 0.5 * likelihood.rss();
      if (local) localise(LOCAL_ROUNDS);
    }
    return (
      Number.isFinite(logJacobian) && Number.isFinite(likelihood.logDeterminantK()) && (sigmaPrior === null || rate > 0)
    );
  };

  /** A sigma that is likely at phi, after `at`; where none is possible there, the middle of its own range or what the first bounded sd would have it. */
  const typicalSigma = (): number => {
    if (sigmaPrior === null) return 1;
    if (!integrated) return Math.sqrt((2 * rate) / likelihood.degreesOfFreedom);
    if (logIntegral > -Infinity) return exp(conditional.top());
    if (sigmaPrior.distribution === 'uniform') return 0.5 * (sigmaPrior.low + sigmaPrior.high);
    const k = scales.findIndex((bounds) => bounds?.distribution === 'uniform');
    const bounds = scales[k];
    return bounds?.distribution === 'uniform' ? (0.5 * (bounds.low + bounds.high)) / lambda[k]! : 1;
  };

  return {
    d,
    q,
    relative: Lambda,
    lambda,
    factors,
    at,
    confine(phi) {
      for (let round = 0; round < CONFINING_ROUNDS; round += 1) {
        if (!at(phi) && !integrated) return;
        const sigma = typicalSigma();
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
      if (sigmaPrior === null || integrated) return;
      modeSlope = 0;
      modeShape = shapeFor(0);
      for (let round = 0; round < 3; round += 1) {
        slope = modeSlope;
        shape = modeShape;
        if (!at(phi)) return;
        const sigma = Math.sqrt(rate / (shape + 0.5));
        referenceSigma = sigma;
        modeSlope = priorSlope(sigma);
        modeShape = shapeFor(modeSlope);
      }
      slope = modeSlope;
      shape = modeShape;
    },
    calibration: () => ({ referenceSigma, slope, shape, modeSlope, modeShape, logGammaShape, table }),
    restore(calibration) {
      ({ referenceSigma, slope, shape, modeSlope, modeShape, logGammaShape, table } = calibration);
    },
    tabulate(points) {
      table = null;
      if (!local || integrated || d !== 1) return;
      const found = new Float64Array(4 * (points.length - 1));
      const middle = new Float64Array(1);
      for (let i = 0; i + 1 < points.length; i += 1) {
        middle[0] = 0.5 * (points[i]! + points[i + 1]!);
        at(middle);
        localise(TABLE_ROUNDS);
        const sigma = Math.sqrt(rate / (shape + 0.5));
        found.set([slope, shape, logGammaShape, sigma > 0 ? sigma : referenceSigma], 4 * i);
      }
      table = { points, found };
    },
    logMarginal() {
      const outer = logJacobian - 0.5 * likelihood.logDeterminantK();
      if (integrated) return outer + logIntegral;
      const base = outer - 0.5 * likelihood.logDeterminantP();
      if (sigmaPrior === null) return base - rate + logPriors(1);
      const sigma = Math.sqrt(rate / (shape + 0.5));
      return base - shape * log(rate) + logGammaShape + logPriors(sigma) - slope * log(sigma);
    },
    drawSigma(rng) {
      if (sigmaPrior === null) return 1;
      return integrated ? exp(conditional.draw(rng)) : Math.sqrt(inverseGamma(shape, rate, rng));
    },
    logWeight(sigma) {
      likelihood.solve(sigma);
      const base = logJacobian - 0.5 * likelihood.logDeterminantK() - 0.5 * likelihood.logDeterminantP();
      if (sigmaPrior === null) return base - 0.5 * likelihood.rss() + logPriors(1);
      const s2 = sigma * sigma;
      const logSigma = log(sigma);
      const joint = base - likelihood.degreesOfFreedom * logSigma - (0.5 * likelihood.rss()) / s2 + logPriors(sigma);
      // Of sigma, not of its logarithm.
      if (integrated) return joint - conditional.logDensity(logSigma) + logSigma;
      // The proposal's density is rate^shape sigma^(-2 shape - 1) exp(-rate / sigma^2) up to a constant.
      return joint - shape * log(rate) + logGammaShape + (2 * shape + 1) * logSigma + rate / s2;
    },
  };
}
