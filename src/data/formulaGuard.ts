import { printable } from '../input/printable.ts';

/**
 * How a cell begins that a spreadsheet runs: = and @, tab and carriage return, a sign before what is no number; wide
 * forms too.
 */
const FORMULA = /^[=@\t\r\uff1d\uff20]|^[+\-\uff0b\uff0d](?![\d.,]*(?:[eE][+-]?\d+)?%?$)/u;

/**
 * The text of a cell of CSV that no spreadsheet runs as a formula, an apostrophe standing before one (OWASP, "CSV
 * Injection"), and no terminal as a command: control characters are shown (`printable`), but for ends of lines.
 */
export function formulaGuard(text: string): string {
  const shown = text.split('\r\n').map(printable).join('\r\n');
  return FORMULA.test(text) ? `'${shown}` : shown;
}
