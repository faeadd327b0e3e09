import type { ModelError } from '../errors.ts';
import { type Dialect, scan, type Token } from './scanner.ts';
import { type Source, syntaxError } from './syntaxError.ts';

/** Parentheses, calls and signs may be nested this deep: far beyond any model, and safe for the call stack. */
const deepest = 150;

/** A walk over the tokens of a text, one ahead. */
export class TokenReader {
  readonly source: Source;
  readonly dialect: Dialect;
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(source: Source, dialect: Dialect = 'columns') {
    this.source = source;
    this.dialect = dialect;
    this.tokens = scan(source, dialect);
  }

  /** The token at hand. */
  get token(): Token {
    return this.tokens[this.position]!;
  }

  /** The token after the one at hand. */
  get following(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)]!;
  }

  /** Takes the token at hand and steps past it. */
  take(): Token {
    const { token } = this;
    if (token.type !== 'end') this.position += 1;
    return token;
  }

  /** Whether the token at hand is one of these symbols. */
  at(...symbols: readonly string[]): boolean {
    return this.token.type === 'symbol' && symbols.includes(this.token.text);
  }

  /** Takes this symbol or says that it was expected. */
  expect(symbol: string, why = ''): Token {
    if (!this.at(symbol)) throw this.unexpected(`"${symbol}"${why}`);
    return this.take();
  }

  /** Runs a step one level deeper. Throws `formula-syntax` where the nesting is deeper than any model needs. */
  nested<T>(step: () => T): T {
    this.depth += 1;
    if (this.depth > deepest) throw this.error(`the nesting is deeper than ${deepest} levels`);
    const result = step();
    this.depth -= 1;
    return result;
  }

  /** The error at the token at hand that says what was expected and what was found. */
  unexpected(expected: string): ModelError {
    const { type, start, end } = this.token;
    const found = type === 'end' ? 'the end' : this.source.text.slice(start, Math.min(end, start + 40));
    const power = found === '*' && this.source.text[start - 1] === '*' ? '; a power is written ^, as in I(x^2)' : '';
    return this.error(`expected ${expected}, found ${found}${power}`);
  }

  /** An error at a token, by default the one at hand. */
  error(sentence: string, token: Token = this.token): ModelError {
    return syntaxError(this.source, token.start, sentence);
  }
}
