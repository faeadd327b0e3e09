import { quote } from '../input/quote.ts';
import { invalid, readFields, readText } from './fields.ts';
import { type ResidualStructure, STRUCTURE_NAMES } from './node.ts';

/** The canonical form of the residual structure of a response node of any origin. Throws `invalid-node`. */
export function readResidual(where: string, value: unknown): ResidualStructure {
  const place = `${where}: residual`;
  const fields = readFields(place, value, ['structure', 'by'], ['time']);
  const structure = STRUCTURE_NAMES.find((name) => name === fields.get('structure'));
  if (structure === undefined) {
    const names = STRUCTURE_NAMES.map(quote).join(', ');
    throw invalid(place, `there is no structure ${quote(fields.get('structure'))}; accepted: ${names}`);
  }
  const by = readText(place, 'by', fields.get('by'));
  if (structure === 'cs') {
    if (fields.has('time')) throw invalid(place, 'cs has one correlation at all times, and so no field "time"');
    return { structure, by };
  }
  if (!fields.has('time'))
    throw invalid(place, `${structure} needs the field "time", the column of the times of the rows`);
  return { structure, by, time: readText(place, 'time', fields.get('time')) };
}

/** The terms of a log-linear residual sd: texts, each once, one at least, the constant not among them. */
export function readSigmaTerms(where: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw invalid(where, `sigmaTerms must be a list of terms, not ${quote(value)}`);
  const terms = value.map((term: unknown) => readText(where, 'sigmaTerms', term));
  if (terms.includes('1')) throw invalid(where, 'sigmaTerms has "1", and the constant is sigma itself: leave it out');
  const twice = terms.find((term, k) => terms.indexOf(term) < k);
  if (twice !== undefined) throw invalid(where, `sigmaTerms has ${quote(twice)} twice`);
  return terms;
}
