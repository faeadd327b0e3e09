/**
 * A residual structure by its parameters on the user's scale: `phi`, `rho`, correlations by lag or by pair of times.
 */
export interface ResidualLaw {
  readonly kind: 'ar1' | 'car1' | 'cs' | 'toeplitz' | 'unstructured' | 'independent';
  /** phi, rho, rho by lag from 1; of `unstructured` by pair of occasions (0,1), (0,2), .. (1,2), .. */
  readonly correlations: readonly number[];
}

/** What an oracle needs to know of the rows. */
export interface ResidualRows {
  readonly group: readonly (number | string)[];
  /** In steps (ar1, toeplitz), in its own unit (car1), the number of the occasion (unstructured). */
  readonly time: readonly number[];
  /** The sd of each row over the common one. */
  readonly sd: readonly number[];
}

/** The relative covariance of the residuals of rows i and k, entry by entry from the definition. */
export function denseResiduals(law: ResidualLaw, { group, time, sd }: ResidualRows): (i: number, k: number) => number {
  const T = new Set(time).size;
  const correlation = (i: number, k: number): number => {
    if (i === k) return 1;
    if (group[i] !== group[k]) return 0;
    const [a, b] = [Math.min(time[i]!, time[k]!), Math.max(time[i]!, time[k]!)];
    switch (law.kind) {
      case 'independent':
        return 0;
      case 'cs':
        return law.correlations[0]!;
      case 'ar1':
      case 'car1':
        return law.correlations[0]! ** (b - a);
      case 'toeplitz':
        return law.correlations[b - a - 1]!;
      case 'unstructured':
        return law.correlations[a * T - (a * (a + 1)) / 2 + (b - a - 1)]!;
    }
  };
  return (i, k) => correlation(i, k) * sd[i]! * sd[k]!;
}
