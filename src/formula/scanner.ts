import { type Source, syntaxError } from './syntaxError.ts';

/**
 * A piece of a formula. `text` is what a name, a text or a symbol says; `start` and `end` are indices into the source.
 */
export interface Token {
  readonly type: 'name' | 'number' | 'text' | 'symbol' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A column name that needs no backticks: letters, digits, dots and underscores; not first a digit, nor a dot before a
 * digit.
 */
const barePattern = /(?:[\p{L}\p{Nl}_]|\.(?=[\p{L}\p{Nl}\p{M}._]))[\p{L}\p{N}\p{M}._]*/uy;
const numberPattern = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const spacePattern = /\s+/uy;
/** What compares two sides, the longer of two that begin alike first. */
export const COMPARISONS = ['<=', '>=', '==', '!=', '<', '>'] as const;
const symbols = [...COMPARISONS, '||', '+', '-', '*', '/', '^', ':', '(', ')', '|', '~', ',', '=', '.'];
/**
 * A name of a quantity up to its brackets: bare names joined by ':', as in `ses:sectorCatholic` or `tau_batch:cask`.
 */
const joinedPattern = new RegExp(`${barePattern.source}(?::${barePattern.source})*`, 'uy');

/**
 * What a text is about: the columns of a formula, or the quantities of a fit, whose names have brackets
 * (`b_school[7688,Intercept]`).
 */
export type Dialect = 'columns' | 'quantities';

/** A name as it is written in a formula: bare where it may be, else in backticks. */
export function nameText(name: string): string {
  return matchAt(barePattern, name, 0) === name ? name : `\`${escaped(name, '`')}\``;
}

/** A text as it is written in a formula: in double quotes. */
export function quotedText(text: string): string {
  return `"${escaped(text, '"')}"`;
}

/**
 * The tokens of a text, the last of type 'end'. Names are as in R, with any letters of Unicode, or anything in
 * backticks; texts stand in single or double quotes; in quotes and backticks a backslash precedes a quote, a backslash,
 * n or t. In the dialect of quantities a name takes in what stands in brackets after it, whatever that is. Throws
 * `formula-syntax`.
 */
export function scan(source: Source, dialect: Dialect = 'columns'): readonly Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const start = position;
    const space = matchAt(spacePattern, text, start);
    if (space !== undefined) {
      position += space.length;
      continue;
    }
    const own = dialect === 'quantities';
    const found = scanQuoted(source, start) ?? scanBare(text, start, own);
    const token = own && found?.type === 'name' ? withBrackets(source, found) : found;
    if (token === undefined) {
      const character = String.fromCodePoint(text.codePointAt(start)!);
      const written = ELSEWHERE[character] ?? 'a column name that has it stands in backticks';
      throw syntaxError(source, start, `the character ${character} has no meaning here (${written})`);
    }
    if (token.type === 'number' && !Number.isFinite(Number(token.text))) {
      throw syntaxError(source, start, `the number ${token.text} is not finite`);
    }
    tokens.push(token);
    position = token.end;
  }
  tokens.push({ type: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

/** How what R writes by a character that has no meaning here is written. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '&': 'two conditions are joined by *, as in I((x > 3) * (z < 1))',
  '!': 'not equal is !=, and a condition is turned round by 1 - (x > 3)',
  $: 'a column is named alone: x, not df$x',
  '[': 'a column is named alone: x, not df["x"]',
  '\u223c': 'the tilde of a formula is ~',
  '\uff5e': 'the tilde of a formula is ~',
  '%': 'one of several levels is I((x == "a") + (x == "b"))',
};

function scanBare(text: string, start: number, quantities: boolean): Token | undefined {
  const name = matchAt(quantities ? joinedPattern : barePattern, text, start);
  if (name !== undefined) return { type: 'name', text: name, start, end: start + name.length };
  const number = matchAt(numberPattern, text, start);
  if (number !== undefined) return { type: 'number', text: number, start, end: start + number.length };
  const symbol = symbols.find((candidate) => text.startsWith(candidate, start));
  return symbol === undefined ? undefined : { type: 'symbol', text: symbol, start, end: start + symbol.length };
}

/** The name with what stands in brackets right after it, brackets in brackets included. */
function withBrackets(source: Source, name: Token): Token {
  const { text } = source;
  if (text[name.end] !== '[') return name;
  let depth = 0;
  for (let end = name.end; end < text.length; end += 1) {
    if (text[end] === '[') depth += 1;
    if (text[end] === ']') depth -= 1;
    if (depth === 0) return { ...name, text: name.text + text.slice(name.end, end + 1), end: end + 1 };
  }
  throw syntaxError(source, name.end, 'the bracket that begins here has no closing ]');
}

function scanQuoted(source: Source, start: number): Token | undefined {
  const { text } = source;
  const quote = text[start];
  if (quote !== '`' && quote !== '"' && quote !== "'") return undefined;
  const what = quote === '`' ? 'name' : 'text';
  let content = '';
  let position = start + 1;
  while (position < text.length && text[position] !== quote) {
    if (text[position] === '\\') {
      const character = unescaped.get(text[position + 1] ?? '');
      if (character === undefined) throw syntaxError(source, position, 'a backslash precedes one of \\ " \' ` n t');
      content += character;
      position += 2;
    } else {
      content += text[position];
      position += 1;
    }
  }
  if (position >= text.length) throw syntaxError(source, start, `the ${what} that begins here has no closing ${quote}`);
  if (quote === '`' && content === '') throw syntaxError(source, start, 'a name in backticks is not empty');
  return { type: what, text: content, start, end: position + 1 };
}

const unescaped: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['n', '\n'],
  ['t', '\t'],
]);

function escaped(text: string, quote: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
