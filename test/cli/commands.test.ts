import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toDrawsList } from '../../src/files/toDrawsList.ts';
import { toMCMCChains } from '../../src/files/toMCMCChains.ts';
import { toStanCsv } from '../../src/files/toStanCsv.ts';
import { toTidyCsv } from '../../src/files/toTidyCsv.ts';
import { toWideCsv } from '../../src/files/toWideCsv.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfT } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { toArviz } from '../../src/report/toArviz.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { fixef } from '../../src/summary/estimates.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { type Outcome, run } from './testIo.ts';

const csv = readFileSync(new URL('../fixtures/data/sleepstudy.csv', import.meta.url), 'utf8');
const rows = parseCsv(csv, 'sleepstudy.csv');
const text = 'Reaction ~ Days + (1 + Days | Subject)';
// Enough draws that the noise of R-hat stays below its threshold.
const sampling = ['--chains', '2', '--warmup', '200', '--iterations', '1000', '--seed', '7'];
const options = { chains: 2, warmup: 200, iterations: 1000, seed: 7 };
const files = new Map([['sleep.csv', csv]]);
let fitted: Outcome;

const json = (outcome: Outcome): Record<string, unknown> => {
  expect(outcome.stderr).toBe('');
  expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(outcome.stdout) as Record<string, unknown>;
};

/** What JSON makes of a value. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

beforeAll(async () => {
  fitted = await run(['fit', text, '--data', 'sleep.csv', ...sampling, '--out', 'fit.json', '--json'], files);
  files.set('fit.json', fitted.written.get('fit.json')!);
});

describe('fit', () => {
  it('prints one JSON document with summary, check and sampling, and writes the fit', () => {
    const document = json(fitted);
    expect(Object.keys(document)).toEqual(['summary', 'check', 'sampling', 'notes']);
    const fit = sampleSync(formula(text), { rows }, options);
    expect(document['summary']).toEqual(plain(summarize(fit)));
    expect(document['check']).toMatchObject({ ok: true });
    expect(document['sampling']).toMatchObject(options);
    expect(Object.keys(document['sampling'] as object)).toEqual(
      expect.arrayContaining(['warmupSeconds', 'samplingSeconds', 'kernels']),
    );
    expect(fromJson(fitted.written.get('fit.json')!).draws).toEqual(fit.draws);
    expect(fitted.status).toBe(0);
  });

  it('passes on priors, level-2 regressions, group tables and what to do with missing rows', async () => {
    const lines = csv
      .trimEnd()
      .split('\n')
      .map((line, i) => (i === 3 ? line.replace(/^[\d.]+/, 'NA') : line));
    const subjects = [...new Set(lines.slice(1).map((line) => line.split(',').at(-1)))];
    const table = ['Subject,age', ...subjects.map((subject, j) => `${subject},${20 + ((j * 7) % 11)}`)].join('\n');
    const more = { 'sleep.csv': lines.join('\n'), 'subjects.csv': table };
    const argv = ['fit', text, '--data', 'sleep.csv', '--groups', 'Subject=subjects.csv', '--level2', 'Subject: ~ age'];
    const extra = ['--prior', 'sigma ~ half_t(3, 20)', '--missing', 'drop', '--json'];
    const outcome = await run([...argv, ...extra, ...sampling], more);
    expect(outcome.stderr).toBe('1 row was left out for missing values\n');
    const graph = formula(text, { level2: { Subject: '~ age' }, priors: { sigma: halfT(3, 20) } });
    const data = { rows: parseCsv(more['sleep.csv'], 'd'), groups: { Subject: parseCsv(table, 't') } };
    const fit = sampleSync(graph, data, { ...options, missing: 'drop' });
    expect(JSON.parse(outcome.stdout).summary).toEqual(plain(summarize(fit)));
  });

  it('ends with status 3 when the draws are not to be trusted', async () => {
    const short = ['--chains', '2', '--warmup', '0', '--iterations', '8'];
    const outcome = await run(['fit', text, '--data', 'sleep.csv', ...short, '--out', 'short.json', '--json'], files);
    expect(outcome.status).toBe(3);
    expect(json(outcome)['check']).toMatchObject({ ok: false });
    expect(outcome.written.has('short.json')).toBe(true);
  });

  it('draws a progress line on a terminal, leaves it blank at the end, and draws none in a pipe', async () => {
    const terminal = await run(['fit', text, '--data', 'sleep.csv', ...sampling], files, true);
    expect(terminal.stderr).toMatch(/^\rpreparing {2}2 chains *\r(warm-up|sampling) +\d+% {2}2 chains {2}\d+ s left/);
    expect(terminal.stderr).toMatch(/\r +\r$/);
    expect(terminal.stderr).not.toContain('\n');
    const pipe = await run(['fit', text, '--data', 'sleep.csv', ...sampling], files);
    expect(pipe.stderr).toBe('');
    expect(pipe.stdout).toBe(terminal.stdout);
  });

  it('leaves the data out of the file when asked, and then the other commands need them', async () => {
    const argv = ['fit', text, '--data', 'sleep.csv', ...sampling, '--out', 'bare.json', '--no-data'];
    const bare = (await run(argv, files)).written.get('bare.json')!;
    expect(JSON.parse(bare)).not.toHaveProperty('constant_data');
    const held = new Map([...files, ['bare.json', bare]]);
    const refused = await run(['shrinkage', 'bare.json'], held);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/bare\.json.*no data.*--data FILE/);
    const answered = await run(['shrinkage', 'bare.json', '--data', 'sleep.csv', '--json'], held);
    expect(json(answered)).toEqual(json(await run(['shrinkage', 'fit.json', '--json'], files)));
  });
});

describe('summary', () => {
  it('prints the document of fit, without having sampled', async () => {
    const again = await run(['summary', 'fit.json', '--json'], files);
    expect(json(again)).toEqual(json(fitted));
    expect(again.status).toBe(0);
  });

  it('prints the variables asked for, commas inside brackets being part of a name', async () => {
    const outcome = await run(
      ['summary', 'fit.json', '--variables', 'sigma,u_Subject[308,Days],b_Subject[308,Days]', '--json'],
      files,
    );
    const names = (json(outcome)['summary'] as { variable: string }[]).map((row) => row.variable);
    expect(names).toEqual(['sigma', 'u_Subject[308,Days]', 'b_Subject[308,Days]']);
  });

  it('prints text for people, with the deviations of groups left out and counted', async () => {
    const { stdout } = await run(['summary', 'fit.json'], files);
    expect(stdout).toMatch(/beta\[Days\] +10\.\d/);
    expect(stdout).not.toMatch(/^u_Subject\[/m);
    expect(stdout).toMatch(/36 group-level deviations/);
    expect(stdout).toMatch(/The draws pass the checks/);
  });

  it('answers an unknown variable with the nearest names', async () => {
    const outcome = await run(['summary', 'fit.json', '--variables', 'beta[Day]'], files);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toMatch(/beta\[Days\]/);
  });
});

describe('check', () => {
  it('gives the verdict of fit on its file', async () => {
    const outcome = await run(['check', 'fit.json', '--json'], files);
    expect(json(outcome)).toMatchObject({ ok: true });
    expect(outcome.status).toBe(0);
  });

  it('works on a plain CSV of draws with a chain column', async () => {
    const draws = fromJson(files.get('fit.json')!).draws;
    const { offset } = draws.variables.find(({ name }) => name === 'sigma')!;
    const lines = ['chain,sigma,stuck'];
    for (let i = 0; i < 800; i += 1)
      lines.push(`${1 + Math.floor(i / 400)},${draws.values[offset * 800 + i]},${i < 400 ? 1 : i}`);
    const outcome = await run(['check', 'draws.csv', '--json'], { 'draws.csv': lines.join('\n') });
    expect(outcome.status).toBe(3);
    const { findings } = json(outcome) as { findings: { variable: string }[] };
    expect(new Set(findings.map(({ variable }) => variable))).toEqual(new Set(['stuck']));
  });

  it('ends with status 2 on a file that holds no draws', async () => {
    const outcome = await run(['check', 'draws.csv'], { 'draws.csv': 'chain,a\n1,x\n' });
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/"a".*"x"/);
  });
});

describe('shrinkage, predict, compare, ml', () => {
  it('shrinkage prints what the library gives', async () => {
    const document = json(await run(['shrinkage', 'fit.json', '--json'], files));
    expect(document).toEqual(plain(shrinkage(fromJson(files.get('fit.json')!), 'Subject')));
    expect(Object.keys(document)).toEqual(expect.arrayContaining(['factor', 'rows', 'poolingFactor', 'icc']));
    const { stdout } = await run(['shrinkage', 'fit.json', '--term', 'Days', '--top', '3'], files);
    expect(stdout.match(/^\d+ +Days /gm)).toHaveLength(3);
  });

  it('shrinkage refuses a factor or a term that is not there, naming those that are', async () => {
    const factor = await run(['shrinkage', 'fit.json', '--factor', 'subject'], files);
    expect(factor).toMatchObject({ status: 2, stdout: '' });
    expect(factor.stderr).toMatch(/"subject".*Subject/);
    const term = await run(['shrinkage', 'fit.json', '--term', 'days'], files);
    expect(term).toMatchObject({ status: 2, stdout: '' });
    expect(term.stderr).toMatch(/"days".*Days/);
  });

  it('shrinkage says where its intraclass correlation is, there or elsewhere, and has matrix weights on request', async () => {
    const fit = fromJson(files.get('fit.json')!);
    const zero = await run(['shrinkage', 'fit.json'], files);
    expect(zero.stdout).toMatch(/intraclass correlation 0\.\d+ at Days = 0$/m);
    const nine = await run(['shrinkage', 'fit.json', '--at', 'Days=9', '--matrix', '--json'], files);
    expect(json(nine)).toEqual(plain(shrinkage(fit, 'Subject', { at: { Days: 9 }, matrix: true })));
    expect((await run(['shrinkage', 'fit.json', '--matrix'], files)).stdout).toMatch(
      /weight +line Intercept +line Days/,
    );
    for (const [given, said] of [
      ['Days', /--at: got "Days"; accepted is NAME=VALUE/],
      ['days=9', /no varying column of the model reads "days"; they read Days/],
      ['Days=x', /Days/],
    ] as const) {
      const wrong = await run(['shrinkage', 'fit.json', '--at', given], files);
      expect(wrong).toMatchObject({ status: 2, stdout: '' });
      expect(wrong.stderr).toMatch(said);
    }
  });

  it('predict keeps the columns of the input rows and adds mean, sd and quantiles', async () => {
    const newdata = 'note,Days,Subject\nknown,3,308\nnew,3,999\n';
    const held = new Map([...files, ['new.csv', newdata]]);
    const document = json(await run(['predict', 'fit.json', '--newdata', 'new.csv', '--json'], held));
    const fit = fromJson(files.get('fit.json')!);
    const expected = predict(fit, parseCsv(newdata, 'new.csv')).rows;
    expect(document).toEqual({ rows: plain(expected), rowNumbers: [1, 2], notes: [] });
    expect(Object.keys(expected[0]!)).toEqual(['note', 'Days', 'Subject', 'mean', 'sd', 'q5', 'q50', 'q95']);
    const out = await run(['predict', 'fit.json', '--newdata', 'new.csv', '--level', '0.95', '--out', 'p.csv'], held);
    expect(out.written.get('p.csv')).toMatch(/^note,Days,Subject,mean,sd,q2\.5,q50,q97\.5\nknown,3,308,/);
  });

  it('ml prints estimates, criterion, boundary and modes; compare reads its file or fits anew', async () => {
    const ml = await run(['ml', text, '--data', 'sleep.csv', '--out', 'ml.json', '--json'], files);
    const document = json(ml);
    const criterion = ['sigma', 'logLik', 'deviance', 'aic', 'bic'];
    const checked = ['converged', 'curvature', 'identified', 'unidentified', 'optima', 'messages', 'boundary', 'notes'];
    expect(Object.keys(document)).toEqual(['method', 'fixef', 'varCorr', ...criterion, ...checked, 'ranef']);
    expect(document).toMatchObject({ converged: true, identified: true, unidentified: [], optima: 1, messages: [] });
    const library = maximumLikelihood(formula(text), { rows });
    expect(document['fixef']).toMatchObject(plain(fixef(library)) as object[]);
    // lme4's REML criterion of the same model.
    expect(document['deviance']).toBeCloseTo(1743.6283, 3);
    const held = new Map([...files, ['ml.json', ml.written.get('ml.json')!]]);
    const read = json(await run(['compare', 'fit.json', 'ml.json', '--json'], held));
    const anew = json(await run(['compare', 'fit.json', '--method', 'REML', '--json'], files));
    expect(anew).toEqual(plain(compare(fromJson(files.get('fit.json')!), library)));
    expect(read).toEqual(anew);
  });

  it('ml ends with status 3 where not every parameter is identified, in JSON and in text, and says which', async () => {
    // A sum of scores at five times of each of six people, one row a cell: their sds and sigma go together.
    const scores = Array.from({ length: 30 }, (_, i) => `p${i % 6},t${Math.floor(i / 6)},${Math.sin(7 * i * i)}`);
    const held = new Map([['s.csv', ['p,t,y', ...scores].join('\n')]]);
    const model = ['ml', 'y ~ t + (0 + t || p)', '--data', 's.csv'];
    const ml = await run([...model, '--json'], held);
    expect(ml.status).toBe(3);
    const document = JSON.parse(ml.stdout) as { unidentified: { parameters: string[]; message: string }[] };
    const parameters = [...['tt0', 'tt1', 'tt2', 'tt3', 'tt4'].map((term) => `tau_p[${term}]`), 'sigma'];
    expect(document).toMatchObject({
      converged: true,
      identified: false,
      messages: [document.unidentified[0]!.message],
    });
    expect(document.unidentified.map((flat) => flat.parameters)).toEqual([parameters]);
    const text = await run(model, held);
    expect(text.status).toBe(3);
    expect(text.stdout).toContain(`note: ${document.unidentified[0]!.message}`);
  });

  it('ml gives null, with its reason, for a sd that REML does not depend on', async () => {
    const held = new Map([['s.csv', 'g,x,y\na,0,1\na,0,2\na,0,4\nb,1,3\nb,1,5\nb,1,4']]);
    const model = ['ml', 'y ~ x + (1 | g)', '--data', 's.csv'];
    const ml = await run([...model, '--json'], held);
    expect(ml.status).toBe(3);
    const document = JSON.parse(ml.stdout) as { varCorr: object[] };
    expect(document.varCorr[0]).toMatchObject({ factor: 'g', sd: null, reason: 'not identified' });
    const text = await run(model, held);
    expect(text.status).toBe(3);
    expect(text.stdout).not.toMatch(/NaN|undefined/);
  });

  it('compare refuses a file and a method at once, and a file that is no ML fit', async () => {
    const both = await run(['compare', 'fit.json', 'ml.json', '--method', 'ML'], files);
    expect(both).toMatchObject({ status: 2, stdout: '' });
    expect(both.stderr).toMatch(/--method ML and ml\.json/);
    const wrong = await run(['compare', 'fit.json', 'fit.json'], files);
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('describe', () => {
  it('prints the model alone without data, and with data the sizes, the priors in force and the kernels', async () => {
    const alone = await run(['describe', text], files);
    expect(alone).toMatchObject({ status: 0, stderr: '' });
    expect(alone.stdout).toBe(`${describeModel(formula(text))}\n`);
    const whole = await run(['describe', text, '--data', 'sleep.csv', '--kernels', 'gibbs'], files);
    expect(whole.stdout).toBe(`${describeModel(plan(formula(text), { rows }, { kernels: 'gibbs' }))}\n`);
    expect(whole.stdout).toMatch(/n = 180 rows/);
    const document = json(await run(['describe', text, '--data', 'sleep.csv', '--json'], files));
    expect(document['columns']).toEqual(['Intercept', 'Days']);
    expect(Object.keys(document)).toEqual(['description', 'columns', 'kernels', 'notes']);
  });
});

describe('export', () => {
  it.each([
    ['wide', toWideCsv],
    ['tidy', toTidyCsv],
    ['draws-list', toDrawsList],
    ['mcmcchains', toMCMCChains],
  ] as const)('writes the draws as %s', async (format, writer) => {
    const outcome = await run(['export', 'fit.json', '--out', 'd.out', '--format', format], files);
    expect(outcome).toMatchObject({ status: 0, stdout: 'd.out\n', stderr: '' });
    expect(outcome.written.get('d.out')).toBe(writer(fromJson(files.get('fit.json')!)));
  });

  it('writes one Stan CSV per chain, and the coefficients of groups when asked', async () => {
    const argv = ['export', 'fit.json', '--out', 'a.b/draws.csv', '--format', 'stan', '--group-coefficients', '--json'];
    const outcome = await run(argv, files);
    const paths = ['a.b/draws_1.csv', 'a.b/draws_2.csv'];
    expect(json(outcome)).toEqual({ format: 'stan', files: paths });
    const expected = toStanCsv(fromJson(files.get('fit.json')!), { groupCoefficients: true });
    expect(paths.map((path) => outcome.written.get(path))).toEqual(expected);
  });

  it("writes ArviZ' groups, those asked for, and says which there are", async () => {
    const argv = ['export', 'fit.json', '--out', 'a.json', '--format', 'arviz'];
    const outcome = await run([...argv, '--with', 'log_likelihood, posterior_predictive'], files);
    const options = { logLikelihood: true, posteriorPredictive: true };
    expect(outcome.written.get('a.json')).toBe(toArviz(fromJson(files.get('fit.json')!), options));
    const wrong = await run([...argv, '--with', 'loo'], files);
    expect(wrong.stderr).toMatch(/got "loo"; accepted are log_likelihood, posterior_predictive, prior/);
    const wide = await run([...argv.slice(0, 4), '--with', 'prior'], files);
    expect(wide).toMatchObject({ status: 2, stdout: '' });
  });

  it('needs a file to write', async () => {
    const outcome = await run(['export', 'fit.json'], files);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/--out is missing/);
  });
});

describe('files that are no fits', () => {
  it.each([
    ['not JSON', 'hello'],
    ['JSON of something else', '{"a": 1}'],
    ['an array', '[]'],
  ])('%s is refused with the path and status 2', async (_, content) => {
    const outcome = await run(['summary', 'odd.json'], { 'odd.json': content });
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/odd\.json/);
  });

  it('a fit whose draws were changed by hand is refused', async () => {
    const changed = files.get('fit.json')!.replace(/("sigma":\[\[)[\d.]+/, '$199');
    const outcome = await run(['summary', 'fit.json'], { 'fit.json': changed });
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
  });
});
