import { describe, expect, it } from 'vitest';
import { loo } from '../../../diagnostics/loo.ts';
import { formula } from '../../../src/formula/formula.ts';
import { leaveOneOut } from '../../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../../src/summary/comparison/logLikelihood.ts';
import { syntheticFit } from '../syntheticFit.ts';
import { herds, voters } from '../voterData.ts';

const logit = { family: 'binomialLogit' } as const;

describe('leaveOneOut', () => {
  it.each([
    [
      '0/1 rows, many of them equal',
      syntheticFit(formula('vote ~ 1 + (1 | state)', logit), voters, { iterations: 80 }),
    ],
    ['counts', syntheticFit(formula('sick | trials(size) ~ period + (1 | herd)', logit), herds, { iterations: 80 })],
    ['gaussian rows', syntheticFit(formula('income ~ vote + (1 | state)'), voters, { iterations: 80 })],
  ])('of %s is loo of the log-likelihood matrix', (_, fit) => {
    const fast = leaveOneOut(fit);
    const slow = loo(logLikelihood(fit));
    expect(fast).toEqual({ ...slow, rowNumbers: Array.from({ length: fit.design.n }, (_, i) => i + 1) });
  });
});
