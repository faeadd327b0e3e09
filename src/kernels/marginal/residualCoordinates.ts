import type { ScalePrior } from '../../priors/priors.ts';
import { logSdsOf, type ResidualPriors } from '../../priors/residualPriors.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import type { State } from '../kernel.ts';
import { type CorrelationCoordinates, correlationCoordinates } from './correlationCoordinates.ts';

/**
 * The parameters of the residuals among the coordinates of `marginalTarget`: those of `src/residual`, a correlation on
 * the whole line and delta_k in units of 1 / sd of its column.
 */
export interface ResidualCoordinates extends Pick<CorrelationCoordinates, 'logPriors' | 'within'> {
  /** Number of coordinates. */
  readonly d: number;
  /**
   * Where the search for the mode starts: no correlation to speak of, or the middle of a range given; delta's prior.
   */
  readonly start: Float64Array;
  /** The monitored names. */
  readonly names: readonly string[];
  /**
   * Moves the cross-products to the coordinates phi[from ..] and returns the log of their prior density there, their
   * change of coordinates included; -Infinity where there is none.
   */
  moveTo(phi: Float64Array, from: number): number;
  /** Writes the correlations, delta and sds of further occasions of the last `moveTo` to a state that has sigma. */
  write(state: State): void;
  /** Moves the cross-products to the parameters of a state. */
  restore(state: State): void;
  /** Takes up the log sds of groups of a state, and a matrix of correlations, which are held between moves. */
  hold(state: State): void;
}

/** Of any structure or independent residuals, with a log-linear sd or without. */
export function residualCoordinates(
  products: StructuredProducts,
  priors: ResidualPriors,
  sigmaPrior: ScalePrior | null,
): ResidualCoordinates {
  const { model } = products;
  const { delta } = priors;
  const own = correlationCoordinates(model, priors, sigmaPrior);
  const d = own.d + delta.length;
  const at = new Float64Array(model.size);
  const { scale, deviations } = model;
  const { size } = model.correlation;
  const held = priors.omega ? logSdsOf(priors.omega) : '';
  const hold = (state: State): void => {
    for (let j = 0; j < deviations; j += 1) at[size + delta.length + j] = state.at[held]![j]!;
    own.hold?.(state, at);
  };
  return {
    d,
    logPriors: own.logPriors,
    within: own.within,
    start: Float64Array.from([...own.start, ...delta.map(({ mean }, k) => mean * scale[k]!)]),
    names: [...own.names, ...(delta.length > 0 ? ['delta'] : [])],
    moveTo(phi, from) {
      own.place(phi, from, at);
      for (let k = 0; k < delta.length; k += 1) at[size + k] = phi[from + own.d + k]!;
      if (!products.set(at)) return -Infinity;
      let sum = own.logPrior();
      for (let k = 0; k < delta.length; k += 1) {
        const { mean, sd } = delta[k]!;
        const z = (at[size + k]! / scale[k]! - mean) / sd;
        sum -= 0.5 * z * z;
      }
      return sum;
    },
    write(state) {
      own.write(state);
      for (let k = 0; k < delta.length; k += 1) state.at['delta']![k] = at[size + k]! / scale[k]!;
    },
    restore(state) {
      own.restore(state, at);
      for (let k = 0; k < delta.length; k += 1) at[size + k] = state.at['delta']![k]! * scale[k]!;
      hold(state);
      products.set(at);
    },
    hold,
  };
}
