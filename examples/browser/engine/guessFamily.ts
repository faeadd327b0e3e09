import type { FamilySpelling, Frame } from '../../../src/index.ts';

/**
 * The family that the values of a response ask for: two values are yes and no, counted successes say `trials`, rates
 * `exposure`; else numbers.
 */
export function guessFamily(formula: string, frame: Frame): FamilySpelling {
  const response = (formula.split('~')[0] ?? '').trim();
  if (/\|\s*trials\s*\(/.test(response)) return 'binomial';
  if (/\|\s*exposure\s*\(/.test(response)) return 'poisson';
  const column = frame.columns.get(response.replace(/^`(.*)`$/, '$1'));
  if (!column) return 'gaussian';
  const values = new Set<unknown>();
  for (const value of column.values) {
    if (value !== null && !Number.isNaN(value)) values.add(value);
    if (values.size > 2) return 'gaussian';
  }
  const yes = column.kind === 'text' || [...values].every((value) => value === 0 || value === 1);
  return values.size === 2 && yes ? 'binomial' : 'gaussian';
}
