import { given, invalid, readFields, readText } from './fields.ts';
import type { FamilyName, ResponseNode } from './nodes.ts';
import { quote } from './quote.ts';

/** The fields each family knows beside family, column and eta. */
const parts: Readonly<Record<FamilyName, readonly string[]>> = {
  gaussian: ['sigma', 'se', 'weights'],
  binomialLogit: ['trials', 'weights'],
  bernoulliProbit: ['weights'],
};

/** Why a family has not a field that another has. */
const absent: Readonly<Record<string, string>> = {
  sigma: 'its variance follows from its mean, so that there is no residual sd',
  se: 'its variance follows from its mean, so that there is no known standard error',
  trials: 'only a binomialLogit response counts successes among trials',
};

/** The canonical form of a response node of any origin. Throws `invalid-node`. */
export function readResponse(where: string, value: unknown): ResponseNode {
  const fields = readFields(where, value, ['family', 'column', 'eta'], ['sigma', 'se', 'trials', 'weights']);
  const family = readFamily(where, fields.get('family'));
  for (const [field, reason] of Object.entries(absent)) {
    if (fields.has(field) && !parts[family].includes(field)) {
      throw invalid(where, `the family ${family} has no ${field}: ${reason}; accepted: ${parts[family].join(', ')}`);
    }
  }
  if (family === 'gaussian' && fields.has('sigma') === fields.has('se')) {
    throw invalid(
      where,
      'give one of sigma (the prior of the residual sd) and se (the known standard error of each row)',
    );
  }
  if (fields.has('se') && fields.has('weights'))
    throw invalid(where, 'weights scale sigma, and with se there is no sigma: give one');
  const text = (field: string) => (entry: unknown) => readText(where, field, entry);
  return {
    kind: 'response',
    family,
    column: readText(where, 'column', fields.get('column')),
    eta: readText(where, 'eta', fields.get('eta')),
    ...given(fields, 'sigma', text('sigma')),
    ...given(fields, 'se', text('se')),
    ...given(fields, 'trials', text('trials')),
    ...given(fields, 'weights', text('weights')),
  };
}

function readFamily(where: string, value: unknown): FamilyName {
  const known = Object.keys(parts) as FamilyName[];
  const family = known.find((name) => name === value);
  if (family !== undefined) return family;
  throw invalid(where, `there is no family ${quote(value)}; accepted: ${known.map(quote).join(', ')}`);
}
