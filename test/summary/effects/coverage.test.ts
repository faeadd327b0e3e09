import { expect, it } from 'vitest';
import { effectsCoverage } from '../../statistical/effectsCoverage.ts';

it('intervals of average marginal effects hold the truth as often as they say, for all three kinds of groups', () => {
  // test/statistical/effectsCoverage.ts runs the same with 500 data sets. Of 40 fewer than 29 intervals of probability
  // .9 hold with probability 4e-4.
  const held = effectsCoverage('ml', 40, 20261128);
  for (const count of Object.values(held)) expect(count).toBeGreaterThanOrEqual(29);
});
