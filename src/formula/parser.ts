import type { Atom, Expression } from './expression.ts';
import { parseArithmetic, parseCombined } from './expressionParser.ts';
import { COMPARISONS, nameText } from './scanner.ts';
import { parseSuccessesAndFailures } from './successesAndFailures.ts';
import type { Source } from './syntaxError.ts';
import { parseAtom } from './terms.ts';
import { TokenReader } from './tokenReader.ts';

/** The tree of the right-hand side of a formula. `at` is the place in the text, for errors. */
export type FormulaNode =
  | { readonly type: 'constant'; readonly value: 0 | 1; readonly at: number }
  | { readonly type: 'dot'; readonly at: number }
  | { readonly type: 'atom'; readonly atom: Atom; readonly at: number }
  | { readonly type: 'offset'; readonly expression: Expression; readonly at: number }
  | VaryingNode
  | { readonly type: 'sum'; readonly summands: readonly Summand[]; readonly at: number }
  /** a:b:c */
  | { readonly type: 'interaction'; readonly operands: readonly FormulaNode[]; readonly at: number }
  /** a*b or a/b, from the left. */
  | {
      readonly type: 'crossing';
      readonly operator: '*' | '/';
      readonly left: FormulaNode;
      readonly right: FormulaNode;
      readonly at: number;
    }
  | { readonly type: 'power'; readonly base: FormulaNode; readonly exponent: number; readonly at: number };

export interface Summand {
  readonly sign: 1 | -1;
  readonly node: FormulaNode;
}

/** (terms | factors) or (terms || factors). */
export interface VaryingNode {
  readonly type: 'varying';
  readonly terms: FormulaNode;
  /** Each factor is a list of columns; a/b gives [a] and [a, b]. */
  readonly factors: readonly (readonly string[])[];
  readonly diagonal: boolean;
  readonly at: number;
}

/** A formula taken apart: response, what is known of each row, and the tree of its terms. */
export interface FormulaTree {
  readonly source: Source;
  readonly response: Expression;
  readonly se?: RowPart;
  readonly trials?: RowPart;
  readonly exposure?: RowPart;
  readonly weights?: RowPart;
  readonly terms: FormulaNode;
}

/** What is known of each row, as in se(s), and its place in the text. */
export interface RowPart {
  readonly expression: Expression;
  readonly at: number;
}

const termExpected = 'a term (a column, a function of columns, 0, 1, a parenthesis)';

/**
 * Reads `response ~ terms` (the response may be `cbind(successes, failures)`), and after the response `| se(s)`, `|
 * weights(w)`, `| trials(n)`, `| exposure(t)` or `| trials(n) + weights(w)`.
 * Throws `formula-syntax`.
 */
export function parseFormula(source: Source): FormulaTree {
  const reader = new TokenReader(source);
  if (reader.at('~')) throw reader.unexpected('a response, as in y ~ x');
  const counted = parseSuccessesAndFailures(reader);
  const response = counted?.successes ?? parseArithmetic(reader, 'row');
  const given = counted && { trials: { expression: counted.trials, at: counted.at } };
  const known = reader.at('|') ? parseRowParts(reader, given ?? {}) : (given ?? {});
  reader.expect('~', ' between the response and the terms');
  return { source, response, ...known, terms: parseTerms(reader) };
}

type RowParts = Pick<FormulaTree, 'se' | 'trials' | 'exposure' | 'weights'>;

const ROW_PARTS = ['se', 'trials', 'exposure', 'weights'] as const;

function parseRowParts(reader: TokenReader, before: RowParts): RowParts {
  const known: { -readonly [K in keyof RowParts]: RowParts[K] } = { ...before };
  do {
    reader.take();
    const name = reader.token;
    const { start: at } = name;
    const field = ROW_PARTS.find((text) => name.type === 'name' && name.text === text);
    if (field === undefined) throw reader.unexpected('se(...), trials(...), exposure(...) or weights(...)');
    if (before[field] !== undefined) throw reader.error(`cbind(...) says the ${field} already`);
    if (known[field] !== undefined) throw reader.error(`${field}(...) stands twice`);
    const given = Object.keys(known);
    if (given.length > 0 && (field === 'se' || known.se !== undefined)) {
      const other = field === 'se' ? given[0]! : field;
      const reason =
        other === 'trials' || other === 'exposure'
          ? 'known standard errors belong to a normal response'
          : 'with se there is no sigma to weight';
      throw reader.error(`one of se(...) and ${other}(...) may be given: ${reason}`);
    }
    reader.take();
    reader.expect('(', `, as in ${field}(x)`);
    known[field] = { expression: parseArithmetic(reader, 'row'), at };
    reader.expect(')', ` to close ${field}(`);
  } while (reader.at('+'));
  return known;
}

/** Reads a formula without a response, `~ terms`. Throws `formula-syntax`. */
export function parseOneSided(source: Source): FormulaNode {
  const reader = new TokenReader(source);
  reader.expect('~', ' before the terms, as in ~ x');
  return parseTerms(reader);
}

function parseTerms(reader: TokenReader): FormulaNode {
  const terms = parseSum(reader);
  if (reader.at('|', '||')) throw reader.error('a varying part stands in parentheses, as in (1 + x | g)');
  if (reader.at('~')) throw reader.error('a formula has one ~');
  if (reader.at(')')) throw reader.error('this parenthesis was not opened');
  if (reader.token.type !== 'end') throw reader.unexpected('an operator (+ - : * / ^) or the end of the formula');
  return terms;
}

function parseSum(reader: TokenReader): FormulaNode {
  const at = reader.token.start;
  const summands: Summand[] = [];
  do {
    let sign: 1 | -1 = 1;
    while (reader.at('+', '-')) {
      if (reader.take().text === '-') sign = sign === 1 ? -1 : 1;
    }
    summands.push({ sign, node: parseCrossing(reader) });
  } while (reader.at('+', '-'));
  if (reader.at(...COMPARISONS)) throw reader.error('a comparison stands in I(...), as in I(x > 3) or I(x == "a")');
  const [first] = summands;
  return summands.length === 1 && first!.sign === 1 ? first!.node : { type: 'sum', summands, at };
}

function parseCrossing(reader: TokenReader): FormulaNode {
  let left = parseInteraction(reader);
  let operators = 0;
  while (reader.at('*', '/')) {
    operators += 1;
    if (operators > 100) throw reader.error('more than 100 factors are crossed');
    const { text, start } = reader.take();
    left = { type: 'crossing', operator: text as '*' | '/', left, right: parseInteraction(reader), at: start };
  }
  return left;
}

function parseInteraction(reader: TokenReader): FormulaNode {
  const operands = [parsePower(reader)];
  const at = reader.token.start;
  while (reader.at(':')) {
    reader.take();
    operands.push(parsePower(reader));
  }
  return operands.length === 1 ? operands[0]! : { type: 'interaction', operands, at };
}

function parsePower(reader: TokenReader): FormulaNode {
  const base = parsePrimary(reader);
  if (!reader.at('^')) return base;
  const at = reader.take().start;
  const exponent = Number(reader.token.text);
  if (reader.token.type !== 'number' || !Number.isInteger(exponent) || exponent < 1) {
    throw reader.unexpected('a whole number, 1 or more (the power of a column is written I(x^2))');
  }
  reader.take();
  if (reader.at('^')) throw reader.error('one power at a time: use parentheses');
  return { type: 'power', base, exponent, at };
}

function parsePrimary(reader: TokenReader): FormulaNode {
  const { token } = reader;
  const at = token.start;
  if (token.type === 'number') {
    const value = Number(token.text);
    if (value !== 0 && value !== 1) throw reader.unexpected(`${termExpected}; the only numbers are 0 and 1`);
    reader.take();
    return { type: 'constant', value, at };
  }
  if (reader.at('.')) {
    reader.take();
    return { type: 'dot', at };
  }
  if (reader.at('(')) {
    reader.take();
    return reader.nested(() => parseParenthesis(reader, at));
  }
  if (token.type === 'text')
    throw reader.error(`a column stands without quotes, or in backticks: ${nameText(token.text)}`);
  if (token.type !== 'name') throw reader.unexpected(termExpected);
  const { following } = reader;
  if (following.type !== 'symbol' || following.text !== '(') return { type: 'atom', atom: parseAtom(reader), at };
  if (token.text === 'se' || token.text === 'weights') {
    throw reader.error(`${token.text}(...) belongs to the response, as in y | ${token.text}(x) ~ ...`);
  }
  if (token.text !== 'offset') return { type: 'atom', atom: parseAtom(reader), at };
  reader.take();
  reader.take();
  const expression = parseArithmetic(reader, 'row');
  reader.expect(')', ' to close offset(');
  return { type: 'offset', expression, at };
}

function parseParenthesis(reader: TokenReader, at: number): FormulaNode {
  const terms = parseSum(reader);
  let node: FormulaNode = terms;
  if (reader.at('|', '||')) {
    const diagonal = reader.take().text === '||';
    node = { type: 'varying', terms, factors: parseFactors(reader), diagonal, at };
    if (reader.at('+', '*', '|', '||', '^', '-')) {
      throw reader.error(
        'one grouping factor stands after the bar (a, a:b or a/b); write crossed factors as (1 | a) + (1 | b)',
      );
    }
  }
  reader.expect(')', ' to close the parenthesis');
  return node;
}

/** a, a:b, or a/b, which stands for a and a:b. */
function parseFactors(reader: TokenReader): readonly (readonly string[])[] {
  const factors: (readonly string[])[] = [];
  for (;;) {
    const columns = [...(factors.at(-1) ?? []), ...parseFactorColumns(reader)];
    while (reader.at(':')) {
      reader.take();
      columns.push(...parseFactorColumns(reader));
    }
    const twice = columns.find((column, position) => columns.indexOf(column) !== position);
    if (twice !== undefined)
      throw reader.error(`${nameText(twice)} stands twice in the grouping factor ${columns.join(':')}`);
    if (columns.length > 20) throw reader.error('a grouping factor joins at most 20 columns');
    const divided = columns.length > 1 && columns.some((column) => column.includes(':'));
    if (divided)
      throw reader.error('a column that is joined with others has no ":" in its name, as that joins columns');
    factors.push(columns);
    if (!reader.at('/')) return factors;
    reader.take();
  }
}

/** A column, also as `factor(a)`, or those of `interaction(a, b)`, which as a grouping factor is `a:b`. */
function parseFactorColumns(reader: TokenReader): readonly string[] {
  const { token, following } = reader;
  if (token.type === 'name' && token.text === 'interaction' && following.type === 'symbol' && following.text === '(') {
    reader.take();
    reader.take();
    const columns = parseCombined(reader);
    reader.expect(')', ' to close interaction(');
    return columns;
  }
  if (token.type === 'name' && token.text === 'factor' && following.type === 'symbol' && following.text === '(') {
    reader.take();
    reader.take();
    if (reader.token.type !== 'name') throw reader.unexpected('a column, as in (1 | factor(id))');
    const column = reader.take().text;
    reader.expect(')', ' to close factor( (a grouping factor has no reference level)');
    return [column];
  }
  if (token.type === 'text')
    throw reader.error(`a column stands without quotes, or in backticks: (1 | ${nameText(token.text)})`);
  if (token.type !== 'name' || (following.type === 'symbol' && following.text === '(')) {
    throw reader.unexpected('a grouping factor: a column, text or numbers, or columns joined as a:b or a/b');
  }
  return [reader.take().text];
}
