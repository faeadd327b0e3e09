import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { fixef } from '../../src/summary/estimates.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { odds } from '../../src/summary/prediction/odds.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { type Outcome, run } from './testIo.ts';

/** Sixty voters in six states; in state s5 all vote alike. */
const rows = ['vote,x,state,n,yes,kind,half'];
for (let i = 0; i < 60; i += 1) {
  const j = i % 6;
  const x = ((i * 7) % 11) / 5 - 1;
  const vote = j === 5 || (i * 13) % 10 < 3 + j ? 1 : 0;
  rows.push(`${vote},${x},s${j},${2 + (i % 3)},${vote},${vote ? 'R' : 'D'},${vote / 2}`);
}
const data = `${rows.join('\n')}\n`;
const cells = 'state,x,N\ns0,-1,100\ns0,1,300\ns3,0,50\n';
const text = 'vote ~ x + (1 | state)';
const binomial = ['--family', 'binomial'];
const short = ['--chains', '2', '--warmup', '150', '--iterations', '250', '--seed', '5'];
const files = new Map([
  ['d.csv', data],
  ['cells.csv', cells],
]);
let fitted: Outcome;

const json = (outcome: Outcome): Record<string, unknown> => {
  expect(outcome.stderr).toBe('');
  return JSON.parse(outcome.stdout) as Record<string, unknown>;
};
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const read = () => fromJson(files.get('fit.json')!);

beforeAll(async () => {
  fitted = await run(['fit', text, '--data', 'd.csv', ...binomial, ...short, '--out', 'fit.json', '--json'], files);
  files.set('fit.json', fitted.written.get('fit.json')!);
});

describe('a binomial model on the command line', () => {
  it('is fitted, has no residual sd, and its file is read by the other commands', async () => {
    const names = (json(fitted)['summary'] as { variable: string }[]).map((row) => row.variable);
    expect(names.slice(0, 3)).toEqual(['beta[Intercept]', 'beta[x]', 'tau_state[Intercept]']);
    expect(names).not.toContain('sigma');
    const again = await run(['summary', 'fit.json', '--json'], files);
    expect(json(again)).toEqual(json(fitted));
    expect(read().design.response).toMatchObject({ family: 'binomialLogit', successLevel: '1' });
  });

  it('is described with its family, its link and which value is success', async () => {
    const { stdout, status } = await run(['describe', text, '--data', 'd.csv', ...binomial], files);
    expect(status).toBe(0);
    expect(stdout).toMatch(/vote: binomial, logit link; success is 1, failure 0; one trial a row; \d+ of 60 are/);
    const levels = await run(['describe', 'kind ~ x', '--data', 'd.csv', '--family', 'probit'], files);
    expect(levels.stdout).toMatch(/kind: bernoulli, probit link; success is R, failure D/);
  });

  it('has odds ratios in its summary', async () => {
    const document = json(await run(['summary', 'fit.json', '--odds', '--json'], files));
    expect(document).toEqual({ odds: plain(odds(read())) });
    expect((await run(['summary', 'fit.json', '--odds'], files)).stdout).toMatch(/^x +odds ratio +\d/m);
  });

  it('is predicted as probabilities, linear predictors, odds and responses', async () => {
    for (const kind of ['mean', 'linear', 'odds', 'response'] as const) {
      const document = json(
        await run(['predict', 'fit.json', '--newdata', 'cells.csv', '--kind', kind, '--json'], files),
      );
      const { rows, rowNumbers, notes } = predict(read(), parseCsv(cells, 'c'), { kind });
      expect(document).toEqual({ rows: plain(rows), rowNumbers, notes });
    }
  });

  it('is poststratified, whole and by parts, as text, JSON and CSV', async () => {
    const argv = ['poststratify', 'fit.json', '--newdata', 'cells.csv'];
    const document = json(await run([...argv, '--by', 'state', '--json'], files));
    expect(document).toEqual({
      rows: plain(poststratify(read(), parseCsv(cells, 'c'), { by: 'state' }).rows),
      notes: [],
    });
    expect((document['rows'] as object[]).map((row) => Object.keys(row))[0]).toEqual([
      'state',
      'N',
      'mean',
      'sd',
      'q5',
      'q50',
      'q95',
    ]);
    const total = json(await run([...argv, '--kind', 'total', '--json'], files));
    expect(total).toMatchObject({ rows: plain(poststratify(read(), parseCsv(cells, 'c'), { kind: 'total' }).rows) });
    const withMean = cells.replace('N\n', 'N,mean\n').replace(/(\d)\n/gu, '$1,5\n');
    const named = await run([...argv, '--by', 'mean'], new Map([...files, ['cells.csv', withMean]]));
    expect(named.stdout).toMatch(/^cells\[mean\] +N +mean +sd +q5 +q50 +q95\n-+.*\n +5 +\d+ +0\.\d/);
    expect(named.stderr).toMatch(/"mean" of the cells is called like a column of the answer, and stands there as/);
    const written = await run([...argv, '--by', 'state', '--out', 'p.csv'], files);
    expect(written.written.get('p.csv')).toMatch(/^state,N,mean,sd,q5,q50,q95\ns0,400,0\.\d/);
    expect((await run([...argv, '--by', 'state'], files)).stdout).toMatch(/^s3 +50 +0\.\d/m);
  });

  it('has shrinkage with no infinite estimates', async () => {
    const outcome = await run(['shrinkage', 'fit.json', '--json'], files);
    expect(json(outcome)).toEqual(plain(shrinkage(read(), 'state')));
    expect((await run(['shrinkage', 'fit.json'], files)).stdout).toMatch(
      /no estimate without pooling \(-\): separated in s5: all its 10 outcomes are successes/,
    );
  });

  it('is fitted by maximum likelihood, and compare sets it beside by the method of its family', async () => {
    const ml = json(await run(['ml', text, '--data', 'd.csv', ...binomial, '--json'], files));
    const library = maximumLikelihood(formula(text, { family: 'binomial' }), { rows: parseCsv(data, 'd') });
    expect(ml['method']).toBe('laplace');
    expect(ml['fixef']).toMatchObject(plain(fixef(library)) as object[]);
    const agq = json(
      await run(['ml', text, '--data', 'd.csv', ...binomial, '--method', 'agq', '--points', '5', '--json'], files),
    );
    expect(agq['method']).toBe('agq');
    expect(json(await run(['compare', 'fit.json', '--json'], files))['method']).toBe('laplace');
  });
});

interface Case {
  readonly fault: string;
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const fitting = (formulaText: string, ...rest: string[]): string[] => [
  'fit',
  formulaText,
  '--data',
  'd.csv',
  ...binomial,
  ...rest,
];
/** The data with one cell replaced: row (0-based) and column. */
const cell = (row: number, column: number, value: string): string => {
  const lines = data.split('\n');
  const fields = lines[row + 1]!.split(',');
  fields[column] = value;
  lines[row + 1] = fields.join(',');
  return lines.join('\n');
};
const separated = ['y,x,g', '0,1,a', '0,2,b', '0,3,a', '1,4,b', '1,5,a', '1,6,b'].join('\n');
const post = ['poststratify', 'fit.json', '--newdata', 'c.csv'];

const cases: readonly Case[] = [
  {
    fault: 'a response other than 0 and 1',
    argv: fitting(text),
    files: { 'd.csv': cell(4, 0, '2') },
    says: /response vote has the numbers 0, 1, 2 \(2 first in row 5 of rows\); a binary response is 0 and 1/,
  },
  {
    fault: 'a response of three levels',
    argv: fitting('kind ~ x'),
    files: { 'd.csv': cell(4, 5, 'I') },
    says: /response kind has the 3 levels "D", "I", "R"/,
  },
  {
    fault: 'successes above trials',
    argv: fitting('yes | trials(n) ~ x'),
    files: { 'd.csv': cell(2, 4, '9') },
    says: /response yes is 9 in row 3 of rows and its number of trials n is 4; successes may not exceed trials/,
  },
  {
    fault: 'fractional trials',
    argv: fitting('yes | trials(n) ~ x'),
    files: { 'd.csv': cell(2, 3, '4.5') },
    says: /number of trials n is 4\.5 in row 3 of rows; every number of trials must be a whole number of 1 or more/,
  },
  {
    fault: 'zero trials',
    argv: fitting('yes | trials(n) ~ x'),
    files: { 'd.csv': cell(2, 3, '0') },
    says: /number of trials n is 0 in row 3 of rows; .* whole number of 1 or more/,
  },
  {
    fault: 'fractional successes',
    argv: fitting('half | trials(n) ~ x'),
    says: /response half is 0\.5 in row \d+ of rows; .* whole number of 0 or more/,
  },
  {
    fault: 'complete separation with flat priors',
    argv: fitting('y ~ x + (1 | g)', '--prior', 'beta ~ flat()'),
    files: { 'd.csv': separated },
    says: /response y: x predicts every response without error \(complete separation\).* give beta\[x\] a proper prior such as normal\(0, 2\.5\)/,
  },
  {
    fault: 'a prior for a residual sd',
    argv: fitting(text, '--prior', 'sigma ~ half_t(3, 1)'),
    says: /sigma/,
  },
  {
    fault: 'a family that is not known',
    argv: [...fitting(text).slice(0, 4), '--family', 'tweedie'],
    says: /"tweedie".*"binomial".*"probit"/,
  },
  {
    fault: 'a criterion of gaussian models',
    argv: ['ml', ...fitting(text).slice(1), '--method', 'REML'],
    says: /'REML'.*'laplace' and 'agq'/,
  },
  {
    fault: 'an unknown group among the cells',
    argv: post,
    files: { 'c.csv': cells.replace('s3', 's9') },
    says: /state "s9" in cells is no group of the fit/,
  },
  {
    fault: 'a missing predictor among the cells',
    argv: post,
    files: { 'c.csv': cells.replace('state,x,N', 'state,z,N') },
    says: /column "x" is not in cells \(state, z, N\)/,
  },
  {
    fault: 'a missing value of a predictor among the cells',
    argv: post,
    files: { 'c.csv': cells.replace('s3,0', 's3,NA') },
    says: /rows of cells have missing values, the first in row 3 \(x in 1\)/,
  },
  {
    fault: 'cells without sizes',
    argv: post,
    files: { 'c.csv': cells.replace('N', 'M') },
    says: /cells has no column "N" with the number of people in each cell/,
  },
  {
    fault: 'parts by a column that is nowhere',
    argv: [...post, '--by', 'region'],
    files: { 'c.csv': cells },
    says: /"region"/,
  },
  { fault: 'no cells', argv: ['poststratify', 'fit.json'], says: /--newdata is missing/ },
  {
    fault: 'zero trials of a new row',
    argv: ['predict', 'counts.json', '--newdata', 'c.csv', '--kind', 'response'],
    files: { 'c.csv': 'x,n\n0,0\n' },
    says: /number of trials n is 0 in row 1 of newdata/,
  },
];

describe('wrong input to a binomial model', () => {
  beforeAll(async () => {
    const argv = ['fit', 'yes | trials(n) ~ x', '--data', 'd.csv', ...binomial, ...short, '--out', 'counts.json'];
    files.set('counts.json', (await run(argv, files)).written.get('counts.json')!);
  });

  it.each(cases)('$fault is answered by one sentence and status 2', async ({ argv, files: changed, says }) => {
    const outcome = await run(argv, new Map([...files, ...Object.entries(changed ?? {})]));
    expect({ ...outcome, written: outcome.written.size }).toMatchObject({ status: 2, stdout: '', written: 0 });
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).toMatch(/^partial-pooling \w+: [^\n]+\n$/);
    expect(outcome.stderr).not.toMatch(/undefined|\[object|NaN|\bat .*\.ts:/);
  });
});
