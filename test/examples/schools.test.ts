import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example schools', () => {
  const run = runExample('schools');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('schools', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what was published', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.output).not.toContain('see below');
    expect(run.status).toBe(0);
  });

  it('has the pooled regression sure of a sector difference that ways 4 and 6 do not tell from zero', () => {
    const way = (start: string): number[] => run.numbers(start);
    const [pooled, pooledSe] = way('1 pooled: mathach ~ ses * sector');
    expect(Math.abs(pooled! / pooledSe!)).toBeGreaterThan(4);
    for (const start of ['4 between schools: meanMath ~ meanSes + sector', "6 multilevel with the schools' mean ses"]) {
      const [level, se] = way(start);
      expect(level).toBeLessThan(0);
      expect(Math.abs(level! / se!)).toBeLessThan(2);
    }
  });

  it('finds a steeper slope in public schools by every way that has slopes, by more than two standard errors', () => {
    const ways = ['1 pooled', '2 a line', '3 two-stage', '5 multilevel', '6 multilevel'];
    for (const start of ways) {
      const [slope, se] = run.numbers(start).slice(-2);
      expect(slope! / se!, start).toBeGreaterThan(2);
    }
  });

  it('lists ten forms, of which the last has the lowest AIC', () => {
    const from = run.output.indexOf('Ten forms');
    const lines = run.output.slice(from).split('\n').slice(4, 14);
    const criteria = lines.map((line) => Number(line.trim().split(/\s+/).at(-1)));
    expect(criteria.every(Number.isFinite)).toBe(true);
    expect(criteria[0]).toBe(Math.max(...criteria));
    expect(criteria[9]).toBe(Math.min(...criteria));
  });

  it('pulls the smallest of the ten schools furthest, and every mean towards 12.60', () => {
    const lines = run.output.split('\n');
    const rows = lines.flatMap((line, at) => {
      const found = /^(\d{4}), (\d+) pupils: mean\s+\S+\s+(\S+)/.exec(line);
      const blup = /pulled (\d+)%\s+\S+\s+(\S+)/.exec(lines[at + 1] ?? '');
      return found && blup
        ? [[found[2], found[3], blup[1], blup[2]].map(Number) as [number, number, number, number]]
        : [];
    });
    expect(rows).toHaveLength(10);
    for (const [, mean, percent, blup] of rows) {
      // The weight is printed in whole percents, the mean of all schools is 12.604676.
      expect(Math.abs((blup - mean) / (12.604676 - mean) - percent / 100)).toBeLessThan(0.00501);
    }
    const smallest = rows.reduce((a, b) => (a[0] < b[0] ? a : b));
    expect(smallest[2]).toBe(Math.max(...rows.map(([, , percent]) => percent)));
  });

  it('has the posterior furthest from REML in an sd, as it says', () => {
    const rows = [...run.output.matchAll(/^((?:beta|tau|corr|sigma)\S*(?: school\)\S*)?).* (-?\d\.\d\d)$/gm)];
    expect(rows).toHaveLength(9);
    const most = rows.reduce((a, b) => (Math.abs(Number(a[2])) > Math.abs(Number(b[2])) ? a : b));
    expect(most[1]).toMatch(/^tau_school/);
  });
});
