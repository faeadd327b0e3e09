import type { FamilyName, FamilyParameter } from './family.ts';
import { familyOf } from './familyOf.ts';

/** What this page reads of a design. */
interface OfFamily {
  readonly response: { readonly family: FamilyName } & { readonly [name in FamilyParameter]?: number };
}

/**
 * The parameter of a design's family itself (degrees of freedom) where it is to be estimated; null where it is known or
 * there is none.
 */
export function estimatedParameter(design: OfFamily): FamilyParameter | null {
  return knownParameter(design) === undefined ? familyOf(design).parameter : null;
}

/** Its number where it is known; undefined where it is to be estimated or there is none. */
export function knownParameter(design: OfFamily): number | undefined {
  const { parameter } = familyOf(design);
  return parameter === null ? undefined : design.response[parameter];
}
