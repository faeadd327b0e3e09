import type { Design } from '../../design/design.ts';
import type { ResidualParameter } from '../../residual/correlation.ts';
import { lowestCorrelation } from '../../residual/lowestCorrelation.ts';
import { timesApart } from '../../residual/timesApart.ts';

/** Nearer than this to the end of its range a correlation counts as there. */
const END = 1e-4;

/**
 * One sentence for each correlation of the residuals that was estimated at the end of its range. The phi of `car1` is a
 * correlation over one unit of time, which may be a second or a century: what counts is that of the rows there are.
 */
export function residualEnds(
  { residual }: Design,
  parameters: readonly ResidualParameter[],
): { readonly name: string; readonly sentence: string }[] {
  const groups = residual?.groups;
  if (!groups) return [];
  const lowest = lowestCorrelation(groups);
  const apart = groups.structure === 'car1' ? timesApart(groups) : { least: 1, most: 1 };
  const place = `${groups.structure} within ${groups.factor}`;
  return parameters.flatMap(({ name, estimate }) => {
    if (name.startsWith('delta[')) return [];
    const at = (value: number, end: string) => {
      const sentence = `${place}: ${name} is estimated as ${value}, the end of its range: ${end}.`;
      return [{ name, sentence }];
    };
    if (estimate ** apart.most > 1 - END) return at(1, 'the residuals of a group are all but equal');
    if ((groups.structure === 'car1' ? estimate ** apart.least : estimate) >= lowest + END) return [];
    const end =
      lowest === 0 ? 'rows at different times are as good as independent' : 'the lowest correlation there can be';
    return at(Number(lowest.toPrecision(4)), end);
  });
}
