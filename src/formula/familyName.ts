import { ModelError } from '../errors.ts';
import type { FamilyName } from '../families/family.ts';
import { knownFamilies } from '../families/familyOf.ts';
import { likelyNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';

/** The family that a text spells, the graph's name or the command line's. Throws `unknown-family`. */
export function familyName(spelling: unknown): FamilyName {
  const written = knownFamilies().map(({ name, words }) => ({ name, all: [name, ...words.spellings] }));
  const family = written.find(({ all }) => all.some((each) => each === spelling));
  if (family !== undefined) return family.name;
  const accepted = written.flatMap(({ all }) => all);
  const [meant] = typeof spelling === 'string' ? [...synonymOf(spelling), ...likelyNames(spelling, accepted, 1)] : [];
  const hint = meant === undefined ? 'accepted' : `did you mean ${quote(meant)}? Accepted`;
  throw new ModelError(
    'unknown-family',
    'family',
    `there is no family ${quote(spelling)}; ${hint}: ${accepted.map(quote).join(', ')}`,
  );
}

/** The family that others call so, by its shortest name, if there is one. */
function synonymOf(spelling: string): string[] {
  return knownFamilies()
    .filter(({ words }) => words.synonyms.includes(spelling.toLowerCase()))
    .map(({ name, words }) => words.spellings[0] ?? name);
}
