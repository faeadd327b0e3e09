import { factor as factorOf, levelLabels } from '../data/factor.ts';
import { ModelError } from '../errors.ts';
import type { Atom } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import { checkFinite, finiteArithmetic } from './arithmetic.ts';
import { factorArguments, polyArguments } from './callArguments.ts';
import type { ColumnSource } from './columnSource.ts';
import type { AtomEncoding } from './design.ts';
import type { Encoder } from './encoder.ts';
import { evaluatePolynomials } from './orthogonalPolynomial.ts';

/** An evaluated atom: numeric columns (one, or the columns of poly), or a factor. */
export type AtomValue =
  | { readonly kind: 'numeric'; readonly columns: readonly { readonly label: string; readonly values: Float64Array }[] }
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
 * factor with labels `x` + level, `poly(x, d)` d columns; anything else is arithmetic. Data-dependent parts are learnt or
 * looked up by the encoder. Throws ModelError for a value that is not finite and a factor level the encoder does not know.
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
  if (expression.type === 'call' && expression.name === 'poly') {
    const { argument } = polyArguments(expression);
    const x = finiteArithmetic(argument, source, encoder);
    const basis = encoder.encode(expression, source, 'poly');
    const columns = evaluatePolynomials(basis, x).map((values, k) => {
      const label = basis.degree === 1 ? text : `${text}${k + 1}`;
      checkFinite(values, label, expression, source);
      return { label, values };
    });
    return { kind: 'numeric', columns };
  }
  return { kind: 'numeric', columns: [{ label: text, values: finiteArithmetic(expression, source, encoder) }] };
}

function factorValue(
  label: string,
  name: string,
  encoding: Extract<AtomEncoding, { kind: 'factor' }>,
  source: ColumnSource,
): AtomValue {
  const { levels, reference } = encoding;
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
  return { kind: 'factor', label, levels, reference, index: index.map((j) => (j < 0 ? -1 : translation[j]!)) };
}
