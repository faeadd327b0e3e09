import type { Family, FamilyParameter, ResponsePartName } from '../families/family.ts';
import { knownFamilies } from '../families/familyOf.ts';
import { quote } from '../input/quote.ts';
import { given, invalid, readFields, readText } from './fields.ts';
import type { ResponseNode } from './node.ts';
import { readResidual, readSigmaTerms } from './readResidual.ts';

/** Why a family has not a part that another has; every family has weights. */
const absent: Readonly<Record<Exclude<ResponsePartName, 'weights'>, (family: Family) => string | null>> = {
  sigma: () => 'its variance follows from its mean, so that there is no residual sd',
  se: ({ words }) => words.noStandardError,
  trials: () => `only a ${havers('trials')} response counts successes among trials`,
  exposure: () => `only a ${havers('exposure')} response counts events in an exposure`,
  nu: () => `only a ${havers('nu')} response has degrees of freedom`,
  shape: () => `only a ${havers('shape')} response has a shape`,
  precision: () => `only a ${havers('precision')} response has a precision`,
  threshold: () => `only a ${havers('threshold')} response has thresholds`,
  levels: () => `only a ${havers('levels')} response has levels in an order`,
  residual: () => `only a ${havers('residual')} response has residuals that depend on each other`,
  sigmaTerms: () => `only a ${havers('sigmaTerms')} response has a residual sd that depends on terms`,
  sigmaBy: () => `only a ${havers('sigmaBy')} response has a residual sd for each group`,
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
    [
      'sigma',
      'nu',
      'shape',
      'precision',
      'threshold',
      'levels',
      'se',
      'trials',
      'exposure',
      'weights',
      'residual',
      'sigmaTerms',
      'sigmaBy',
    ],
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
  for (const part of ['residual', 'sigmaTerms', 'sigmaBy'] as const) {
    if (fields.has('se') && fields.has(part))
      throw invalid(where, `${part} is about residuals of unknown sd, and with se it is known: give one`);
  }
  const text = (field: string) => (entry: unknown) => readText(where, field, entry);
  return {
    kind: 'response',
    family: family.name,
    column: readText(where, 'column', fields.get('column')),
    eta: readText(where, 'eta', fields.get('eta')),
    ...given(fields, 'sigma', text('sigma')),
    ...given(fields, 'residual', (entry) => readResidual(where, entry)),
    ...given(fields, 'sigmaTerms', (entry) => readSigmaTerms(where, entry)),
    ...given(fields, 'sigmaBy', text('sigmaBy')),
    ...given(fields, 'nu', (entry) => readParameter(where, 'nu', entry)),
    ...given(fields, 'shape', (entry) => readParameter(where, 'shape', entry)),
    ...given(fields, 'precision', (entry) => readParameter(where, 'precision', entry)),
    ...given(fields, 'threshold', text('threshold')),
    ...given(fields, 'levels', (entry) => readLevels(where, entry)),
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
  const what = name === 'nu' ? 'the degrees of freedom' : `the ${name}`;
  throw invalid(where, `${name} must be the name of a prior, or ${what}, a positive number, not ${quote(value)}`);
}

/** Levels as texts, each once; a number is one by its shortest decimal text, as the levels of a column are. */
function readLevels(where: string, value: unknown): readonly string[] {
  const sentence = (fault: string) =>
    invalid(where, `levels must be a list of two or more texts or numbers, lowest first, each once: ${fault}`);
  if (!Array.isArray(value)) throw sentence(quote(value));
  const levels = value.map((level: unknown) => {
    if (typeof level === 'string') return level;
    if (typeof level === 'number' && Number.isFinite(level)) return String(level + 0);
    throw sentence(`${quote(level)} is neither`);
  });
  const twice = levels.find((level, k) => levels.indexOf(level) < k);
  if (twice !== undefined) throw sentence(`${quote(twice)} stands twice`);
  if (levels.length < 2) throw sentence(`there ${levels.length === 1 ? `is ${quote(levels[0])} alone` : 'is none'}`);
  return levels;
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
