import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example simulatedSchools', () => {
  const run = runExample('simulatedSchools');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('simulatedSchools', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  const matrix = (start: string): number[] => run.numbers(start);

  it('orders the variances: BLUPs, then G, then least-squares lines', () => {
    const [blups, G, own] = ['BLUPs, partially pooled', 'G by maximum likelihood', 'least-squares lines'].map(matrix);
    for (const k of [0, 2]) {
      expect(blups![k]).toBeLessThan(G![k]!);
      expect(G![k]).toBeLessThan(own![k]!);
    }
    expect(run.output).toContain('as matrices: yes');
  });

  it('has G at the mean of squared conditional modes and conditional variances, as EM has it', () => {
    const G = matrix('G by maximum likelihood');
    // Four decimals are printed; the optimum is found to better than that.
    matrix('+ mean conditional variance').forEach((value, k) => {
      expect(value).toBeCloseTo(G[k]!, 3);
    });
  });
});
