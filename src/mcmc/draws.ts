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

/** The draws of one scalar (0-based among all scalars): one view per chain, no copy. */
export function scalarChains(draws: Draws, scalar: number): Float64Array[] {
  const { chains, iterations, values } = draws;
  return Array.from({ length: chains }, (_, chain) => {
    const start = (scalar * chains + chain) * iterations;
    return values.subarray(start, start + iterations);
  });
}

/** The draws of one scalar over all chains, chain after chain: a view, no copy. */
export function scalarDraws(draws: Draws, scalar: number): Float64Array {
  const length = draws.chains * draws.iterations;
  return draws.values.subarray(scalar * length, (scalar + 1) * length);
}

/** The variable of that name, or undefined. */
export function findVariable(draws: Draws, name: string): Variable | undefined {
  return draws.variables.find((variable) => variable.name === name);
}
