import type { Design, GroupTerm } from '../../design/design.ts';
import { familyRows } from '../../families/familyRows.ts';
import { isContinuous } from '../../graph/node.ts';

/** Rows of each group, or in a logit or probit model its trials, those that weights stand for included. */
export function groupSizes(design: Design, term: GroupTerm): ArrayLike<number> {
  if (isContinuous(design.response.family)) return term.counts;
  const { size, copies } = familyRows(design);
  const sizes = new Float64Array(term.J);
  for (let i = 0; i < design.n; i++) sizes[term.index[i]!]! += size[i]! * copies[i]!;
  return sizes;
}
