import type { Design } from '../design/design.ts';
import { kindOf } from '../families/familyOf.ts';
import { unknownKind } from '../families/responseKind.ts';
import { rowPrecisions } from './rowWeights.ts';

/**
 * The size of each row as its family reads it, length n: precision weight, number of trials, exposure; 1 where nothing
 * is known of it.
 */
export function rowSizes(design: Design): Float64Array {
  const ones = () => new Float64Array(design.n).fill(1);
  const kind = kindOf(design);
  switch (kind) {
    case 'numbers':
      return rowPrecisions(design);
    case 'successes':
      return design.response.trials ?? ones();
    case 'counts':
      return design.response.exposure ?? ones();
    case 'ordered':
      return ones().fill(design.response.levels!.length - 1);
    default:
      return unknownKind(kind);
  }
}
