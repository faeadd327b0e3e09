import { log, tanh } from '../../elementary.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import type { ResidualPriors } from '../../priors/residualPriors.ts';
import type { ResidualModel } from '../../residual/residualModel.ts';
import type { State } from '../kernel.ts';

/** Correlations of residuals as coordinates of `marginalTarget`, or sds and correlations of occasions that it holds. */
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

/** Of independent residuals, one correlation, those by steps, or those of pairs of occasions. */
export function correlationCoordinates(
  model: ResidualModel,
  { correlation, correlations }: ResidualPriors,
  sigmaPrior: ScalePrior | null,
): CorrelationCoordinates {
  if (correlation) return single(model, correlation);
  if (correlations?.kind === 'partial') return partial(model);
  if (correlations?.kind === 'lkj') return heldMatrix(model, sigmaPrior);
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
 * The sds of T occasions and their correlations, which a step of their own moves and which are held here: what sigma,
 * the first of the sds, says of the others is left. Each has the prior of sigma.
 */
function heldMatrix({ correlation }: ResidualModel, sigmaPrior: ScalePrior | null): CorrelationCoordinates {
  const T = correlation.sds!().length;
  const ratios = new Float64Array(T).fill(1);
  return {
    d: 0,
    start: new Float64Array(0),
    names: [],
    place() {},
    logPrior: () => 0,
    logPriors: sigmaPrior
      ? (sigma) => {
          let sum = (T - 1) * log(sigma);
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
    },
    // As `hold` has them: sds that are read back from multiples of sigma are rounded.
    restore() {},
    hold(state, at) {
      const sigma = state.at['sigma']!;
      // A state without sds has equal ones.
      if (!(sigma[1]! > 0)) return;
      for (let t = 1; t < T; t += 1) ratios[t] = sigma[t]! / sigma[0]!;
      at.set(
        correlation.coordinates(
          (k) => state.at['rho']![k]!,
          (t) => ratios[t]!,
        ),
      );
    },
  };
}
