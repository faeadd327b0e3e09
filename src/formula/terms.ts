import { type Atom, type Expression, expressionParts, type Term } from './expression.ts';
import { type ExpressionPlace, parseArithmetic, parseAtomExpression, severalColumns } from './expressionParser.ts';
import { expressionText } from './expressionText.ts';
import { TokenReader } from './tokenReader.ts';

/**
 * The columns an expression reads, each once, in the order of their first appearance; the grouping column of within()
 * is one.
 */
export function expressionColumns(expression: Expression): readonly string[] {
  const columns = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.type === 'name') columns.add(node.name);
    for (const part of expressionParts(node)) visit(part);
  };
  visit(expression);
  return [...columns];
}

/** Reads a factor of a term: a column or a call that reads a column. Throws `formula-syntax`. */
export function parseAtom(reader: TokenReader): Atom {
  const start = reader.token;
  if (start.type !== 'name') throw reader.unexpected('a column or a function of columns');
  const expression = parseAtomExpression(reader, 'term', false);
  const text = expressionText(expression);
  if (expressionColumns(expression).length === 0) throw reader.error(`${text} reads no column`, start);
  return { text, expression };
}

/** The term that is the product of these atoms, each once; of none, the intercept '1'. */
export function makeTerm(atoms: readonly Atom[]): Term {
  const distinct = [...new Map(atoms.map((atom) => [atom.text, atom])).values()];
  return { label: distinct.length === 0 ? '1' : distinct.map((atom) => atom.text).join(':'), atoms: distinct };
}

/** What two spellings of one product (`a:b` and `b:a`) have in common. */
export function termKey(term: Term): string {
  return JSON.stringify(term.atoms.map((atom) => atom.text).sort());
}

/**
 * The term a text stands for: '1', or columns and functions of columns joined by ':', as in `floor:log(uranium)`. Its
 * label is the canonical text: atoms in the order given and each once, spaces as in R. Throws `formula-syntax`.
 */
export function parseTerm(text: string): Term {
  const reader = new TokenReader({ text, where: 'term' });
  if (reader.token.type === 'number' && reader.token.text === '1' && reader.following.type === 'end')
    return makeTerm([]);
  const atoms = [parseAtom(reader)];
  while (reader.at(':')) {
    reader.take();
    atoms.push(parseAtom(reader));
  }
  if (reader.token.type !== 'end') throw reader.unexpected('":" or the end of the term');
  return makeTerm(atoms);
}

/**
 * The expression a text stands for: arithmetic on columns and calls such as `log(x + 1)`; a call of several columns
 * (`poly`, `factor`, `interaction`) only by itself. `place` is 'row' for a response, an offset, a standard error or a
 * weight: there nothing is learnt from other rows, so that only functions of one number are accepted. Throws
 * `formula-syntax`.
 */
export function parseExpression(text: string, place: ExpressionPlace = 'term'): Expression {
  const reader = new TokenReader({ text, where: 'expression' });
  const next = reader.following;
  const call = reader.token.type === 'name' && next.type === 'symbol' && next.text === '(';
  const several = call && severalColumns.includes(reader.token.text);
  const expression = several ? parseAtomExpression(reader, place, false) : parseArithmetic(reader, place);
  if (reader.token.type !== 'end') throw reader.unexpected('an operator or the end of the expression');
  return expression;
}
