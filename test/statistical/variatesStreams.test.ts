import { describe, expect, it } from 'vitest';
import { familyWiseFailures } from '../oracle/polyaGammaComparisons.ts';
import { streamComparisons } from './variatesStreams.ts';

// `npm run variates` has a million draws.
describe('the streams of chains', () => {
  it('are independent of each other, and even at their starts', () => {
    const all = streamComparisons(20260706, 40_000).flatMap(({ name, comparisons }) =>
      comparisons.map((comparison) => ({ name, ...comparison })),
    );
    expect(all.length).toBe(21);
    expect(familyWiseFailures(all, 0.01)).toEqual([]);
  });
});
