import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example crossed', () => {
  const run = runExample('crossed');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('crossed', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('comes nearer to the true countries than their means do, and than a model without areas', () => {
    const [, means, alone, crossed] = run.numbers('Root mean squared error of the');
    expect(crossed).toBeLessThan(0.8 * alone!);
    expect(alone).toBeLessThan(means!);
  });

  it('recovers the sds of countries, areas and the rest', () => {
    for (const start of ['sd country', 'sd area', 'sd Residual']) {
      const [truth, ours, , allowed] = run.numbers(start);
      expect(Math.abs(ours! - truth!)).toBeLessThanOrEqual(allowed! * 1.1);
    }
  });

  it('prints the deviations of the six samples of penicillin as lme4 has them', () => {
    const deviations = ['A', 'B', 'C', 'D', 'E', 'F'].map((sample) => run.numbers(`sample ${sample}, deviation`)[1]!);
    const lme4 = [
      2.1870579700105, -1.01047615070983, 1.93789946709723, -0.0968949733611579, -0.0138421390567384, -3.00374417401602,
    ];
    // Printed to five decimals.
    for (const [k, ours] of deviations.entries()) expect(Math.abs(ours - lme4[k]!)).toBeLessThan(6e-6);
  });
});
