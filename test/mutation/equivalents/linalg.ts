import type { Equivalent } from '../equivalent.ts';
import { SAME_BY_BOTH, TOLERANCE } from './reasons.ts';

export const linalg: readonly Equivalent[] = [
  {
    file: 'src/linalg/orthogonalise.ts',
    at: 'let mean = 0;',
    from: '0',
    to: '1',
    why: 'any place near a column far from 0 serves to begin with: the passes that follow make the columns orthogonal',
  },
  {
    file: 'src/linalg/orthogonalise.ts',
    at: 'const ROUNDING = 1e-13;',
    from: '1e-13',
    to: '1.1000000000000001e-13',
    why: TOLERANCE,
  },
  {
    file: 'src/linalg/orthogonalise.ts',
    at: 'const constant = k > 0 ?',
    from: 'k > 0',
    to: 'true',
    why: 'without columns there is nothing to centre: the loop over them is empty',
  },
  {
    file: 'src/linalg/symmetricEigen.ts',
    at: 'for (let sweep = 0; sweep < LARGEST_SWEEP; sweep += 1) {',
    from: '0',
    to: '1',
    why: 'a limit that convergence, quadratic, never reaches: a handful of sweeps is enough',
  },
  {
    file: 'src/linalg/symmetricEigen.ts',
    at: 'if (!turned) break;',
    from: 'break;',
    to: '',
    why: 'sweeps that turn nothing leave everything as it is',
  },
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
