import { log } from '../../elementary.ts';
import { bracket } from '../../proposals/bracket.ts';
import { inverseGamma } from '../../random/inverseGamma.ts';
import type { Rng } from '../../random/rng.ts';
import { logGamma } from '../../special/logGamma.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';

/**
 * Degrees of freedom below which the power of sigma is found anew at every phi: there the priors weigh as much as the
 * rows, and a power that is right at the mode gives sigma a proposal, and phi a density, that are wrong by orders of
 * magnitude elsewhere (6 rows, 3 groups, two varying columns: 0.1% effective draws, against some 20%).
 */
const FEW_ROWS = 50;
/** Steps to the power at phi; the proposal need not be there exactly. */
const LOCAL_ROUNDS = 4;
const TABLE_ROUNDS = 12;

/** The power of sigma and where it was found. Plain data. */
export interface PowerCalibration {
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

/**
 * sigma given phi where a power of it stands for the priors: sigma^-2 ~ Gamma(shape, rate), shape = (n - p - slope -
 * 1) / 2, rate = rss / 2.
 */
export interface SigmaPower {
  /**
   * Where a beta that depends on sigma is taken; settles rate, and with few rows the power, at a phi that begins
   * with x, after `evaluate`.
   */
  settle(x: number): void;
  /** The same for the rate alone. */
  settleRate(): void;
  rate(): number;
  /** Where sigma is likeliest. */
  typical(): number;
  /** Log of the integral over sigma, up to a constant. */
  logIntegral(): number;
  draw(rng: Rng): number;
  /** Log density of a draw, up to a constant. */
  logDensity(sigma: number): number;
  /** Finds the power at phi, to which `at` moves. */
  calibrate(phi: Float64Array, at: (phi: Float64Array) => boolean): void;
  /** With few rows: finds the power between each two of these ascending values of a single coordinate. */
  tabulate(points: Float64Array, at: (phi: Float64Array) => boolean): void;
  /** Sets the reference sigma alone. */
  refer(sigma: number): void;
  calibration(): PowerCalibration;
  restore(calibration: PowerCalibration): void;
}

/**
 * `logPriors(sigma)` are the priors at the phi last moved to; without `known` standard errors the power may be found
 * anew at every phi.
 */
export function sigmaPower(
  likelihood: MarginalLikelihood,
  logPriors: (sigma: number) => number,
  priorSlope: (sigma: number) => number,
  known: boolean,
): SigmaPower {
  let slope = 0;
  let referenceSigma = 1;
  let shape = 1;
  let rate = 1;
  // The slope and shape at the mode; with few rows those at phi take their place.
  let modeSlope = 0;
  let modeShape = 1;
  let logGammaShape = 0;
  /** What `localise` found. */
  let table: SlopeTable | null = null;
  const local = !known && likelihood.degreesOfFreedom < FEW_ROWS;

  const shapeFor = (power: number): number => Math.max(0.5, 0.5 * (likelihood.degreesOfFreedom - power - 1));
  const typical = (): number => Math.sqrt(rate / (shape + 0.5));
  const settleRate = (): void => {
    likelihood.solve(referenceSigma);
    rate = 0.5 * likelihood.rss();
  };

  /**
   * Slope, shape and rate where sigma is likeliest at this phi, by a few damped steps from those at the mode: a
   * function of phi alone.
   */
  const localise = (rounds: number): void => {
    slope = modeSlope;
    shape = modeShape;
    for (let round = 0; round < rounds; round += 1) {
      const sigma = typical();
      // No more than the shape of 1/2 stands for: a prior as steep as that (inverse gamma near 0) is no power.
      slope = Math.min(0.5 * (slope + priorSlope(sigma)), likelihood.degreesOfFreedom - 2);
      shape = shapeFor(slope);
      likelihood.solve(sigma);
      rate = 0.5 * likelihood.rss();
    }
    logGammaShape = logGamma(shape);
  };

  const lookUp = (x: number, { points, found }: SlopeTable): void => {
    const a = bracket(points, x);
    slope = found[4 * a]!;
    shape = found[4 * a + 1]!;
    logGammaShape = found[4 * a + 2]!;
    likelihood.solve(found[4 * a + 3]!);
    rate = 0.5 * likelihood.rss();
  };

  return {
    settle(x) {
      if (table) {
        lookUp(x, table);
        return;
      }
      settleRate();
      if (local) localise(LOCAL_ROUNDS);
    },
    settleRate,
    rate: () => rate,
    typical,
    logIntegral() {
      const sigma = typical();
      return -shape * log(rate) + logGammaShape + logPriors(sigma) - slope * log(sigma);
    },
    draw: (rng) => Math.sqrt(inverseGamma(shape, rate, rng)),
    logDensity: (sigma) => shape * log(rate) - logGammaShape - (2 * shape + 1) * log(sigma) - rate / (sigma * sigma),
    calibrate(phi, at) {
      table = null;
      modeSlope = 0;
      modeShape = shapeFor(0);
      for (let round = 0; round < 3; round += 1) {
        slope = modeSlope;
        shape = modeShape;
        if (!at(phi)) return;
        const sigma = typical();
        referenceSigma = sigma;
        modeSlope = priorSlope(sigma);
        modeShape = shapeFor(modeSlope);
      }
      slope = modeSlope;
      shape = modeShape;
    },
    tabulate(points, at) {
      table = null;
      if (!local) return;
      const found = new Float64Array(4 * (points.length - 1));
      const middle = new Float64Array(1);
      for (let i = 0; i + 1 < points.length; i += 1) {
        middle[0] = 0.5 * (points[i]! + points[i + 1]!);
        at(middle);
        localise(TABLE_ROUNDS);
        const sigma = typical();
        found.set([slope, shape, logGammaShape, sigma > 0 ? sigma : referenceSigma], 4 * i);
      }
      table = { points, found };
    },
    refer(sigma) {
      referenceSigma = sigma;
    },
    calibration: () => ({ referenceSigma, slope, shape, modeSlope, modeShape, logGammaShape, table }),
    restore(calibration) {
      ({ referenceSigma, slope, shape, modeSlope, modeShape, logGammaShape, table } = calibration);
    },
  };
}
