import type { Family, FamilyParameter, ResponsePartName } from '../families/family.ts';
import { knownFamilies } from '../families/familyOf.ts';
import { quote } from '../input/quote.ts';
import { given, invalid, readFields, readText } from './fields.ts';
import type { ResponseNode } from './node.ts';

/** Why a family has not a part that another has; every family has weights. */
const absent: Readonly<Record<Exclude<ResponsePartName, 'weights'>, (family: Family) => string | null>> = {
  sigma: () => 'its variance follows from its mean, so that there is no residual sd',
  se: ({ words }) => words.noStandardError,
  trials: () => `only a ${havers('trials')} response counts successes among trials`,
  exposure: () => `only a ${havers('exposure')} response counts events in an exposure`,
  nu: () => `only a ${havers('nu')} response has degrees of freedom`,
  shape: () => `only a ${havers('shape')} response has a shape`,
};

/** The names of the families that have a part. */
function havers(part: ResponsePartName): string {
  const names = knownFamilies().flatMap(({ name, parts }) => (parts.includes(part) ? [name] : []));
  return names.join(' or ');
}

/** The canonical form of a response node of any origin. Throws `invalid-node`. */
export function readResponse(where: string, value: unknown): ResponseNode {
  const fields = readFields(
    where,
    value,
    ['family', 'column', 'eta'],
    ['sigma', 'nu', 'shape', 'se', 'trials', 'exposure', 'weights'],
  );
  const family = readFamily(where, fields.get('family'));
  for (const [field, reason] of Object.entries(absent)) {
    if (fields.has(field) && !family.parts.some((part) => part === field)) {
      throw invalid(
        where,
        `the family ${family.name} has no ${field}: ${reason(family)}; accepted: ${family.parts.join(', ')}`,
      );
    }
  }
  const missing = family.missingPart((part) => fields.has(part));
  if (missing !== null) throw invalid(where, missing);
  if (fields.has('se') && fields.has('weights'))
    throw invalid(where, 'weights scale sigma, and with se there is no sigma: give one');
  const text = (field: string) => (entry: unknown) => readText(where, field, entry);
  return {
    kind: 'response',
    family: family.name,
    column: readText(where, 'column', fields.get('column')),
    eta: readText(where, 'eta', fields.get('eta')),
    ...given(fields, 'sigma', text('sigma')),
    ...given(fields, 'nu', (entry) => readParameter(where, 'nu', entry)),
    ...given(fields, 'shape', (entry) => readParameter(where, 'shape', entry)),
    ...given(fields, 'se', text('se')),
    ...given(fields, 'trials', text('trials')),
    ...given(fields, 'exposure', text('exposure')),
    ...given(fields, 'weights', text('weights')),
  };
}

/** The name of a prior node, or the number that the parameter is. */
function readParameter(where: string, name: FamilyParameter, value: unknown): string | number {
  if (typeof value === 'string') return readText(where, name, value);
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  const what = name === 'nu' ? 'the degrees of freedom' : 'the shape';
  throw invalid(where, `${name} must be the name of a prior, or ${what}, a positive number, not ${quote(value)}`);
}

function readFamily(where: string, value: unknown): Family {
  const known = knownFamilies();
  const family = known.find(({ name }) => name === value);
  if (family !== undefined) return family;
  throw invalid(
    where,
    `there is no family ${quote(value)}; accepted: ${known.map(({ name }) => quote(name)).join(', ')}`,
  );
}
