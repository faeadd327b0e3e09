import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from './testIo.ts';

const bcg = readFileSync(new URL('../fixtures/data/bcg.csv', import.meta.url), 'utf8');
const files = new Map([
  ['bcg.csv', bcg],
  ['cells.csv', 'acat,era,trial,N\nlow,early,1,10\nlow,late,1,10\nhigh,mid,1,20\n'],
]);
const model = ['yi | se(sei) ~ acat * era + (1 | trial)', '--data', 'bcg.csv'];
const doubled = ['yi | se(sei) ~ ablat + I(2 * ablat) + (1 | trial)', '--data', 'bcg.csv'];
const sampling = ['--chains', '2', '--warmup', '150', '--iterations', '500', '--seed', '3'];
const sentence = 'left out of the population part: acatlow:eramid, as no row has acat "low" with era "early"';
const reason = 'left out: acatlow:eramid depends on acatlow, acatlow:eralate';
const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('the command on a design that is not of full rank', () => {
  it('ml says it in the text, and in the document with null and the reason', async () => {
    const text = await run(['ml', ...model], files);
    expect([text.status, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain(sentence);
    expect(text.stdout).toMatch(/acatlow:eramid +- +- +-/u);
    const json = await run(['ml', ...model, '--json'], files);
    expect([json.status, json.stderr]).toEqual([0, `${sentence}\n`]);
    const document = parse(json.stdout);
    expect((document['fixef'] as unknown[])[5]).toEqual({ term: 'acatlow:eramid', estimate: null, se: null, reason });
    expect(document['rankDeficiency']).toEqual({
      leftOut: true,
      columns: [{ term: 'acatlow:eramid', reason: 'acatlow:eramid depends on acatlow, acatlow:eralate' }],
      cells: ['acat "low" with era "early"'],
      message: sentence,
    });
  });

  it('fit, summary, predict, poststratify and compare do the same', async () => {
    const fit = await run(['fit', ...model, ...sampling, '--out', 'fit.json'], files);
    expect(fit.stderr).toBe('');
    expect(fit.stdout).toContain(sentence);
    expect(fit.stdout).toMatch(/beta\[acatlow:eramid\] +- +-/u);
    const ml = await run(['ml', ...model, '--out', 'ml.json'], files);
    const written = new Map([...files, ...fit.written, ...ml.written]);
    const summary = parse((await run(['summary', 'fit.json', '--json'], written)).stdout);
    const row = (summary['summary'] as Record<string, unknown>[])[5]!;
    expect(row).toMatchObject({ variable: 'beta[acatlow:eramid]', mean: null, rhat: null, essTail: null, reason });
    expect(JSON.stringify(summary)).not.toContain('NaN');
    const chosen = parse((await run(['summary', 'fit.json', '--variables', 'tau_trial', '--json'], written)).stdout);
    expect((chosen['summary'] as unknown[]).length).toBe(1);

    const predicted = await run(['predict', 'fit.json', '--newdata', 'cells.csv'], written);
    expect(predicted.stdout.split('\n')[2]).toMatch(
      /^low +early +1 +10( +-){5} +not estimable: in the fit acatlow:eramid/u,
    );
    expect(predicted.stdout.split('\n')[3]).toMatch(/-$/u);
    const out = await run(['predict', 'fit.json', '--newdata', 'cells.csv', '--out', 'p.csv'], written);
    expect(out.written.get('p.csv')!.split('\n')[1]).toMatch(/^low,early,1,10,NA,NA,NA,NA,NA,"not estimable/u);
    const parts = await run(['poststratify', 'fit.json', '--newdata', 'cells.csv', '--by', 'acat', '--json'], written);
    expect((parse(parts.stdout)['rows'] as unknown[])[1]).toMatchObject({ acat: 'low', N: 20, mean: null });

    for (const other of [['ml.json'], ['--method', 'REML']]) {
      const compared = await run(['compare', 'fit.json', ...other, '--json'], written);
      expect([compared.status, compared.stderr]).toEqual([0, '']);
      expect((parse(compared.stdout)['rows'] as unknown[])[1]).toMatchObject({ parameter: 'beta[acatlow]' });
    }
  });

  it('a fit that priors keep whole is compared with the likelihood all the same', async () => {
    const fit = await run(
      ['fit', ...model, ...sampling, '--prior', 'beta ~ normal(0, 2)', '--out', 'fit.json', '--json'],
      files,
    );
    expect(fit.stderr).toBe(
      'in the population part by their priors, which tell what the rows do not: acatlow:eramid, as no row has acat "low" with era "early"\n',
    );
    expect(parse(fit.stdout)['rankDeficiency']).toMatchObject({ leftOut: false });
    const compared = await run(
      ['compare', 'fit.json', '--method', 'REML', '--json'],
      new Map([...files, ...fit.written]),
    );
    expect((parse(compared.stdout)['rows'] as unknown[])[5]).toMatchObject({
      parameter: 'beta[acatlow:eramid]',
      ml: null,
    });
  });

  it('describe says it, and which columns there are', async () => {
    const { stdout, stderr } = await run(['describe', ...model], files);
    expect(stderr).toBe('');
    expect(stdout).toContain(`p = 5 population-level columns\n  ${sentence}\n`);
    const json = await run(['describe', ...model, '--json'], files);
    expect(json.stderr).toBe(`${sentence}\n`);
    expect(parse(json.stdout)['columns']).toHaveLength(5);
  });

  it.each(['fit', 'ml', 'describe'])(
    '%s offers --rank-deficient drop for columns that depend on others',
    async (command) => {
      const refused = await run([command, ...doubled], files);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain(
        "I(2 * ablat) depends on ablat; leave it out, or pass rankDeficient: 'drop' (--rank-deficient drop) to have I(2 * ablat) left out as lme4 does",
      );
      const more = command === 'fit' ? sampling : [];
      const taken = await run([command, ...doubled, ...more, '--rank-deficient', 'drop'], files);
      expect(taken.stdout).toContain('left out of the population part: I(2 * ablat), as I(2 * ablat) depends on ablat');
      const wrong = await run([command, ...doubled, '--rank-deficient', 'keep'], files);
      expect(wrong.status).toBe(2);
      expect(wrong.stderr).toMatch(/--rank-deficient.*keep.*error.*drop/u);
    },
  );
});
