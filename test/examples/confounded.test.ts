import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example confounded', () => {
  const run = runExample('confounded');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('confounded', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('has least squares at twice the slope, and fixed effects, REML and the within slope near it', () => {
    expect(run.numbers('least squares (se')[2]).toBeGreaterThan(1.5);
    for (const start of ['fixed effects (se', 'random effects, REML (se', 'within students (se']) {
      const ours = run.numbers(start)[2]!;
      expect(ours).toBeGreaterThan(0.68);
      expect(ours).toBeLessThan(0.82);
    }
  });

  it('shows each slope to be the weighted average of the between and the within slope, to the printed digits', () => {
    const weights = ['fixed effects  ', 'random effects, REML  ', 'least squares  '].map((start) => {
      const [weight, between, rest, within, average, fit] = run.numbers(start);
      expect(weight! + rest!).toBeCloseTo(1, 4);
      expect(average).toBeCloseTo(weight! * between! + rest! * within!, 3);
      expect(fit).toBe(average);
      return weight!;
    });
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeGreaterThan(0.005);
    expect(weights[1]).toBeLessThan(0.03);
    expect(weights[2]).toBeGreaterThan(0.5);
  });
});
