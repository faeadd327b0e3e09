import type { ResidualPriors } from '../../priors/residualPriors.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import type { State } from '../kernel.ts';

/**
 * The parameters of the residuals among the coordinates of `marginalTarget`: those of `src/residual`, a correlation on
 * the whole line and delta_k in units of 1 / sd of its column.
 */
export interface ResidualCoordinates {
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
  /** Writes phi (rho) and delta of the last `moveTo` to a state. */
  write(state: State): void;
  /** Moves the cross-products to the phi (rho) and delta of a state. */
  restore(state: State): void;
}

/** Of one correlation (`ar1`, `car1`, `cs`) or independent residuals, with a log-linear sd or without. */
export function residualCoordinates(products: StructuredProducts, priors: ResidualPriors): ResidualCoordinates {
  const { model } = products;
  const { correlation, delta } = priors;
  const single = correlation ? model.correlation.single! : null;
  const own = correlation ? 1 : 0;
  const d = own + delta.length;
  const at = new Float64Array(d);
  const { scale } = model;
  return {
    d,
    start: Float64Array.from({ length: d }, (_, k) => {
      if (k >= own) return delta[k - own]!.mean * scale[k - own]!;
      const { from, low, high } = correlation!;
      return from === 'default' ? 0 : single!.coordinate(0.5 * (low + high));
    }),
    names: [...(correlation ? [correlation.name] : []), ...(delta.length > 0 ? ['delta'] : [])],
    moveTo(phi, from) {
      for (let k = 0; k < d; k += 1) at[k] = phi[from + k]!;
      if (!products.set(at)) return -Infinity;
      let sum = 0;
      if (correlation && single) {
        const value = single.value();
        if (!(value > correlation.low && value < correlation.high)) return -Infinity;
        sum += single.logSlope();
      }
      for (let k = 0; k < delta.length; k += 1) {
        const { mean, sd } = delta[k]!;
        const z = (at[own + k]! / scale[k]! - mean) / sd;
        sum -= 0.5 * z * z;
      }
      return sum;
    },
    write(state) {
      if (correlation && single) state.at[correlation.name]![0] = single.value();
      for (let k = 0; k < delta.length; k += 1) state.at['delta']![k] = at[own + k]! / scale[k]!;
    },
    restore(state) {
      if (correlation && single) at[0] = single.coordinate(state.at[correlation.name]![0]!);
      for (let k = 0; k < delta.length; k += 1) at[own + k] = state.at['delta']![k]! * scale[k]!;
      products.set(at);
    },
  };
}
