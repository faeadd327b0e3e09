import { ModelError } from '../errors.ts';
import { FAMILY_PARAMETERS, type FamilyName, type FamilyParameter, type ResponsePartName } from '../families/family.ts';
import { familyNamed, knownFamilies } from '../families/familyOf.ts';

/** The numbers of families' own parameters that are known. */
export type KnownParameters = { readonly [name in FamilyParameter]?: number };

/**
 * The number of a parameter, and the levels of an answer, are given for the family that has them. Throws
 * `unknown-option`.
 */
export function checkParameters(family: FamilyName, options: KnownParameters & { readonly levels?: unknown }): void {
  for (const parameter of [...FAMILY_PARAMETERS, 'levels'] as const) {
    if (options[parameter] === undefined || familyNamed(family).parts.includes(parameter)) continue;
    throw new ModelError(
      'unknown-option',
      'formula',
      `formula: ${parameter} ${parameter === 'levels' ? 'belong' : 'belongs'} to ${havers(parameter)}, and the family is ${family}`,
    );
  }
}

/** Whether a family has thresholds in place of an intercept. */
export function hasThreshold(family: FamilyName): boolean {
  return familyNamed(family).parts.includes('threshold');
}

/** Why the model has not a parameter to estimate, or undefined where it has it. */
export function absentParameters(
  family: FamilyName,
  options: KnownParameters,
): Record<FamilyParameter, string | undefined> {
  const absent = (parameter: FamilyParameter): string | undefined => {
    if (!familyNamed(family).parts.includes(parameter)) return `the family ${family} has ${NONE[parameter]}`;
    return options[parameter] === undefined ? undefined : `${parameter} is fixed at ${options[parameter]}`;
  };
  return { nu: absent('nu'), shape: absent('shape'), precision: absent('precision') };
}

const NONE: Readonly<Record<FamilyParameter, string>> = {
  nu: 'no degrees of freedom',
  shape: 'no shape',
  precision: 'no precision',
};

/** The families that have a part, by name and by the short one. */
export function havers(part: ResponsePartName): string {
  const found = knownFamilies().filter(({ parts }) => parts.includes(part));
  const names = found.map(({ name, words }) => name + (words.spellings[0] ? ` (in short ${words.spellings[0]})` : ''));
  return `${names.length === 1 ? 'the family' : 'the families'} ${names.join(' and ')}`;
}
