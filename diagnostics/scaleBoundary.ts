import { type Finding, number, numberBeside } from './finding.ts';
import type { PooledDraws } from './pooledDraws.ts';
import { quantileOf } from './quantile.ts';

/**
 * A density that is flat from zero to its median puts 5% of the draws below a tenth of the median; half of that is the
 * threshold.
 */
const PILED_UP = 0.025;

/**
 * Findings on the draws of an sd near its boundary: a negative draw is a problem; more than 2.5% of the draws below a
 * tenth of the median is a note that zero is not excluded, for then the density next to zero is more than half of the
 * mean density up to the median.
 */
export function boundaryFindings(draws: PooledDraws, variable: string): Finding[] {
  const sorted = draws.sorted();
  if (sorted[0]! < 0) {
    const value = sorted[0]!;
    return [
      {
        variable,
        code: 'negativeScale',
        severity: 'problem',
        message: `${variable}: its smallest draw is ${number(value)}, below 0, the least an sd can be. It is not an sd (remove the hint), or the sampler leaves the support.`,
        value,
        threshold: 0,
      },
    ];
  }
  const median = quantileOf(draws, 0.5);
  let below = 0;
  while (below < draws.size && sorted[below]! <= median / 10) below++;
  const value = below / draws.size;
  if (value <= PILED_UP) return [];
  return [
    {
      variable,
      code: 'boundary',
      severity: 'note',
      message: `${variable}: ${numberBeside(100 * value, 100 * PILED_UP)}% of its draws lie below a tenth of its median ${number(median)}, above ${100 * PILED_UP}% (a density flat down to zero gives 5%): the data do not tell this sd from zero. Report an upper bound rather than a central interval, try how far the answer depends on its prior, and do not be surprised by an ML or REML estimate of zero.`,
      value,
      threshold: PILED_UP,
    },
  ];
}
