import { type ResponseKind, unknownKind } from '../../../families/responseKind.ts';

/**
 * How a response is drawn: values on an axis of their own, or successes, which stand as shares among the rows of about
 * one probability.
 */
export function drawnAs(kind: ResponseKind): 'values' | 'shares' {
  switch (kind) {
    case 'numbers':
    case 'counts':
    case 'ordered':
      return 'values';
    case 'successes':
      return 'shares';
    default:
      return unknownKind(kind);
  }
}
