import type { Equivalent } from '../equivalent.ts';
import { PAST_END, TOLERANCE } from './reasons.ts';

export const products: readonly Equivalent[] = [
  {
    file: 'src/products/equalRows.ts',
    at: 'return (Math.imul((g << 13) | (g >>> 19), 5) + 0xe6546b64) | 0;',
    from: 'Math.imul((g << 13) | (g >>> 19), 5) + 0xe6546b64',
    to: 'Math.imul((g << 13) | (g >>> 19), 5) - 0xe6546b64',
    why: 'a hash as good: rows of one hash are compared entry by entry',
  },
  {
    file: 'src/products/relativePrecision.ts',
    at: 'const y = blocks[at + 2]!;',
    from: 'at + 2',
    to: '(at + 2) - 1',
    why: 'both triangles of the symmetric blocks are filled: the same number',
  },
  {
    file: 'src/products/equalRows.ts',
    at: 'h = Math.imul(h, 0xc2b2ae35);',
    from: 'h = Math.imul(h, 0xc2b2ae35);',
    to: '',
    why: 'a hash as good: rows of one hash are compared entry by entry',
  },
  {
    file: 'src/products/workingRows.ts',
    at: 'for (let k = 0; k < p; k++) local[at + k]',
    from: 'k < p',
    to: 'k <= p',
    why: PAST_END,
  },
  {
    file: 'src/products/equalRows.ts',
    at: 'else hashIntegers(values, width, hash);',
    from: 'hashIntegers(values, width, hash);',
    to: '',
    why: 'rows of one hash are compared entry by entry: a poorer hash costs time',
  },
  {
    file: 'src/products/equalRows.ts',
    at: 'slot = (slot + 1) & (slots - 1);',
    from: 'slot + 1',
    to: 'slot - 1',
    why: 'the table is searched in the other direction',
  },
  {
    file: 'src/products/groupQr.ts',
    at: 'for (let k = 0; k < q; k += 1) table[at + k]',
    from: 'k < q',
    to: 'k <= q',
    why: 'the entry more is written over by what follows',
  },
  {
    file: 'src/products/equalRows.ts',
    at: 'while (slots < 2 * n) slots *= 2;',
    from: 'slots < 2 * n',
    to: 'slots <= 2 * n',
    why: 'a larger table than needed: rows are found all the same',
  },
  {
    file: 'src/products/referenceFit.ts',
    at: 'for (let i = 0; i < J * q; i++) largest = Math.max(largest, A.blocks[i * q + (i % q)]!);',
    from: 'J * q',
    to: 'J / q',
    why: TOLERANCE,
  },
];
