import { describe, expect, it } from 'vitest';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

describe('the example voters', () => {
  const run = runExample('voters');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('voters', run.output)).toEqual([]);
  });

  it('runs to its end, and no number differs from what it should be', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('has all six models side by side: varying slopes predict best, no and complete pooling behind them', () => {
    const lines = run.output.split('\n');
    const first = lines.findIndex((line) => /^model +elpd/.test(line)) + 2;
    const table = lines.slice(first, first + 6).map((line) => line.trim().split(/ +/));
    expect(table.map(([name]) => name).sort()).toEqual([
      'complete',
      'dummies',
      'intercepts',
      'level2',
      'none',
      'slopes',
    ]);
    expect([table[0]![0], table[1]![0]].sort()).toEqual(['level2', 'slopes']);
    expect([table[2]![0], table[5]![0]]).toEqual(['none', 'complete']);
    for (const [, elpd, se, , , looic, looicSe] of table) {
      // looic = -2 elpd, and so is its standard error, to the printed digit.
      expect(Math.abs(Number(looic) + 2 * Number(elpd))).toBeLessThan(0.151);
      expect(Math.abs(Number(looicSe) - 2 * Number(se))).toBeLessThan(0.151);
    }
  });

  it('names the separated states, and estimates them', () => {
    expect(run.output).toContain('5 states have no regression of their own:');
    expect(run.output).toContain('separated in S01: all its 5 outcomes are successes');
    expect(run.output).toContain('separated in S03: none of its 6 outcomes is a success');
  });

  it('errs least by partial pooling in states of any size, and pools less the more voters there are', () => {
    const rows = ['5 to 20', '21 to 100', '101 to 400', '401 to 1500'].map((size) => run.numbers(size));
    expect(rows.reduce((sum, [states]) => sum + states!, 0)).toBe(50);
    for (const [, none, partial, complete] of rows) {
      expect(partial).toBeLessThanOrEqual(none!);
      expect(partial).toBeLessThanOrEqual(complete!);
    }
    const weights = rows.map((row) => row[4]!);
    expect([...weights].sort((a, b) => b - a)).toEqual(weights);
    expect(rows[0]![1]! / rows[0]![2]!).toBeGreaterThan(2);
  });
});
