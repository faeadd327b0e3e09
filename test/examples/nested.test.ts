import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example nested', () => {
  const run = runExample('nested');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('nested', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('recovers the sds of four levels and has 12 districts as the least certain', () => {
    const sds = ['sd district ', 'sd district:school ', 'sd district:school:class ', 'sd Residual '].map(run.numbers);
    expect(sds.map(([truth]) => truth)).toEqual([3, 2, 2, 6]);
    for (const [truth, ours, , allowed] of sds) expect(Math.abs(ours! - truth!)).toBeLessThanOrEqual(allowed! * 1.1);
    expect(sds[0]![3]).toBe(Math.max(...sds.map(([, , , allowed]) => allowed!)));
  });

  it('has the programme look more certain without the level it was given at', () => {
    const [full, without] = run.numbers('Standard error of the programme:');
    expect(full).toBeGreaterThan(1.2 * without!);
  });

  it('prints the figures of lme4 for pastes and for growth in mathematics', () => {
    expect(Math.abs(run.numbers('sd: batch:cask Intercept')[1]! - 2.9041)).toBeLessThan(5.1e-5);
    expect(Math.abs(run.numbers('correlation: school:child Intercept with year')[1]! - 0.551)).toBeLessThan(5.1e-5);
  });
});
