import type { LevelProducts } from '../../products/levelProducts.ts';
import { createRng } from '../../random/rng.ts';

/** How many random probes stand for the levels of a factor. */
export const PROBES = 8;

/** Vectors z with sum z z' = I on average, over the coefficients of all factors but the leading one. */
export interface ProbeVectors {
  /** Counted in full. */
  readonly fixed: readonly Float64Array[];
  /** Of each probe the vectors that belong to it; counted by their mean over the probes. */
  readonly random: readonly (readonly Float64Array[])[];
}

/**
 * Probes for the trace of a symmetric function of S (`ReducedLevels`), the same for every S: entries of one factor and
 * one coordinate within its levels are +1 or -1 at random (Hutchinson 1990), the others 0, so that a trace is even in
 * each factor's sd and turns with the coordinates within levels, as what it stands for does. The direction in which the
 * levels of a factor go up together, which another factor's could undo, has next to the whole of the variance: it is
 * counted by itself, and taken from the probes. Of a factor of few levels every level is counted.
 */
export function probeVectors(A: LevelProducts, leading: number): ProbeVectors {
  const { groups, offsets, blocks } = A;
  const first = groups[leading]!.J * groups[leading]!.q;
  const length = A.size - A.p - first;
  const fixed: Float64Array[] = [];
  const random: Float64Array[][] = Array.from({ length: PROBES }, () => []);
  groups.forEach(({ J, q }, f) => {
    if (f === leading) return;
    const spread = (values: ArrayLike<number>): Float64Array[] =>
      Array.from({ length: q }, (_, a) => {
        const out = new Float64Array(length);
        for (let j = 0; j < J; j++) out[offsets[f]! - first + j * q + a] = values[j]!;
        return out;
      });
    if (J <= PROBES + 1) {
      for (let j = 0; j < J; j++) fixed.push(...spread(Float64Array.from({ length: J }, (_, k) => (k === j ? 1 : 0))));
      return;
    }
    const together = Float64Array.from({ length: J }, (_, j) => {
      let rows = 0;
      for (let a = 0; a < q; a++) rows += blocks[f]![(j * q + a) * q + a]!;
      return Math.sqrt(rows);
    });
    const norm = Math.sqrt(together.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let j = 0; j < J; j++) together[j]! /= norm;
    fixed.push(...spread(together));
    for (let k = 0; k < PROBES; k++) {
      const rng = createRng([PROBES, f, k]);
      const z = Float64Array.from({ length: J }, () => (rng.uniform() < 0.5 ? -1 : 1));
      const along = z.reduce((sum, sign, j) => sum + sign * together[j]!, 0);
      random[k]!.push(...spread(z.map((sign, j) => sign - along * together[j]!)));
    }
  });
  return { fixed, random };
}
