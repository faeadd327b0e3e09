import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example kansas', () => {
  const run = runExample('kansas');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('kansas', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('flips the sign: the pooled slope is negative, the slope within states positive', () => {
    expect(run.numbers('pooled, truth + omitted cause')[2]).toBeLessThan(0);
    expect(run.numbers('between states')[2]).toBeLessThan(0);
    for (const start of [
      'state dummies',
      'varying intercept, REML',
      'within states',
      'varying intercept and the cause',
    ]) {
      expect(Math.abs(run.numbers(start)[2]! - 0.8)).toBeLessThan(0.2);
    }
  });

  it('gives the state dummies and the within slope as one number', () => {
    expect(run.numbers('within states')[2]).toBe(run.numbers('state dummies')[2]);
  });
});
