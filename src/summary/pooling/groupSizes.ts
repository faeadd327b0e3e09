import type { Design, GroupTerm } from '../../design/design.ts';
import { levelObservations } from '../../design/observations.ts';
import { kindOf } from '../../families/familyOf.ts';
import { unknownKind } from '../../families/responseKind.ts';
import { familyRows } from '../../products/familyRows.ts';

/** Rows of each group, those that weights stand for included; of successes among trials the trials. */
export function groupSizes(design: Design, term: GroupTerm): ArrayLike<number> {
  const { size, copies } = familyRows(design);
  const total = (each: (i: number) => number): Float64Array => {
    const sizes = new Float64Array(term.J);
    for (let i = 0; i < design.n; i++) sizes[term.index[i]!]! += each(i);
    return sizes;
  };
  const kind = kindOf(design);
  switch (kind) {
    case 'numbers':
      return levelObservations(design, term);
    case 'successes':
      return total((i) => size[i]! * copies[i]!);
    case 'counts':
    case 'ordered':
      return total((i) => copies[i]!);
    default:
      return unknownKind(kind);
  }
}
