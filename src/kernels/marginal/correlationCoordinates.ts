import { exp, log, tanh } from '../../elementary.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import type { ResidualPriors } from '../../priors/residualPriors.ts';
import type { ResidualModel } from '../../residual/residualModel.ts';
import type { State } from '../kernel.ts';
import { choleskyFromPartials } from '../state/partialCorrelations.ts';

/** Correlations of residuals, and sds of occasions, as coordinates of `marginalTarget`. */
export interface CorrelationCoordinates {
  readonly d: number;
  readonly start: Float64Array;
  readonly names: readonly string[];
  /** Writes the coordinates of `src/residual` (the first d of `at`) for phi[from ..]. */
  place(phi: Float64Array, from: number, at: Float64Array): void;
  /** log prior density of phi where the model was last evaluated, but for what depends on sigma. */
  logPrior(): number;
  /** What depends on sigma; absent where nothing does. */
  readonly logPriors?: ((sigma: number) => number) | undefined;
  /** The ends of sigma given others, where uniform priors of sds of occasions narrow them. */
  readonly within?: ((ends: Ends) => Ends) | undefined;
  write(state: State): void;
  /** Writes the coordinates of `src/residual` for the parameters of a state. */
  restore(state: State, at: Float64Array): void;
  /** The same where they are held between moves; absent where they move. */
  readonly hold?: (state: State, at: Float64Array) => void;
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/**
 * Of independent residuals, one correlation, those by steps, or those of pairs of occasions; these `held` where a step
 * of their own moves them.
 */
export function correlationCoordinates(
  model: ResidualModel,
  { correlation, correlations }: ResidualPriors,
  sigmaPrior: ScalePrior | null,
  held = false,
): CorrelationCoordinates {
  if (correlation) return single(model, correlation);
  if (correlations?.kind === 'partial') return partial(model);
  if (correlations?.kind === 'lkj') {
    const moving = matrix(model, correlations.eta, sigmaPrior);
    return held ? heldMatrix(moving) : moving;
  }
  return { d: 0, start: new Float64Array(0), names: [], place() {}, logPrior: () => 0, write() {}, restore() {} };
}

/** Uniform on an interval. */
function single(
  { correlation }: ResidualModel,
  { name, low, high, from: source }: NonNullable<ResidualPriors['correlation']>,
): CorrelationCoordinates {
  const own = correlation.single!;
  return {
    d: 1,
    start: Float64Array.of(source === 'default' ? 0 : own.coordinate(0.5 * (low + high))),
    names: [name],
    place(phi, from, at) {
      at[0] = phi[from]!;
    },
    logPrior() {
      const value = own.value();
      return value > low && value < high ? own.logSlope() : -Infinity;
    },
    write(state) {
      state.at[name]![0] = own.value();
    },
    restore(state, at) {
      at[0] = own.coordinate(state.at[name]![0]!);
    },
  };
}

/** The correlations as they stand in a state, in the order of `ResidualModel.correlation.coordinates`. */
function writeCorrelations({ correlation }: ResidualModel, state: State): void {
  const rho = state.at['rho']!;
  correlation.parameters().forEach(({ estimate }, k) => {
    rho[k] = estimate;
  });
}

/** atanh of each partial autocorrelation, which is uniform on (-1, 1). */
function partial(model: ResidualModel): CorrelationCoordinates {
  const { correlation } = model;
  const d = correlation.size;
  const x = new Float64Array(d);
  return {
    d,
    start: new Float64Array(d),
    names: ['rho'],
    place(phi, from, at) {
      for (let k = 0; k < d; k += 1) {
        x[k] = phi[from + k]!;
        at[k] = x[k]!;
      }
    },
    logPrior() {
      let sum = 0;
      for (let k = 0; k < d; k += 1) {
        const p = tanh(x[k]!);
        sum += log((1 - p) * (1 + p));
      }
      return sum;
    },
    write: (state) => writeCorrelations(model, state),
    restore(state, at) {
      at.set(
        correlation.coordinates(
          (k) => state.at['rho']![k]!,
          () => 1,
        ),
      );
    },
  };
}

/**
 * For T occasions the logs of the sds of the later ones over the first's, then atanh of the canonical partial
 * correlations: correlations lkj(eta), each sd with the prior of sigma.
 */
function matrix(model: ResidualModel, eta: number, sigmaPrior: ScalePrior | null): CorrelationCoordinates {
  const { correlation } = model;
  const T = correlation.sds!().length;
  const ratios = new Float64Array(T).fill(1);
  const R = new Float64Array(T * T);
  const d = correlation.size;
  let logDensity = 0;
  let logRatios = 0;
  return {
    d,
    start: new Float64Array(d),
    names: ['rho'],
    place(phi, from, at) {
      logRatios = 0;
      for (let t = 1; t < T; t += 1) {
        logRatios += phi[from + t - 1]!;
        ratios[t] = exp(phi[from + t - 1]!);
      }
      logDensity = choleskyFromPartials(phi, from + T - 1, T, R);
      let k = 0;
      for (let a = 1; a < T; a += 1) {
        for (let b = 0; b < a; b += 1) at[k++] = ratios[a]! * R[a * T + b]!;
        at[k++] = phi[from + a - 1]! + log(R[a * T + a]!);
        logDensity += 2 * (eta - 1) * log(R[a * T + a]!);
      }
    },
    logPrior: () => logDensity,
    // d sd_t = sd_t d log ratio_t, sd_t = sigma ratio_t.
    logPriors: sigmaPrior
      ? (sigma) => {
          let sum = logRatios + (T - 1) * log(sigma);
          for (let t = 1; t < T; t += 1) sum += logScaleDensity(sigmaPrior, sigma * ratios[t]!);
          return sum;
        }
      : undefined,
    within:
      sigmaPrior?.distribution === 'uniform'
        ? (ends) => {
            let { low, high } = ends;
            for (let t = 1; t < T; t += 1) {
              low = Math.max(low, sigmaPrior.low / ratios[t]!);
              high = Math.min(high, sigmaPrior.high / ratios[t]!);
            }
            return { low, high };
          }
        : undefined,
    write(state) {
      const sigma = state.at['sigma']!;
      for (let t = 1; t < T; t += 1) sigma[t] = sigma[0]! * ratios[t]!;
      writeCorrelations(model, state);
    },
    restore(state, at) {
      const sigma = state.at['sigma']!;
      for (let t = 0; t < T; t += 1) ratios[t] = sigma[t]! / sigma[0]!;
      at.set(
        correlation.coordinates(
          (k) => state.at['rho']![k]!,
          (t) => ratios[t]!,
        ),
      );
    },
  };
}

/** A matrix that another step moves: what sigma says of its sds is left. A state without sds has equal ones. */
function heldMatrix(moving: CorrelationCoordinates): CorrelationCoordinates {
  return {
    ...moving,
    d: 0,
    start: new Float64Array(0),
    names: [],
    place() {},
    logPrior: () => 0,
    hold(state, at) {
      if (state.at['sigma']![1]! > 0) moving.restore(state, at);
    },
  };
}
