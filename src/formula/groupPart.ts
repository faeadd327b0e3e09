import type { Term } from './expression.ts';
import { nameText } from './scanner.ts';

/** One varying part of a formula, `(terms | factor)`, with its level-2 regression and the names of its nodes. */
export interface GroupPart {
  /** The grouping factor: columns joined by ':'. */
  readonly factor: string;
  /** What the names of its nodes end in: the factor, and from its second varying part on `_2`, `_3`, ... */
  readonly suffix: string;
  /** The varying terms, the intercept first. */
  readonly terms: readonly Term[];
  readonly structure: 'full' | 'diagonal';
  /** The level-2 terms of each varying term, in the order of `terms`; absent without a level-2 regression. */
  readonly level2?: readonly (readonly Term[])[];
}

/** A grouping factor as it is written in a formula: its columns, in backticks where they need them, joined by ':'. */
export function factorText(factor: string): string {
  return factor.split(':').map(nameText).join(':');
}
