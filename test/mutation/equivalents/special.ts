import type { Equivalent } from '../equivalent.ts';
import { SAME_BY_BOTH } from './reasons.ts';

export const special: readonly Equivalent[] = [
  {
    file: 'src/special/distributions.ts',
    at: 'if (h < a + 1) {',
    from: 'h < a + 1',
    to: 'h <= a + 1',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/special/distributions.ts',
    at: 'if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf',
    after: '(a + ',
    from: '1',
    to: '2',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/special/gaussHermite.ts',
    at: 'jacobi[(m - 1) * points + m] = Math.sqrt(m);',
    after: 'jacobi[(',
    from: 'm - 1',
    to: 'm + 1',
    why: 'the eigenvalues are read off the lower triangle, whose entry here the next round writes',
  },
  {
    file: 'src/special/gaussHermite.ts',
    at: 'jacobi[(m - 1) * points + m] = Math.sqrt(m);',
    from: '(m - 1) * points',
    to: '(m - 1) / points',
    why: 'eigenvalues are found from the lower triangle alone',
  },
  {
    file: 'src/special/normalTail.ts',
    at: 'const TAIL = 4;',
    from: '4',
    to: '5',
    why: SAME_BY_BOTH,
  },
];
