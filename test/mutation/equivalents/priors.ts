import type { Equivalent } from '../equivalent.ts';

export const priors: readonly Equivalent[] = [
  {
    file: 'src/priors/covariancePrior.ts',
    at: 'let sum = 0;',
    from: '0',
    to: '1',
    why: 'a log density up to a constant',
  },
  {
    file: 'src/priors/covariancePrior.ts',
    at: 'let logDeterminant = 0;',
    from: '0',
    to: '1',
    why: 'a log density up to a constant',
  },
  {
    file: 'src/priors/priors.ts',
    at: 'return sd >= prior.low && sd <= prior.high ? 0 : -Infinity;',
    from: '0',
    to: '1',
    why: 'a log density up to a constant',
  },
];
