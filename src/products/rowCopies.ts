import type { Design } from '../design/design.ts';
import { kindOf } from '../families/familyOf.ts';
import { weightMeaning } from '../families/responseKind.ts';

/**
 * How many equal rows each row stands for, length n: its weight where weights count rows, its share of a cell's rows
 * where it was reduced to, else 1.
 */
export function rowCopies(design: Design): Float64Array {
  const { weights, copies } = design.response;
  if (copies) return copies;
  const counted = weights !== null && weightMeaning(kindOf(design)) === 'copies';
  return counted ? weights : new Float64Array(design.n).fill(1);
}
