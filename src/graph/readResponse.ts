import { quote } from '../input/quote.ts';
import { given, invalid, readFields, readText } from './fields.ts';
import type { FamilyName, ResponseNode } from './node.ts';

/** The fields each family knows beside family, column and eta. */
const parts: Readonly<Record<FamilyName, readonly string[]>> = {
  gaussian: ['sigma', 'se', 'weights'],
  studentT: ['sigma', 'nu', 'weights'],
  binomialLogit: ['trials', 'weights'],
  bernoulliProbit: ['weights'],
};

/** Why a family has not a field that another has. */
const absent: Readonly<Record<string, (family: FamilyName) => string>> = {
  sigma: () => 'its variance follows from its mean, so that there is no residual sd',
  se: (family) =>
    family === 'studentT'
      ? 'a known standard error is an sd, and its sigma is none'
      : 'its variance follows from its mean, so that there is no known standard error',
  trials: () => 'only a binomialLogit response counts successes among trials',
  nu: () => 'only a studentT response has degrees of freedom',
};

/** The canonical form of a response node of any origin. Throws `invalid-node`. */
export function readResponse(where: string, value: unknown): ResponseNode {
  const fields = readFields(where, value, ['family', 'column', 'eta'], ['sigma', 'nu', 'se', 'trials', 'weights']);
  const family = readFamily(where, fields.get('family'));
  for (const [field, reason] of Object.entries(absent)) {
    if (fields.has(field) && !parts[family].includes(field)) {
      throw invalid(
        where,
        `the family ${family} has no ${field}: ${reason(family)}; accepted: ${parts[family].join(', ')}`,
      );
    }
  }
  if (family === 'gaussian' && fields.has('sigma') === fields.has('se')) {
    throw invalid(
      where,
      'give one of sigma (the prior of the residual sd) and se (the known standard error of each row)',
    );
  }
  if (family === 'studentT' && !(fields.has('sigma') && fields.has('nu'))) {
    throw invalid(
      where,
      'give sigma (the prior of the scale) and nu (the prior of the degrees of freedom, or their number)',
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
    ...given(fields, 'nu', (entry) => readDegrees(where, entry)),
    ...given(fields, 'se', text('se')),
    ...given(fields, 'trials', text('trials')),
    ...given(fields, 'weights', text('weights')),
  };
}

/** The name of a prior node, or a number of degrees of freedom. */
function readDegrees(where: string, value: unknown): string | number {
  if (typeof value === 'string') return readText(where, 'nu', value);
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw invalid(
    where,
    `nu must be the name of a prior, or the degrees of freedom, a positive number, not ${quote(value)}`,
  );
}

function readFamily(where: string, value: unknown): FamilyName {
  const known = Object.keys(parts) as FamilyName[];
  const family = known.find((name) => name === value);
  if (family !== undefined) return family;
  throw invalid(where, `there is no family ${quote(value)}; accepted: ${known.map(quote).join(', ')}`);
}
