import { describe, expect, it } from 'vitest';
import { run } from './testIo.ts';

const states = ['a', 'b', 'c', 'd', 'e', 'f'];
const rows = states.flatMap((state, j) =>
  Array.from({ length: 8 }, (_, i) => `${state},${i % 4},${(10 * j + 7 * i) % 13},${(i * 3 + j) % 2}`),
);
const csv = `state,x,y,won\n${rows.join('\n')}\n`;
const sampling = ['--chains', '2', '--warmup', '60', '--iterations', '120'];

describe('loo, kfold and anova', () => {
  it('leave rows and groups out of fits', async () => {
    const fitFile = async (text: string, out: string) =>
      run(['fit', text, '--data', 'd.csv', '--out', out, ...sampling], { 'd.csv': csv });
    const files = {
      'a.json': (await fitFile('y ~ x + (1 | state)', 'a.json')).written.get('a.json')!,
      'b.json': (await fitFile('y ~ 1 + (1 | state)', 'b.json')).written.get('b.json')!,
    };
    const groups = await run(['loo', 'a.json', '--by', 'state'], files);
    expect(groups.status).toBe(0);
    expect(groups.stdout).toContain('Leave-one-out over 6 groups of state, their deviations integrated out');
    const json = JSON.parse((await run(['loo', 'a.json', '--by', 'state', '--json'], files)).stdout);
    expect(json).toMatchObject({ by: 'state', levels: states });
    expect(json.pointwise.elpd).toHaveLength(6);
    const refit = await run(['loo', 'a.json', '--refit', '--workers', 'none', '--json'], files);
    expect(JSON.parse(refit.stdout)).toMatchObject({ by: null, above: [] });
    const both = await run(['loo', 'a.json', 'b.json'], files);
    expect(both.stdout).toContain('A new state: groups of state left out');
    expect(await run(['loo', 'a.json', 'b.json', '--refit'], files)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--refit is of one fit'),
    });
    expect(await run(['loo', 'a.json', '--by', 'county'], files)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"county" is no grouping factor of the model; the model has state'),
    });
  });

  it('say what is unexplained, and which groups matter', async () => {
    const made = await run(['fit', 'y ~ x + (1 | state)', '--data', 'd.csv', '--out', 'a.json', ...sampling], {
      'd.csv': csv,
    });
    const files = { 'a.json': made.written.get('a.json')! };
    const rows = await run(['residuals', 'a.json', '--type', 'pearson', '--rows', '3'], files);
    expect(rows.stdout).toContain('the 3 largest of 48 residuals of type pearson');
    const groups = await run(['residuals', 'a.json', '--factor', 'state', '--json'], files);
    expect(JSON.parse(groups.stdout)).toMatchObject({ level: 2, factor: 'state', rows: [] });
    expect(await run(['residuals', 'a.json', '--type', 'raw'], files)).toMatchObject({ status: 2 });
    const influence = await run(['influence', 'a.json'], files);
    expect(influence.stdout).toMatch(/^state +rows +Cook's distance +k +moves most +from +to +in sds$/m);
    const json = JSON.parse((await run(['influence', 'a.json', '--json'], files)).stdout);
    expect(json).toMatchObject({ factor: 'state', by: 'weights' });
    expect(json.groups).toHaveLength(6);
  });

  it('fit without each part', async () => {
    const words = ['kfold', 'won ~ x + (1 | state)', '--family', 'binomial', '--data', 'd.csv', '--folds', '2'];
    const { status, stdout } = await run([...words, '--by', 'state', ...sampling, '--workers', 'none'], {
      'd.csv': csv,
    });
    expect(status).toBe(0);
    expect(stdout).toContain('2-fold cross-validation over 6 groups of state');
    expect(stdout).toMatch(/^elpd +-\d/m);
  });

  it('set likelihood fits side by side', async () => {
    const words = ['anova', 'y ~ 1 + (1 | state)', 'y ~ x + (1 | state)', '--data', 'd.csv'];
    const { status, stdout } = await run(words, { 'd.csv': csv });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^y ~ x \+ \(1 \| state\) +4 /m);
    const { rows, method } = JSON.parse((await run([...words, '--json'], { 'd.csv': csv })).stdout);
    expect([method, rows[1].test.df]).toEqual(['ML', 1]);
    expect(await run([...words, '--method', 'REML'], { 'd.csv': csv })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('REML fits with different population parts (x)'),
    });
  });
});
