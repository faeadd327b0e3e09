import type { Design } from '../../design/design.ts';

/**
 * 1 less a correlation at the nearest to its end that a search goes. Weights of the rows grow as its inverse, so that
 * the criterion loses some 1e-16 of it a unit, while what is left to gain goes down with it: both are below 1e-5 here.
 */
const NEAREST = 1e-7;

/**
 * How far the coordinates of the residuals (`src/residual`) are followed, [least, most] for each: correlations to 1e-7
 * of the ends of their ranges, where they stand for the end, everything else without bound.
 */
export function nearestEnds({ residual }: Design, size: number): readonly (readonly [number, number])[] {
  const own = size - (residual?.sigma?.labels.length ?? 0);
  const far = -Math.log(NEAREST);
  const reach = (): readonly [number, number] => {
    switch (residual?.groups?.structure) {
      case 'ar1':
      case 'toeplitz':
        return [-far / 2, far / 2];
      case 'cs':
        return [-far, far];
      case 'car1':
        return [Number.NEGATIVE_INFINITY, far];
      default:
        return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    }
  };
  return Array.from({ length: size }, (_, k) =>
    k < own ? reach() : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
}
