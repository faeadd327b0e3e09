import type { Design } from '../../design/design.ts';
import type { ResidualParameter } from '../../residual/correlation.ts';
import { lowestCorrelation } from '../../residual/lowestCorrelation.ts';

/** Nearer than this to the end of its range a correlation counts as there. */
const END = 1e-4;

/** One sentence for each correlation of the residuals that was estimated at the end of its range. */
export function residualEnds(
  { residual }: Design,
  parameters: readonly ResidualParameter[],
): { readonly name: string; readonly sentence: string }[] {
  const groups = residual?.groups;
  if (!groups) return [];
  const lowest = lowestCorrelation(groups);
  const place = `${groups.structure} within ${groups.factor}`;
  return parameters.flatMap(({ name, estimate }) => {
    if (name.startsWith('delta[')) return [];
    const at = (value: number, end: string) => {
      const sentence = `${place}: ${name} is estimated as ${value}, the end of its range: ${end}.`;
      return [{ name, sentence }];
    };
    if (estimate > 1 - END) return at(1, 'the residuals of a group are all but equal');
    if (estimate >= lowest + END) return [];
    const end =
      lowest === 0 ? 'rows at different times are as good as independent' : 'the lowest correlation there can be';
    return at(Number(lowest.toPrecision(4)), end);
  });
}
