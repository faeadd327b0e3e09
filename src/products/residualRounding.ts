import type { Design } from '../design/design.ts';

/** Residuals up to this share of the largest response are rounding. */
const ROUNDING = 1e-14;

/**
 * The weighted residual sum of squares that rounding alone may leave where the columns fit every response: n max(w)
 * (1e-14 max|y - offset|)^2.
 */
export function residualRounding({ n, response }: Design): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(response.y[i]! - (response.offset?.[i] ?? 0)));
  const weights = response.weights?.reduce((most, w) => Math.max(most, w), 0) ?? 1;
  return n * weights * (ROUNDING * largest) ** 2;
}
