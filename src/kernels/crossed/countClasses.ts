import { log } from '../../elementary.ts';

/**
 * Levels of a factor with one varying column, put together where their precisions D_j are equal: the integral over u
 * needs of them only how many and the sum of r_j^2.
 */
export interface CountClasses {
  /** Sums r_j^2 within each class. */
  squares(r: Float64Array): void;
  /** -sum log(1 + gamma D_j) / 2 + sum r_j^2 gamma / (1 + gamma D_j) / (2 sigma^2), gamma = lambda^2. */
  logIntegral(gamma: number, sigma: number): number;
}

/** Classes of equal precisions, in the order in which they first occur. */
export function countClasses(precisions: Float64Array): CountClasses {
  const at = new Map<number, number>();
  const classOf = Int32Array.from(precisions, (D) => {
    const known = at.get(D);
    if (known !== undefined) return known;
    at.set(D, at.size);
    return at.size - 1;
  });
  const D = Float64Array.from(at.keys());
  const members = new Float64Array(D.length);
  for (const k of classOf) members[k]! += 1;
  const sums = new Float64Array(D.length);
  return {
    squares(r) {
      sums.fill(0);
      for (let j = 0; j < classOf.length; j += 1) {
        const k = classOf[j]!;
        sums[k] = sums[k]! + r[j]! * r[j]!;
      }
    },
    logIntegral(gamma, sigma) {
      let logs = 0;
      let square = 0;
      for (let k = 0; k < D.length; k += 1) {
        const d = 1 + gamma * D[k]!;
        logs += members[k]! * log(d);
        square += (sums[k]! * gamma) / d;
      }
      return (0.5 * square) / (sigma * sigma) - 0.5 * logs;
    },
  };
}
