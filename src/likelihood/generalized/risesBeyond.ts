import type { ThetaEstimate } from '../search/estimateTheta.ts';
import type { ThetaCriterion } from '../search/thetaCriterion.ts';

/** What a deviance rises by, where it rises. */
const RISE = 1e-3;

/**
 * Whether the criterion is higher at sds that are 4 and 16 times the estimate's, with beta in proportion or as it is:
 * where a column has a few entries that dwarf the others, an sd that is large beside its length is an estimate.
 */
export function risesBeyond(
  { at, factors }: ThetaCriterion,
  { minimum, deviance }: ThetaEstimate,
  sds: number,
  start: Float64Array,
): boolean {
  const { x } = minimum;
  const first = x.length - start.length;
  return [4, 16].every((by) =>
    [1, by].every((byBeta) => {
      const point = x.map((value, k) => {
        if (k < sds) return by * value;
        return k < first ? value : byBeta * (start[k - first]! + value) - start[k - first]!;
      });
      const there = at(factors.fromSearch(point));
      return !(there < deviance + RISE);
    }),
  );
}
