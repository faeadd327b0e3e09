import { ModelError } from '../errors.ts';

/**
 * What a response is: numbers about eta; successes among trials (0/1 rows have one); counts of events in an exposure (1
 * unless known); levels of an ordered answer, of which y is the number, 0 the lowest.
 *
 * Whoever must know asks by a `switch` that ends in `unknownKind`, so that the compiler names every place where a new
 * kind has to decide.
 */
export type ResponseKind = 'numbers' | 'successes' | 'counts' | 'ordered';

/** The end of every `switch` over kinds: the type says that no kind comes here. */
export function unknownKind(kind: never): never {
  throw new ModelError('unsupported-family', 'response', `there is no kind of response ${String(kind)}`);
}

/**
 * What a weight w of a row says: how precise a number is (Var(y) = sigma^2 / w), or how many equal rows it stands for.
 */
export function weightMeaning(kind: ResponseKind): 'precision' | 'copies' {
  switch (kind) {
    case 'numbers':
      return 'precision';
    case 'successes':
    case 'counts':
    case 'ordered':
      return 'copies';
    default:
      return unknownKind(kind);
  }
}

/**
 * The rows whose likelihood does not fall as eta goes to +infinity or to -infinity (`certainAt` of a family), in words.
 */
export function certainRows(kind: ResponseKind): string {
  switch (kind) {
    case 'numbers':
      return 'no rows';
    case 'successes':
      return 'only successes or only failures';
    case 'counts':
      return 'only zeros';
    case 'ordered':
      return 'only the lowest level or only the highest';
    default:
      return unknownKind(kind);
  }
}
