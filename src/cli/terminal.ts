import { printable } from '../input/printable.ts';
import { fitLines } from '../report/fitLines.ts';
import type { Terminal } from './io.ts';

/** Narrower terminals are written to as if they were this wide. */
const NARROWEST = 40;

/** The stream as a terminal, or null for a pipe and for a terminal that says of itself that it is none. */
export function terminalOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Terminal | null {
  if (stream.isTTY !== true) return null;
  const dumb = environment['TERM'] === 'dumb';
  // https://no-color.org: present and not empty.
  const colour = !dumb && (environment['NO_COLOR'] ?? '') === '';
  return { columns: Math.max(NARROWEST, stream.columns ?? 80), colour };
}

const ESCAPE = '\u001b';
/** The three marks of `colouredVerdict`. */
const OWN_MARKS = new RegExp(`(${ESCAPE}\\[(?:1;3[12]|0)m)`);

/** A text that is safe to print; where colour is welcome, the marks of a coloured verdict are left in it. */
export function printableOn(text: string, terminal: Terminal | null | undefined): string {
  if (!terminal?.colour) return printable(text);
  return text
    .split(OWN_MARKS)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');
}

/** Texts whose lines and tables fit the terminal; as they are in a pipe. */
export function fitted(texts: readonly string[], terminal: Terminal | null | undefined): string[] {
  if (!terminal) return [...texts];
  return texts.flatMap((text) => fitLines(text, terminal.columns));
}

/** The lines of a verdict, fitted, the first sentence in green, or in red where it is bad, and bold. */
export function colouredVerdict(text: string, ok: boolean, terminal: Terminal | null | undefined): string[] {
  const [first, ...rest] = text.split('\n');
  const paint = (line: string): string => (terminal?.colour ? `\u001b[1;${ok ? 32 : 31}m${line}\u001b[0m` : line);
  return [...fitted([first!], terminal).map(paint), ...fitted(rest, terminal)];
}
