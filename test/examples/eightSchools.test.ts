import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example eightSchools', () => {
  const run = runExample('eightSchools');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('eightSchools', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('has tau of 0 by ML and REML, and the posterior means of four priors beside the integrals', () => {
    expect(run.numbers('REML: tau')).toEqual([0, 0, 0, 0.00005]);
    const integrals = ['half-Cauchy(2.5)', 'half-Cauchy(5)', 'half-normal(10)', 'uniform(0, 30)'].map((prior) => {
      const [exact, ours] = run.numbers(`${prior}: tau`);
      // The sd of tau is about as large as its mean: 20 000 draws give two digits.
      expect(Math.abs(ours! / exact! - 1)).toBeLessThan(0.06);
      return exact;
    });
    expect(integrals).toEqual([2.5705, 3.6339, 4.8423, 6.4206]);
  });

  it('shows that the prior on tau moves school A, and hardly mu', () => {
    const line = run.output.split('\n').find((text) => text.startsWith('mu is '))!;
    const [muLow, muHigh, low, high, endLow, endHigh] = (line.match(/\d+\.\d/g) ?? []).map(Number);
    expect(muHigh! - muLow!).toBeLessThan(0.5);
    expect(high! - low!).toBeGreaterThan(2);
    expect(endHigh! - endLow!).toBeGreaterThan(8);
  });
});
