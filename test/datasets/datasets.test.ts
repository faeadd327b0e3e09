import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datasetModules } from '../../examples/data/datasets.ts';
import { parseCsv } from '../../src/data/csv.ts';
import { toFrame } from '../../src/data/toFrame.ts';
import { hsb, radon, sleepstudy, voters } from '../../src/datasets/index.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { run } from '../cli/testIo.ts';

describe('the data sets', () => {
  it('are those of the CSV files of the examples', () => {
    for (const [path, source] of datasetModules()) {
      expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), 'npm run datasets writes them').toBe(
        source,
      );
    }
  });

  it('are written as CSV by the command dataset, which reads back to them', async () => {
    for (const [name, table] of Object.entries({ hsb, radon, sleepstudy, voters })) {
      const { status, stdout } = await run(['dataset', name]);
      expect(status).toBe(0);
      const { columns } = parseCsv(stdout);
      for (const [column, { values }] of toFrame(table).columns)
        expect(Array.from(columns.get(column)!.values, String)).toEqual(Array.from(values, String));
      const file = await run(['dataset', name, '--out', 'rows.csv']);
      expect(file.written.get('rows.csv')).toBe(stdout);
    }
    const { stderr, status } = await run(['dataset', 'iris']);
    expect([status, stderr]).toEqual([
      2,
      'partial-pooling dataset: got "iris"; accepted is radon, hsb, sleepstudy, voters\n',
    ]);
  });

  it('are typed columns of equal length that a model takes as they are', () => {
    const counties: readonly string[] = radon.county;
    const floors: readonly number[] = radon.floor;
    expect([counties.length, new Set(counties).size, floors.filter((floor) => floor === 1).length]).toEqual([
      919, 85, 153,
    ]);
    for (const table of [radon, hsb, sleepstudy, voters]) {
      expect(new Set(Object.values(table).map((column) => column.length)).size).toBe(1);
    }
    expect(hsb.school.length).toBe(1977);
    expect(voters.n.reduce((sum, n) => sum + n, 0)).toBe(9978);
    // lme4's REML fit of its own example.
    const fit = maximumLikelihood('Reaction ~ Days + (Days | Subject)', sleepstudy);
    expect(-2 * fit.logLik).toBeCloseTo(1743.6283, 3);
  });

  it('are frozen', () => {
    expect(Object.isFrozen(radon) && Object.isFrozen(radon.floor)).toBe(true);
  });
});
