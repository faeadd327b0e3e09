import type { Design } from '../../design/design.ts';
import type { EffectPoints } from './effectPoints.ts';

/**
 * Which groups an effect is of. 'population': one whose deviations are 0; 'average': those of the data; 'new': the mean
 * over groups like them, u ~ N(0, Sigma).
 */
export type EffectGroups = 'population' | 'average' | 'new';

/** offset + x'beta + sum of weighted deviations: what a part is where the mean is linear, else its gradient. */
export interface PartCombination {
  offset: number;
  /** Length p. */
  readonly x: Float64Array;
  /** By group term: weights of u_jk by j q + k. */
  readonly deviations: readonly Map<number, number>[];
}

/** No combination yet. */
export function emptyCombination({ p, groupTerms }: Design): PartCombination {
  return { offset: 0, x: new Float64Array(p), deviations: groupTerms.map(() => new Map()) };
}

/** Adds `weight` times what point i is: its linear predictor, or the derivative of that by the variable. */
export function addPoint(
  design: Design,
  points: EffectPoints,
  of: 'at' | 'slope',
  i: number,
  weight: number,
  out: PartCombination,
): void {
  const columns = points[of]!;
  const { p, groupTerms } = design;
  if (columns.offset) out.offset += weight * columns.offset[i]!;
  for (let c = 0; c < p; c++) out.x[c]! += weight * columns.X[i * p + c]!;
  groupTerms.forEach(({ q }, f) => {
    const j = points.index[f]![i]!;
    if (j < 0) return;
    const own = out.deviations[f]!;
    for (let k = 0; k < q; k++) {
      const z = columns.Z[f]![i * q + k]!;
      if (z !== 0) own.set(j * q + k, (own.get(j * q + k) ?? 0) + weight * z);
    }
  });
}

/** The parts of points whose mean is the linear predictor itself. */
export function linearParts(design: Design, points: EffectPoints, parts: number): PartCombination[] {
  const out = Array.from({ length: parts }, () => emptyCombination(design));
  for (let i = 0; i < points.n; i++) {
    addPoint(design, points, points.slope ? 'slope' : 'at', i, points.weight[i]!, out[points.part[i]!]!);
  }
  return out;
}
