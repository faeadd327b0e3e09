import { wrong } from './jsonReader.ts';

const [QUOTE, BACKSLASH, OPEN, CLOSE, BRACE, UNBRACE, COMMA] = ['"', '\\', '[', ']', '{', '}', ','].map((c) =>
  c.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** JSON text that comes in pieces, gone through value by value: no more of it is held than the value at hand. */
export class JsonSource {
  private readonly pieces: Iterator<string>;
  private text = '';
  private at = 0;
  /** Characters before `text`. */
  private before = 0;

  constructor(pieces: Iterable<string>) {
    this.pieces = pieces[Symbol.iterator]();
  }

  /** The next character that is no white space, not taken; '' at the end. */
  peek(): string {
    for (;;) {
      while (this.at < this.text.length) {
        const code = this.text.charCodeAt(this.at);
        if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return this.text[this.at]!;
        this.at += 1;
      }
      if (!this.more()) return '';
    }
  }

  /** Takes `character`, which must come next. Throws `fit-file`. */
  take(character: string): void {
    if (this.peek() !== character) this.fail();
    this.at += 1;
  }

  /**
   * Calls `entry` at each entry of a list or an object, from its opening bracket to its closing one. Throws `fit-file`.
   */
  entries(open: '[' | '{', entry: (index: number) => void): void {
    const close = open === '[' ? ']' : '}';
    this.take(open);
    if (this.peek() === close) {
      this.take(close);
      return;
    }
    for (let index = 0; ; index += 1) {
      entry(index);
      if (this.peek() !== ',') break;
      this.take(',');
    }
    this.take(close);
  }

  /**
   * The text of the value that comes next, taken; brackets in it may not match. Throws `fit-file` where there is none.
   */
  value(): string {
    this.peek();
    let i = this.at;
    let depth = 0;
    let quoted = false;
    for (;;) {
      for (; i < this.text.length; i += 1) {
        const code = this.text.charCodeAt(i);
        if (quoted) {
          if (code === BACKSLASH) i += 1;
          else if (code === QUOTE) {
            quoted = false;
            if (depth === 0) return this.taken(i + 1);
          }
        } else if (code === QUOTE) quoted = true;
        else if (code === OPEN || code === BRACE) depth += 1;
        else if (code === CLOSE || code === UNBRACE) {
          if (depth === 0) return this.taken(i);
          depth -= 1;
          if (depth === 0) return this.taken(i + 1);
        } else if (depth === 0 && (code === COMMA || code === 58)) return this.taken(i);
      }
      const from = i - this.at;
      if (!this.more()) return this.taken(this.text.length);
      i = this.at + from;
    }
  }

  /** All that is left. */
  rest(): string {
    while (this.more());
    return this.taken(this.text.length, true);
  }

  /** The error of a text that cannot go on as it does. */
  fail(): never {
    const found = this.peek();
    const what = found === '' ? 'ends too early' : `has an unexpected ${JSON.stringify(found)}`;
    throw wrong('the file', `is not JSON (it ${what}, character ${this.before + this.at + 1})`);
  }

  private taken(end: number, empty = false): string {
    const value = this.text.slice(this.at, end);
    if (value === '' && !empty) this.fail();
    this.at = end;
    return value;
  }

  private more(): boolean {
    const next = this.pieces.next();
    if (next.done) return false;
    this.before += this.at;
    this.text = this.text.slice(this.at) + next.value;
    this.at = 0;
    return true;
  }
}
