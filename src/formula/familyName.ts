import { ModelError } from '../errors.ts';
import type { FamilyName } from '../graph/node.ts';
import { quote } from '../input/quote.ts';

/** How a family may be written: by its name in the graph, or by its spelling on the command line. */
export type FamilySpelling = FamilyName | 'student' | 'binomial' | 'probit';

/** The family of every spelling. */
const families: ReadonlyMap<unknown, FamilyName> = new Map<FamilySpelling, FamilyName>([
  ['gaussian', 'gaussian'],
  ['studentT', 'studentT'],
  ['student', 'studentT'],
  ['binomialLogit', 'binomialLogit'],
  ['binomial', 'binomialLogit'],
  ['bernoulliProbit', 'bernoulliProbit'],
  ['probit', 'bernoulliProbit'],
]);

/** The family that a text spells, the graph's name or the command line's. Throws `unknown-family`. */
export function familyName(spelling: unknown): FamilyName {
  const family = families.get(spelling);
  if (family !== undefined) return family;
  const accepted = [...families.keys()].map(quote).join(', ');
  throw new ModelError('unknown-family', 'family', `there is no family ${quote(spelling)}; accepted: ${accepted}`);
}
