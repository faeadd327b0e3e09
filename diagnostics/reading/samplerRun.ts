import type { Chains, Variable } from '../chains.ts';

/**
 * What a Hamiltonian sampler reports of its transitions, one series per chain each; what the file does not hold is left
 * out.
 */
export interface SamplerStatistics {
  /** 1 where the transition diverged, else 0. */
  readonly divergent?: Chains;
  /** 1 where the tree reached its largest depth, else 0. */
  readonly saturated?: Chains;
  /** The Hamiltonian at each draw. */
  readonly energy?: Chains;
}

/** What a sampler left: the draws of its quantities and, where it reports any, its statistics. */
export interface SamplerRun {
  readonly variables: Variable[];
  readonly sampler: SamplerStatistics;
}

/** Names under which samplers report, by statistic: Stan's columns, ArviZ' sample_stats, Turing's internals. */
const NAMES: Readonly<Record<keyof SamplerStatistics, readonly string[]>> = {
  divergent: ['divergent__', 'diverging', 'numerical_error'],
  saturated: ['reached_max_treedepth', 'reached_max_tree_depth'],
  energy: ['energy__', 'energy', 'hamiltonian_energy'],
};

/** The statistics among named series; the depth of the trees counts where their largest depth is known. */
export function samplerStatistics(
  series: ReadonlyMap<string, Chains>,
  largestDepth: number | null = null,
): SamplerStatistics {
  const found = Object.entries(NAMES).flatMap(([statistic, names]) => {
    const name = names.find((candidate) => series.has(candidate));
    return name === undefined ? [] : [[statistic, series.get(name)!] as const];
  });
  const depth = series.get('treedepth__');
  const saturated =
    depth === undefined || largestDepth === null
      ? {}
      : { saturated: depth.map((chain) => Float64Array.from(chain, (d) => (d >= largestDepth ? 1 : 0))) };
  return { ...Object.fromEntries(found), ...saturated };
}

/** The statistics of chains that were read one after the other: those that all of them have. */
export function joinedStatistics(parts: readonly SamplerStatistics[]): SamplerStatistics {
  const [first = {}] = parts;
  const names = (Object.keys(first) as (keyof SamplerStatistics)[]).filter((name) => parts.every((part) => part[name]));
  return Object.fromEntries(names.map((name) => [name, parts.flatMap((part) => part[name]!)]));
}
