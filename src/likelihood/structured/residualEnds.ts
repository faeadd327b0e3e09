import type { Design } from '../../design/design.ts';
import type { ResidualParameter } from '../../residual/correlation.ts';
import { lowestCorrelation } from '../../residual/lowestCorrelation.ts';
import { timesApart } from '../../residual/timesApart.ts';

/** Nearer than this to the end of its range a correlation counts as there. */
const END = 1e-4;

/** The coordinate of a partial correlation of 1 - END. */
const PARTIAL = Math.log(2 / END) / 2;

/** A parameter of the residuals that was estimated at the end of its range. */
export interface ResidualEnd {
  readonly name: string;
  readonly sentence: string;
  /** Its place among the coordinates of the residuals; null where it has none of its own. */
  readonly coordinate: number | null;
}

/**
 * One sentence for each correlation of the residuals that was estimated at the end of its range. The phi of `car1` is a
 * correlation over one unit of time, which may be a second or a century: what counts is that of the rows there are. A
 * correlation of `toeplitz` ends where those before it let it, which its coordinate (of a partial correlation) tells.
 */
export function residualEnds(
  { residual }: Design,
  parameters: readonly ResidualParameter[],
  coordinates: Float64Array,
): ResidualEnd[] {
  const groups = residual?.groups;
  if (!groups) return [];
  const { structure } = groups;
  const lowest = lowestCorrelation(groups);
  const apart = structure === 'car1' ? timesApart(groups) : { least: 1, most: 1 };
  const place = `${structure} within ${groups.factor}`;
  return parameters.flatMap(({ name, estimate }, k) => {
    if (name.startsWith('delta[')) return [];
    const at = (value: string, end: string): ResidualEnd[] => {
      const sentence = `${place}: ${name} is estimated as ${value}, the end of its range: ${end}.`;
      return [{ name, sentence, coordinate: structure === 'unstructured' ? null : k }];
    };
    if (structure === 'toeplitz' && k > 0) {
      if (Math.abs(coordinates[k]!) < PARTIAL) return [];
      const far = coordinates[k]! > 0 ? 'highest' : 'lowest';
      return at(String(Number(estimate.toPrecision(4))), `the ${far} that the correlations of fewer steps leave it`);
    }
    if (estimate ** apart.most > 1 - END) return at('1', 'the residuals of a group are all but equal');
    if ((structure === 'car1' ? estimate ** apart.least : estimate) >= lowest + END) return [];
    const end =
      lowest === 0 ? 'rows at different times are as good as independent' : 'the lowest correlation there can be';
    return at(String(Number(lowest.toPrecision(4))), end);
  });
}
