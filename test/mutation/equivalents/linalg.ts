import type { Equivalent } from '../equivalent.ts';
import { SAME_BY_BOTH } from './reasons.ts';

export const linalg: readonly Equivalent[] = [
  {
    file: 'src/linalg/arrowCholesky.ts',
    at: 'if (q === 1 && columns.length === J * r) {',
    from: 'q === 1 && columns.length === J * r',
    to: 'false',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/linalg/eliminateBlocks.ts',
    at: 'if (columns.length === J * r) return eliminateDense(',
    from: 'return eliminateDense(J, r, blocks, border, corner);',
    to: '',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/linalg/eliminateBlocks.ts',
    at: 'for (; j + 1 < J; j += 2) {',
    after: 'for (; j + ',
    from: '1',
    to: '2',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/linalg/cholesky.ts',
    at: 'if (n >= LARGE) return choleskyLarge(a, n, offset);',
    from: 'n >= LARGE',
    to: 'n > LARGE',
    why: SAME_BY_BOTH,
  },
];
