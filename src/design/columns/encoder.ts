import type { Expression } from '../../formula/expression.ts';
import type { AtomEncoding } from '../design.ts';
import type { ColumnSource } from './columnSource.ts';

/** Gives the data-dependent constants of an expression, keyed by its canonical text. */
export interface Encoder {
  encode<K extends AtomEncoding['kind']>(expression: Expression, source: ColumnSource, ...kinds: K[]): OfKind<K>;
}

export type OfKind<K extends AtomEncoding['kind']> = Extract<AtomEncoding, { kind: K }>;
