import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example aptitude', () => {
  const run = runExample('aptitude');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('aptitude', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('finds the slope by all three models, by least squares with a standard error more than three times as large', () => {
    const slopes = ['slope, least squares', 'slope, fixed effects', 'slope, random effects'].map((start) => {
      const [se, truth, ours] = run.numbers(start);
      expect(truth).toBe(0.75);
      expect(Math.abs(ours! - 0.75)).toBeLessThan(3 * se!);
      return se!;
    });
    expect(slopes[0]! / slopes[2]!).toBeGreaterThan(3);
  });

  it('puts 92.5% of the variance between students, and shows that 96% is the ratio of sds', () => {
    const [share, ours] = run.numbers('share of variance between students');
    const [ratio, ourRatio] = run.numbers('ratio of sds, student to total');
    expect([share, ratio]).toEqual([0.9245, 0.9615]);
    expect(ourRatio! ** 2).toBeCloseTo(ours!, 3);
  });
});
