/**
 * How a cell begins that a spreadsheet runs: = and @, tab and carriage return, a sign before what is no number; wide
 * forms too.
 */
const FORMULA = /^[=@\t\r\uff1d\uff20]|^[+\-\uff0b\uff0d](?![\d.,]*(?:[eE][+-]?\d+)?%?$)/u;

/**
 * The text of a cell of CSV that no spreadsheet runs as a formula: an apostrophe stands before one (OWASP, "CSV
 * Injection").
 */
export function formulaGuard(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
