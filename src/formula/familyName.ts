import { ModelError } from '../errors.ts';
import type { FamilyName } from '../families/family.ts';
import { knownFamilies } from '../families/familyOf.ts';
import { quote } from '../input/quote.ts';

/** The family that a text spells, the graph's name or the command line's. Throws `unknown-family`. */
export function familyName(spelling: unknown): FamilyName {
  const written = knownFamilies().map(({ name, words }) => ({ name, all: [name, ...words.spellings] }));
  const family = written.find(({ all }) => all.some((each) => each === spelling));
  if (family !== undefined) return family.name;
  const accepted = written.flatMap(({ all }) => all.map(quote)).join(', ');
  throw new ModelError('unknown-family', 'family', `there is no family ${quote(spelling)}; accepted: ${accepted}`);
}
