import type { ModelError } from '../../../src/index.ts';

/** Codes of faults whose place is a column, a factor or an expression of the formula. */
const OF_A_WORD = new Set([
  'bad-call',
  'column-size',
  'constant-column',
  'duplicate-varying',
  'infinite-value',
  'not-a-count',
  'not-finite',
  'not-identified',
  'not-numeric',
  'not-positive',
  'one-level',
  'unknown-column',
]);

const WORD = /[\w.]/;

/** The part of a formula that an error is about, from an index to the one after it; null where it is of no part. */
export function faultPlace(formula: string, { code, where, position }: ModelError): readonly [number, number] | null {
  if (position !== null) {
    let to = Math.min(position, formula.length);
    while (WORD.test(formula[to] ?? '')) to += 1;
    // At the end of the formula the place is after its last sign.
    return [Math.min(position, formula.length), Math.max(to, position + 1)];
  }
  if (!OF_A_WORD.has(code) || where === '') return null;
  for (let at = formula.indexOf(where); at >= 0; at = formula.indexOf(where, at + 1)) {
    const end = at + where.length;
    if (!WORD.test(formula[at - 1] ?? '') && !WORD.test(formula[end] ?? '')) return [at, end];
  }
  return null;
}
