import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example radon', () => {
  const run = runExample('radon');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('radon', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what was printed without a stated reason', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('gives the published line of county 2, to a unit in the fourth decimal', () => {
    expect(run.output).toContain('log radon = 0.9334 - 0.7708 floor');
    const printed = -0.7709;
    const ours = run.numbers('ANOKA (2) floor')[0]!;
    expect(Math.abs(ours - printed)).toBeGreaterThan(0.5e-4);
    expect(Math.abs(ours - printed)).toBeLessThan(1.5e-4);
    expect(run.output.match(/see below/g)).toHaveLength(2);
  });

  it('has intercepts and floor effects follow uranium, most of them within one standard error of its line', () => {
    // KOOCHICHING has the least uranium of the counties shown and ROCK the most: houses, log uranium, line, intercept,
    // se, line, floor, se.
    const low = run.numbers('KOOCHICHING');
    const high = run.numbers('ROCK');
    expect(low).toHaveLength(8);
    expect(low[1]).toBeLessThan(high[1]!);
    expect(low[3]).toBeLessThan(high[3]!);
    expect(low[6]).toBeGreaterThan(high[6]!);
    const [intercepts, of, floors] = run.numbers('Within 1 se of the line of uranium:');
    expect(of).toBe(85);
    expect(intercepts).toBeGreaterThan(58);
    expect(floors).toBeGreaterThan(58);
  });

  it('has a posterior near REML, furthest from it in the correlation, which the data hardly tell', () => {
    const [reml, se, posterior, sd] = run.numbers('beta[log_uranium]');
    expect(Math.abs(posterior! - reml!)).toBeLessThan(0.2 * sd!);
    expect(Math.abs(se! - sd!)).toBeLessThan(0.2 * sd!);
    expect(run.output).toContain('They part most at corr_county[Intercept,floor]');
    const [low, high] = run.numbers('90% of the posterior lies between');
    expect(high! - low!).toBeGreaterThan(1);
  });
});
