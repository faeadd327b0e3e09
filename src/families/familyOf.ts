import { bernoulliProbit } from './bernoulliProbit.ts';
import { betaBinomial } from './betaBinomial.ts';
import { binomialLogit } from './binomialLogit.ts';
import type { DefaultFamily, Family, FamilyName } from './family.ts';
import { gaussian } from './gaussian.ts';
import { negativeBinomial } from './negativeBinomial.ts';
import { ordinal } from './ordinal.ts';
import { ordinalProbit } from './ordinalProbit.ts';
import { poisson } from './poisson.ts';
import type { ResponseKind } from './responseKind.ts';
import { studentT } from './studentT.ts';

/** Every family by its name. */
export const families: Readonly<Record<FamilyName, Family>> = {
  gaussian,
  studentT,
  binomialLogit,
  bernoulliProbit,
  betaBinomial,
  poisson,
  negativeBinomial,
  ordinal,
  ordinalProbit,
};

/** The family of a model that names none. */
export const DEFAULT_FAMILY: DefaultFamily = 'gaussian';

/** What is known beside them: families under trial, which no public entry adds. */
const underTrial = new Map<string, Family>();

/** Every family that a model may name, in the order in which messages list them. */
export function knownFamilies(): readonly Family[] {
  return [...Object.values(families), ...underTrial.values()];
}

/** The family of a name. */
export function familyNamed(name: FamilyName): Family {
  return underTrial.get(name) ?? families[name];
}

/** The family of a design's response. */
export function familyOf({ response }: { readonly response: { readonly family: FamilyName } }): Family {
  return familyNamed(response.family);
}

/** The kind of a design's response. */
export function kindOf(design: { readonly response: { readonly family: FamilyName } }): ResponseKind {
  return familyOf(design).kind;
}

/**
 * Makes a family known until the function that is returned is called: for tests that try a family which is none of the
 * package's. Not exported by the package.
 */
export function tryFamily(family: Family): () => void {
  const { name } = family;
  const before = underTrial.get(name);
  underTrial.set(name, family);
  return () => {
    if (before === undefined) underTrial.delete(name);
    else underTrial.set(name, before);
  };
}
