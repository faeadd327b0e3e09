import type { Simulation } from '../../summary/prediction/simulate.ts';

/** The values of one replicate. */
export function replicate({ n, draws, responses }: Simulation, d: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => responses[i * draws + d]!);
}
