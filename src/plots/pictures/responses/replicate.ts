import type { Simulation } from '../../../summary/prediction/simulate.ts';
import { densityLine } from './densityLine.ts';

type Replicates = Pick<Simulation, 'n' | 'draws' | 'responses'>;

/** Replicates that are drawn as densities. */
const OVERLAID = 40;

/** The values of one replicate. */
export function replicate({ n, draws, responses }: Replicates, d: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => responses[i * draws + d]!);
}

/** Densities of 40 replicates, evenly among all; `values` gives those of one. */
export function overlaidDensities(
  draws: number,
  values: (d: number) => Float64Array,
): ReturnType<typeof densityLine>[] {
  const overlaid = Math.min(OVERLAID, draws);
  return Array.from({ length: overlaid }, (_, d) => densityLine(values(Math.floor((d * draws) / overlaid))));
}
