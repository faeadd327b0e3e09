import { describe, expect, it } from 'vitest';
import { loo } from '../../../diagnostics/loo.ts';
import { formula } from '../../../src/formula/formula.ts';
import { groupLogLikelihood } from '../../../src/summary/comparison/groupLogLikelihood.ts';
import { leaveOneOut } from '../../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../../src/summary/comparison/logLikelihood.ts';
import { faultOf } from '../../faultOf.ts';
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
    const rowNumbers = Array.from({ length: fit.design.n }, (_, i) => i + 1);
    expect(fast).toEqual({ ...slow, by: null, rowNumbers, levels: [] });
    expect(leaveOneOut(fit)).toBe(fast);
  });

  it('by groups is loo of the groups that have rows', () => {
    const fit = syntheticFit(formula('vote ~ 1 + avg + (1 | state)', logit), voters, { iterations: 80 });
    const { by, levels, rowNumbers, pointwise } = leaveOneOut(fit, { by: 'state' });
    expect([by, levels, rowNumbers]).toEqual(['state', ['a', 'b', 'c', 'd'], []]);
    const { values, draws, observations } = groupLogLikelihood(fit, 'state');
    const kept = {
      values: Array.from(values).filter((_, at) => at % observations !== 4),
      draws,
      observations: 4,
      chains: 2,
    };
    expect(pointwise.elpd).toEqual(loo(kept).pointwise.elpd);
  });

  it('refuses what it cannot leave out', () => {
    const fit = syntheticFit(formula('vote ~ 1 + (1 | state)', logit), voters);
    expect(faultOf(() => leaveOneOut(fit, { by: 'county' })).message).toBe(
      '"county" is no grouping factor of the model; the model has state',
    );
    expect(faultOf(() => leaveOneOut(fit, { factor: 'state' } as never)).code).toBe('unknown-option');
  });
});
