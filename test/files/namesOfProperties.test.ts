import { describe, expect, it } from 'vitest';
import { readRun } from '../../diagnostics/reading/readRun.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toDrawsList } from '../../src/files/toDrawsList.ts';
import { toJson } from '../../src/files/toJson.ts';
import { toStanCsv } from '../../src/files/toStanCsv.ts';
import { toWideCsv } from '../../src/files/toWideCsv.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { toArviz } from '../../src/report/toArviz.ts';
import { drawVariables } from '../../src/summary/drawVariables.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { run } from '../cli/testIo.ts';
import { tiny } from '../mcmc/smallFits.ts';

/** Names that every object has of its prototype. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
const size = { chains: 2, warmup: 5, iterations: 8, seed: 1 };

describe.each(NAMES)('a factor named %s', (name) => {
  const { y, x, g } = tiny().data.rows as Record<string, readonly (string | number)[]>;
  const rows = Object.fromEntries([
    ['y', y],
    ['x', x],
    [name, g],
  ]) as Record<string, never>;
  const named = formula(`y ~ x + (1 + x | ${name})`);
  const fit = sampleSync(named, { rows }, size);

  it('is a name like any other: draws and shrinkage are those of the factor g, the fit file is read back', () => {
    const same = sampleSync(formula('y ~ x + (1 + x | g)'), { rows: { y: y!, x: x!, g: g! } }, size);
    expect(fit.draws.values).toEqual(same.draws.values);
    for (const compact of [false, true]) {
      const back = fromJson(toJson(fit, { compact }));
      expect(back.draws.values).toEqual(fit.draws.values);
      expect(shrinkage(back, name)).toEqual({ ...shrinkage(same, 'g'), factor: name });
    }
  });

  it('is read back from every export', () => {
    const want = drawVariables(fit).map((variable) => variable.name);
    for (const source of [toWideCsv(fit), toDrawsList(fit), toStanCsv(fit), toArviz(fit)])
      expect(
        readRun(source)
          .variables.map((variable) => variable.name)
          .sort(),
      ).toEqual([...want].sort());
  });

  it('takes its group table from a file that the command reads', async () => {
    const csv = `y,x,${name}\n${y!.map((_, i) => `${y![i]},${x![i]},${g![i]}`).join('\n')}\n`;
    const files = { 'd.csv': csv, 'g.csv': `${name},w\na,1\nb,2\nc,5\n` };
    const fitted = await run(
      [
        'fit',
        `y ~ x * w + (1 + x | ${name})`,
        '--data',
        'd.csv',
        '--groups',
        `${name}=g.csv`,
        '--out',
        'f.json',
        ...['--warmup', '5', '--iterations', '8', '--chains', '2'],
      ],
      files,
    );
    expect(fitted.stderr).not.toMatch(/partial-pooling fit:/);
    const shrunk = await run(['shrinkage', 'f.json', '--json'], new Map([...fitted.written]));
    expect(JSON.parse(shrunk.stdout)).toMatchObject({ factor: name });
  });
});
