import type { ComparisonOperator, Expression } from './expression.ts';
import { COMPARISONS, quotedText, type Token } from './scanner.ts';
import type { TokenReader } from './tokenReader.ts';

/** The functions of one number for one number: they may stand in any expression. */
export const elementaryFunctions = ['I', 'log', 'log2', 'log10', 'log1p', 'sqrt', 'exp', 'abs', 'sin', 'cos'] as const;
export type ElementaryFunction = (typeof elementaryFunctions)[number];

export function isElementary(name: string): name is ElementaryFunction {
  return (elementaryFunctions as readonly string[]).includes(name);
}

/** Whether `pi` is the number within a function; a column of that name stands in backticks there. */
export function ofAngle(name: string): boolean {
  return name === 'sin' || name === 'cos';
}

/**
 * Functions whose constants are learnt from the data: in terms, not in a response, an offset, a standard error or a
 * weight.
 */
const learnt = ['scale', 'center', 'within', 'between'];
/** Functions that give several columns: they stand alone as a factor of a term. */
export const severalColumns: readonly string[] = ['poly', 'factor', 'interaction'];

/** Every function a term may call. */
const termFunctions: readonly string[] = [...elementaryFunctions, ...learnt, ...severalColumns];

/** Where an expression stands: in a term, or where each row counts by itself. */
export type ExpressionPlace = 'term' | 'row';

/** An expression of more operators than this is refused, so that its tree is safe to walk by recursion. */
const largest = 500;

/**
 * Reads the arithmetic expression at hand: numbers, columns, + - * / ^ (right associative, binding tighter than a
 * sign), parentheses, calls; within an `angle` pi is the number. In the dialect of columns two sides may be compared,
 * numbers by < <= > >= == != and the levels of a column with a text by == and !=. Throws `formula-syntax`.
 */
export function parseArithmetic(reader: TokenReader, place: ExpressionPlace, angle = false): Expression {
  let operators = 0;

  function count(): void {
    operators += 1;
    if (operators > largest) throw reader.error(`the expression has more than ${largest} operators`);
  }

  function compared(): Expression {
    const left = side();
    const operator = COMPARISONS.find((each) => reader.at(each));
    if (operator === undefined) {
      if (left.type === 'text') throw reader.unexpected('== or != after a text, as in "a" == x');
      return left;
    }
    const at = reader.take();
    const right = side();
    checkSides(reader, at, operator, left, right);
    if (reader.at(...COMPARISONS)) {
      throw reader.error('one comparison at a time; two are joined by *, as in (1 < x) * (x < 3)');
    }
    return { type: 'comparison', operator, left, right };
  }

  function side(): Expression {
    return reader.token.type === 'text' ? { type: 'text', value: reader.take().text } : sum();
  }

  function sum(): Expression {
    let left = product();
    while (reader.at('+', '-')) {
      count();
      const operator = reader.take().text as '+' | '-';
      left = { type: 'binary', operator, left, right: product() };
    }
    return left;
  }

  function product(): Expression {
    let left = sign();
    while (reader.at('*', '/')) {
      count();
      const operator = reader.take().text as '*' | '/';
      left = { type: 'binary', operator, left, right: sign() };
    }
    return left;
  }

  function sign(): Expression {
    if (!reader.at('+', '-')) return power();
    const operator = reader.take().text as '+' | '-';
    return { type: 'unary', operator, operand: reader.nested(sign) };
  }

  function power(): Expression {
    const base = primary();
    if (!reader.at('^')) return base;
    reader.take();
    return { type: 'binary', operator: '^', left: base, right: reader.nested(sign) };
  }

  function primary(): Expression {
    const { token } = reader;
    if (token.type === 'number') return { type: 'number', value: Number(reader.take().text) };
    if (token.type === 'name') return parseAtomExpression(reader, place, true, angle);
    if (!reader.at('(')) throw reader.unexpected('a column, a number or a call');
    reader.take();
    const inside = reader.nested(whole);
    reader.expect(')', ' to close the parenthesis');
    return inside;
  }

  // What is asked of quantities is compared once, and that is read where it is asked.
  const whole = reader.dialect === 'columns' ? compared : sum;
  return reader.nested(whole);
}

/** Throws `formula-syntax` where a text is not compared with a column, or by its order. */
function checkSides(
  reader: TokenReader,
  at: Token,
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
): void {
  if (left.type !== 'text' && right.type !== 'text') return;
  const other = left.type === 'text' ? right : left;
  if (other.type !== 'name') throw reader.error('a text is compared with a column, as in x == "a"', at);
  if (operator !== '==' && operator !== '!=') {
    throw reader.error(`a text is compared by == or !=, and levels have no order for ${operator}`, at);
  }
}

/** What others call our functions. */
const SYNONYMS: Readonly<Record<string, string>> = {
  c: 'factor',
  'as.factor': 'factor',
  as_factor: 'factor',
  categorical: 'factor',
  ifelse: 'I',
  'as.numeric': 'I',
  as_numeric: 'I',
  ln: 'log',
  standardize: 'scale',
  standardise: 'scale',
  zscore: 'scale',
  centre: 'center',
};

const RESIDUAL = "residuals that depend on each other are an option, residual: 'ar1(time | g)'";
const ALONE = 'the text is the formula alone, as in y ~ x + (1 | g)';
const SUCCESSES = 'successes among trials are y | trials(n)';
const VARYING = 'what varies by a factor is (1 + x | g)';

/** How what others write by a function is written here, where it is none. */
const WRITTEN: Readonly<Record<string, string>> = {
  ...{ ar: RESIDUAL, ar1: RESIDUAL, car1: RESIDUAL, cosy: RESIDUAL, cs: RESIDUAL, unstr: RESIDUAL, us: RESIDUAL },
  ...{ bf: ALONE, brmsformula: ALONE, lm: ALONE, lmer: ALONE, glm: ALONE, glmer: ALONE, brm: ALONE, formula: ALONE },
  ...{ p: SUCCESSES, prop: SUCCESSES, proportion: SUCCESSES, re: VARYING, random: VARYING },
  rate: 'the exposure of counts is y | exposure(t)',
  relevel: 'a reference level is factor(x, ref = "a")',
  cut: 'a column of 0 and 1 is I(x > 3)',
};

/**
 * How a sentence goes on that lists the functions accepted: with the one that the name is a synonym of, or with how
 * what it stands for is written, if there is such.
 */
function likelyFunction(name: string, accepted: readonly string[]): string {
  const spelled = name.toLowerCase();
  if (Object.hasOwn(WRITTEN, spelled)) return `${WRITTEN[spelled]!}; functions`;
  // np.log of Python and Math.log of JavaScript are log.
  const bare = spelled.replace(/^(?:np|numpy|math)\./, '');
  const meant = Object.hasOwn(SYNONYMS, bare) ? SYNONYMS[bare]! : bare;
  return accepted.includes(meant) ? `did you mean ${meant}? Accepted` : 'accepted';
}

/** Reads a column or a call; `inner` where it stands inside another expression. Throws `formula-syntax`. */
export function parseAtomExpression(
  reader: TokenReader,
  place: ExpressionPlace,
  inner: boolean,
  angle = false,
): Expression {
  const name = reader.take();
  if (!reader.at('(')) {
    const bare = name.end - name.start === name.text.length;
    return angle && bare && name.text === 'pi' ? { type: 'pi' } : { type: 'name', name: name.text };
  }
  const accepted: readonly string[] =
    place === 'row' ? elementaryFunctions : inner ? [...elementaryFunctions, ...learnt] : termFunctions;
  if (!accepted.includes(name.text)) {
    const list = accepted.join(', ');
    const sentence = !termFunctions.includes(name.text)
      ? `there is no function ${name.text}; ${likelyFunction(name.text, accepted)}: ${list}`
      : place === 'row'
        ? `${name.text}() stands only in the terms of a formula; accepted here: ${list}`
        : `${name.text}() gives several columns, so it stands by itself as a term; accepted here: ${list}`;
    throw reader.error(sentence, name);
  }
  reader.take();
  const call = reader.nested(() => parseArguments(reader, name, place, angle || ofAngle(name.text)));
  reader.expect(')', ` to close ${name.text}(`);
  return call;
}

function parseArguments(reader: TokenReader, name: Token, place: ExpressionPlace, angle: boolean): Expression {
  const call = (args: readonly Expression[], named: Readonly<Record<string, Expression>> = {}): Expression => {
    return { type: 'call', name: name.text, args, named };
  };
  switch (name.text) {
    case 'factor': {
      const column = parseColumn(reader, 'a column, as in factor(x) or factor(x, ref = "a")');
      if (!reader.at(',')) return call([column]);
      reader.take();
      parseKeyword(reader, 'ref', 'ref = "level"');
      if (reader.token.type !== 'text' && reader.token.type !== 'number') throw reader.unexpected('a level in quotes');
      return call([column], { ref: { type: 'text', value: reader.take().text } });
    }
    case 'interaction':
      return call(parseCombined(reader).map((column): Expression => ({ type: 'name', name: column })));
    case 'poly': {
      const argument = parseArithmetic(reader, place, angle);
      reader.expect(',', ' and a degree, as in poly(x, 2)');
      if (reader.token.type === 'name') parseKeyword(reader, 'degree', 'a degree, as in poly(x, 2)');
      const degree = Number(reader.token.text);
      if (reader.token.type !== 'number' || !Number.isInteger(degree) || degree < 1) {
        throw reader.unexpected('a degree: a whole number, 1 or more');
      }
      reader.take();
      return call([argument, { type: 'number', value: degree }]);
    }
    case 'within':
    case 'between': {
      const argument = parseArithmetic(reader, place, angle);
      reader.expect(',', ` and a grouping column, as in ${name.text}(x, g)`);
      return call([argument, parseColumn(reader, `a grouping column, as in ${name.text}(x, g)`)]);
    }
    default: {
      const argument = parseArithmetic(reader, place, angle);
      if (reader.at(',')) throw reader.error(`${name.text}() takes one argument`);
      return call([argument]);
    }
  }
}

/** The columns of `interaction(a, b)`, two or more, up to its closing parenthesis. */
export function parseCombined(reader: TokenReader): string[] {
  const expected = 'a column, as in interaction(a, b)';
  const columns: string[] = [];
  for (;;) {
    const { token } = reader;
    const column = parseColumn(reader, expected);
    const name = column.type === 'name' ? column.name : '';
    if (columns.includes(name)) throw reader.error(`${name} stands twice in interaction(...)`, token);
    columns.push(name);
    if (columns.length > 20) throw reader.error('interaction() joins at most 20 columns', token);
    if (!reader.at(',')) break;
    reader.take();
  }
  if (columns.length < 2) throw reader.unexpected('"," and a second column, as in interaction(a, b)');
  return columns;
}

function parseColumn(reader: TokenReader, expected: string): Expression {
  const next = reader.following;
  if (reader.token.type !== 'name' || (next.type === 'symbol' && next.text === '(')) throw reader.unexpected(expected);
  return { type: 'name', name: reader.take().text };
}

function parseKeyword(reader: TokenReader, keyword: string, expected: string): void {
  if (reader.token.type !== 'name' || reader.token.text !== keyword) throw reader.unexpected(expected);
  reader.take();
  reader.expect('=', `, as in ${keyword} = ${keyword === 'ref' ? quotedText('level') : '2'}`);
}
