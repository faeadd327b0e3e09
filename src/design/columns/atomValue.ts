import { factor as factorOf, levelLabels } from '../../data/factor.ts';
import { ModelError } from '../../errors.ts';
import type { Atom } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { quote } from '../../input/quote.ts';
import type { AtomEncoding } from '../design.ts';
import { checkFinite, finiteArithmetic } from './arithmetic.ts';
import { type Call, combinedColumns, factorArguments, factorCall, polyArguments } from './callArguments.ts';
import type { ColumnSource } from './columnSource.ts';
import type { Encoder } from './encoder.ts';
import { formValues, type MomentForm, momentForm } from './momentForm.ts';
import { momentPolynomials } from './momentPolynomial.ts';
import { evaluatePolynomials } from './orthogonalPolynomial.ts';

/** A numeric column; over rows that have moments also as a polynomial of what is continuous. */
export interface NumericColumn {
  readonly label: string;
  readonly values: Float64Array;
  readonly form?: MomentForm;
}

/** An evaluated atom: numeric columns (one, or the columns of poly), or a factor. */
export type AtomValue =
  | { readonly kind: 'numeric'; readonly columns: readonly NumericColumn[] }
  | {
      readonly kind: 'factor';
      /** What the labels of its columns begin with: `sector` in `sectorPublic`. */
      readonly label: string;
      readonly levels: readonly string[];
      readonly reference: string;
      /** Length n, 0-based. */
      readonly index: Int32Array;
    };

/**
 * Evaluates atoms over a source, each once. A text column is a factor, a numeric one itself, `factor(x, ref = "a")` a
 * factor with labels `x` + level, `interaction(a, b)` that of their combinations, `poly(x, d)` d columns; anything else
 * is arithmetic. Data-dependent parts are learnt or looked up by the encoder. Throws ModelError for a value that is not
 * finite and a factor level the encoder does not know.
 */
export function atomEvaluator(source: ColumnSource, encoder: Encoder): (atom: Atom) => AtomValue {
  const known = new Map<string, AtomValue>();
  return (atom) => {
    let value = known.get(atom.text);
    if (value === undefined) {
      value = evaluateAtom(atom, source, encoder);
      known.set(atom.text, value);
    }
    return value;
  };
}

function evaluateAtom({ text, expression }: Atom, source: ColumnSource, encoder: Encoder): AtomValue {
  if (expression.type === 'name') {
    const encoding = encoder.encode(expression, source, 'numeric', 'factor');
    if (encoding.kind === 'factor') return factorValue(text, expression.name, encoding, source);
  }
  if (expression.type === 'call' && expression.name === 'factor') {
    const { name } = factorArguments(expression);
    const label = expressionText(expression.args[0]!);
    return factorValue(label, name, encoder.encode(expression, source, 'factor'), source);
  }
  if (expression.type === 'call' && expression.name === 'interaction')
    return combinedValue(expression, source, encoder);
  if (expression.type === 'call' && expression.name === 'poly') {
    const { argument } = polyArguments(expression);
    const basis = encoder.encode(expression, source, 'poly');
    const moments = source.reduced?.moments;
    const forms = moments && momentPolynomials(basis, momentForm(argument, source, encoder), source.n);
    const all = forms
      ? forms.map((form) => formValues(form, moments, source.n))
      : evaluatePolynomials(basis, finiteArithmetic(argument, source, encoder));
    const columns = all.map((values, k) => {
      const label = basis.degree === 1 ? text : `${text}${k + 1}`;
      checkFinite(values, label, expression, source);
      return { label, values, ...(forms ? { form: forms[k]! } : {}) };
    });
    return { kind: 'numeric', columns };
  }
  const values = finiteArithmetic(expression, source, encoder);
  const form = source.reduced?.moments ? { form: momentForm(expression, source, encoder) } : {};
  return { kind: 'numeric', columns: [{ label: text, values, ...form }] };
}

function factorValue(
  label: string,
  name: string,
  encoding: Extract<AtomEncoding, { kind: 'factor' }>,
  source: ColumnSource,
): AtomValue {
  const { levels, reference } = encoding;
  return { kind: 'factor', label, levels, reference, index: factorIndex(name, encoding, source) };
}

/** The level of each row, -1 where it is missing. */
function factorIndex(
  name: string,
  { levels }: Extract<AtomEncoding, { kind: 'factor' }>,
  source: ColumnSource,
): Int32Array {
  const column = source.column(name);
  const { levels: found, index } = factorOf(column);
  const position = new Map(levels.map((level, j) => [level, j]));
  const translation = found.map((level) => {
    const j = position.get(level);
    if (j !== undefined) return j;
    const at = source.rowName(levelLabels(column).indexOf(level));
    const accepted = levels.map((known) => JSON.stringify(known)).join(', ');
    const message = `${name} is ${JSON.stringify(level)} in ${at}, a level without a coefficient; accepted: ${accepted}`;
    throw new ModelError('unknown-level', name, message);
  });
  return index.map((j) => (j < 0 ? -1 : translation[j]!));
}

/** The factor `interaction(a, b)` of the combinations that the encoding knows. */
function combinedValue(call: Call, source: ColumnSource, encoder: Encoder): AtomValue {
  const { levels, reference, parts = [] } = encoder.encode(call, source, 'factor');
  const label = expressionText(call);
  const names = combinedColumns(call);
  const indices = names.map((name) => factorIndex(name, encoder.encode(factorCall(name), source, 'factor'), source));
  const position = new Map(parts.map((part, j) => [part.join(','), j]));
  const index = indices[0]!.map((_, i) => {
    const part = indices.map((own) => own[i]!);
    if (part.includes(-1)) return -1;
    const j = position.get(part.join(','));
    if (j !== undefined) return j;
    const given = names.map((name) => `${name} ${quote(levelLabels(source.column(name))[i])}`).join(' with ');
    const message = `${label}: ${source.rowName(i)} has ${given}, a combination without a coefficient; accepted: ${levels.map(quote).join(', ')}`;
    throw new ModelError('unknown-level', label, message);
  });
  return { kind: 'factor', label, levels, reference, index };
}
