import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';

/** A monitored variable: an array of scalars with named dimensions, stored row-major. */
export interface Variable {
  /** `beta`, `u_county`, `tau_county`, `corr_county`, `sigma`. */
  readonly name: string;
  /** Names of its dimensions: [] for a scalar, ['county', 'county_term'] for u_county. */
  readonly dims: readonly string[];
  /** Labels along each dimension. */
  readonly coords: readonly (readonly string[])[];
  /** Position of its first scalar among all scalars, and how many there are. */
  readonly offset: number;
  readonly size: number;
}

/** Draws of every variable: a chain of one scalar is one contiguous subarray. */
export interface Draws {
  readonly variables: readonly Variable[];
  readonly chains: number;
  readonly iterations: number;
  /** [scalar][chain][iteration]. */
  readonly values: Float64Array;
}

/**
 * What chains recorded: the draws, and the statistics of the kernels' steps in the same form, a scalar each (null where
 * none were recorded).
 */
export interface Recorded {
  readonly draws: Draws;
  readonly sampleStats: Draws | null;
}

/**
 * The draws of one scalar (0-based among all scalars): one view per chain, no copy. Throws `not-draws` and `option`.
 */
export function scalarChains(draws: Draws, scalar: number): Float64Array[] {
  checkScalar('scalarChains', draws, scalar);
  const { chains, iterations, values } = draws;
  return Array.from({ length: chains }, (_, chain) => {
    const start = (scalar * chains + chain) * iterations;
    return values.subarray(start, start + iterations);
  });
}

/** The draws of one scalar over all chains, chain after chain: a view, no copy. Throws `not-draws` and `option`. */
export function scalarDraws(draws: Draws, scalar: number): Float64Array {
  checkScalar('scalarDraws', draws, scalar);
  const length = draws.chains * draws.iterations;
  return draws.values.subarray(scalar * length, (scalar + 1) * length);
}

function checkScalar(place: string, draws: Draws, scalar: number): void {
  if (!ArrayBuffer.isView(draws?.values)) {
    throw new ModelError('not-draws', place, `${place}: expected the draws of a fit, fit.draws, not ${quote(draws)}`);
  }
  const count = draws.values.length / (draws.chains * draws.iterations);
  if (Number.isInteger(scalar) && scalar >= 0 && scalar < count) return;
  const accepted = `accepted is the position of a scalar, from 0 to ${count - 1} (variable.offset is the first of a variable)`;
  throw new ModelError('option', place, `${place}: scalar is ${quote(scalar)}; ${accepted}`);
}

/** The variable of that name, or undefined. */
export function findVariable(draws: Draws, name: string): Variable | undefined {
  return draws.variables.find((variable) => variable.name === name);
}
