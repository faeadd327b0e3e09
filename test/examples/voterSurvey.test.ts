import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example voterSurvey', () => {
  const run = runExample('voterSurvey');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('voterSurvey', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
    expect(run.output).toContain('The draws pass the checks.');
  });

  it('has the slope of income in Chile by complete, no and partial pooling', () => {
    expect(run.numbers('complete pooling').slice(0, 1)).toEqual([0.1863]);
    expect(run.numbers('no pooling, region N').slice(0, 1)).toEqual([0.5412]);
    // Laplace's estimate of the sd of regions, no standard error, and the posterior mean: five regions leave it open to
    // the right.
    const [, laplace, posterior] = /^tau_region\[Intercept\] +([\d.]+) +- +([\d.]+)/m.exec(run.output)!;
    expect(Number(laplace)).toBe(0.32);
    expect(Number(posterior)).toBeGreaterThan(0.45);
  });

  it('has state shares that err less when poststratified, most in small states, with honest intervals', () => {
    const all = run.numbers('3 to 160');
    const small = run.numbers('3 to 12');
    expect(all[0]! / all[1]!).toBeGreaterThan(1.7);
    expect(small[0]! / small[1]!).toBeGreaterThan(2);
    // 45 of 50 are expected of 90% intervals; Binomial(50, 0.9) has 39 or fewer with probability 1%.
    expect(all[2]).toBeGreaterThan(39);
    expect(all[3]).toBe(50);
  });
});
