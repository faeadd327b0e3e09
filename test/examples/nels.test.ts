import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { simulatedNels } from '../../examples/data/nels.ts';
import { formatCsv, toFrame } from '../../src/index.ts';
import { numbersNotPrinted } from './readmeNumbers.ts';
import { runExample } from './runExample.ts';

const readme = readFileSync(new URL('../../examples/README.md', import.meta.url), 'utf8');

describe('the example nels', () => {
  const run = runExample('nels');

  it('prints every number with decimals that examples/README.md says of it', () => {
    expect(numbersNotPrinted('nels', run.output)).toEqual([]);
  });

  it('runs to its end, and recovers what it simulated from', () => {
    expect(run.output).not.toContain('DIFFERS');
    expect(run.status).toBe(0);
  });

  it('parts from ML as far as examples/README.md says', () => {
    const [, most] = run.numbers('With ');
    expect(readme).toContain(`the posterior lies within ${most!.toFixed(2)} posterior sds of ML`);
  });

  it('simulates 12 974 pupils in 684 schools, none with fewer than 4', () => {
    const { n, columns } = toFrame(simulatedNels(1), 'rows');
    expect(n).toBe(12974);
    const sizes = new Map<number | string | null, number>();
    for (const school of columns.get('school')!.values) sizes.set(school, (sizes.get(school) ?? 0) + 1);
    expect(sizes.size).toBe(684);
    expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(4);
  });

  it('shrinks by hand as the library does, to rounding', () => {
    const [pupils, own, byHand, ours] = run.numbers('Slope of the smallest school').filter((value) => value !== 0);
    expect(pupils).toBeLessThan(10);
    expect(byHand).toBe(ours);
    expect(Math.abs(byHand! - own!)).toBeGreaterThan(0.01);
    expect(run.numbers('By hand and ours differ by')[0]).toBeLessThan(1e-10);
  });

  it('shows that the lines of schools vary far more than schools do', () => {
    const [lines, , ml] = run.numbers('variance of slopes');
    expect(lines).toBeGreaterThan(5 * ml!);
    expect(ml).toBeLessThan(4);
  });

  it('finds that flp takes from the variance of intercepts, and lower levels where flp is high', () => {
    const [without, withFlp] = run.numbers('Variance of intercepts:');
    expect(withFlp).toBeLessThan(0.9 * without!);
    const levels = run.output.split('The line of a school by its free lunch')[1]!.matchAll(/^ +[123] +(\S+) \(/gm);
    const [low, middle, high] = [...levels].map(([, level]) => Number(level));
    expect(low! - high!).toBeGreaterThan(3);
    expect(middle! - (low! + high!) / 2).toBeCloseTo(0, 1);
  });

  it("has the covariance of two pupils of equal ses over their variance as their correlation, x' Sigma x / (x' Sigma x + sigma^2)", () => {
    const [, covariance, , variance, correlation] = run.numbers('0  ');
    // Numbers printed to two decimals.
    expect(covariance! / variance!).toBeCloseTo(correlation!, 3);
  });
});

describe('the example nels with a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nels-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads the file that is named and holds it to the published digits', () => {
    const small = (simulatedNels(2) as { school: number; ses: number; flp: number; mscore2: number }[]).filter(
      ({ school }) => school < 60,
    );
    const rows = small.map(({ school, ses, flp, mscore2 }) => ({ school, ses, flp, mscore: mscore2 }));
    const path = join(folder, 'pupils.csv');
    writeFileSync(path, formatCsv(toFrame(rows, 'rows')));
    const run = runExample('nels', path);
    expect(run.output).toContain(`The data of ${path}`);
    expect(run.output).toContain('DIFFERS');
    expect(run.status).not.toBe(0);
  });
});
