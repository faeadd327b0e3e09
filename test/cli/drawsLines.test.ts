import { execFileSync, spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { check as checkDraws } from '../../diagnostics/check.ts';
import { readDrawsLines } from '../../diagnostics/reading/drawsLines.ts';
import { readRun } from '../../diagnostics/reading/readRun.ts';
import { drawsHeader, drawsLines } from '../../src/files/drawsLines.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { createRng } from '../../src/random/rng.ts';
import { extend } from '../../src/run/extend.ts';
import type { RunOptions } from '../../src/run/runChains.ts';
import { sample } from '../../src/run/sample.ts';
import { drawVariables } from '../../src/summary/drawVariables.ts';
import { run } from './testIo.ts';

const rng = createRng([20261128, 4]);
const table = Array.from({ length: 60 }, (_, i) => ({ y: (i % 7) + rng.normal(), x: rng.normal(), g: `g,"${i % 7}` }));
const csv = `y,x,g\n${table.map(({ y, x, g }) => `${y},${x},"${g.replace('"', '""')}"`).join('\n')}\n`;
const model = 'y ~ x + (1 + x | g)';
const size = { chains: 3, warmup: 30, iterations: 50, seed: 4 };

/** What a file of draws would hold. */
function lines(): { readonly options: Pick<RunOptions, 'onDraws'>; text(): string } {
  const parts: string[] = [];
  return {
    options: {
      onDraws(drawn) {
        if (parts.length === 0) parts.push(drawsHeader(drawn));
        parts.push(...drawsLines(drawn));
      },
    },
    text: () => parts.join(''),
  };
}

/** The draws of a text as a plain object, by name. */
const drawsOf = (text: string): Record<string, number[][]> =>
  Object.fromEntries(
    readDrawsLines([text]).variables.map(({ name, chains }) => [name, chains.map((chain) => Array.from(chain))]),
  );

describe('lines of draws', async () => {
  const fit = await sample(model, table, { ...size, workers: false });
  const want = Object.fromEntries(
    drawVariables(fit).map(({ name, chains }) => [name, chains.map((chain) => Array.from(chain))]),
  );
  const whole = lines();
  await sample(model, table, { ...size, workers: false, ...whole.options });

  it('are all draws to the bit, whatever is kept of them', async () => {
    expect(drawsOf(whole.text())).toEqual(want);
    const less = lines();
    const kept = await sample(model, table, { ...size, workers: false, ...less.options, keep: { u_g: false } });
    expect(less.text()).toBe(whole.text());
    expect(kept.draws.variables.map(({ name }) => name)).toEqual(['beta', 'tau_g', 'corr_g', 'sigma']);
    expect(kept.draws.values).toEqual(
      (await sample(model, table, { ...size, workers: false, keep: { u_g: false } })).draws.values,
    );
  });

  it('are the same text in workers, and after a break the rest of it', async () => {
    const apart = lines();
    await sample(model, table, { ...size, workers: 2, ...apart.options, keep: { u_g: 'summary' } });
    expect(apart.text()).toBe(whole.text());
    const short = await sample(model, table, { ...size, iterations: 20, workers: false });
    const rest = lines();
    await extend(short, 30, { workers: false, ...rest.options });
    const below = (text: string, count: number): string[] => text.split('\n').slice(count);
    expect(below(rest.text(), 1)).toEqual(below(whole.text(), 61));
  });

  it('are each n-th draw of a fit that is thinned', async () => {
    const thin = lines();
    const thinned = await sample(model, table, { ...size, thin: 3, workers: false, ...thin.options });
    expect(drawsOf(thin.text())['sigma']).toEqual(
      want['sigma']!.map((chain) => chain.filter((_, s) => (s + 1) % 3 === 0)),
    );
    expect(thinned.draws.iterations).toBe(16);
  });

  it('are read in pieces of any length', () => {
    const text = whole.text();
    for (const length of [1, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
        text.slice(i * length, (i + 1) * length),
      );
      expect(readDrawsLines(pieces)).toEqual(readRun(text));
    }
  });

  it('have the verdict of the draws of the fit', () => {
    expect(checkDraws(readRun(whole.text()).variables)).toEqual(checkDraws(drawVariables(fit)));
  });

  it('are refused where they were cut off or changed', () => {
    const text = whole.text();
    const all = text.split('\n');
    const fault = (changed: string): string => {
      try {
        readDrawsLines([changed]);
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing';
    };
    expect(fault(text.slice(0, -20))).toBe('line 151 of the draws is no JSON object: the file was cut off or changed');
    expect(fault(all.slice(0, 150).join('\n'))).toContain('chain 3 has 49 draws and chain 1 has 50');
    expect(fault([...all.slice(0, 151), all[150]].join('\n'))).toContain('is a draw too many; line 1 says 50 a chain');
    expect(fault(`${all[0]}\n${all[1]!.replace('"chain":1', '"chain":"1"')}`)).toContain('has no number of a chain');
    expect(fault(`${all[0]}\n${all[1]!.replace(/"beta":\[/, '"beta":[1,')}`)).toContain('"beta" in the dimensions');
    expect(fault(`${all[0]}\n${all[1]!.replace(/"sigma":[^}]*/, '"sigma":null')}`)).toContain('no number where one of');
    expect(fault(all[0]!)).toContain('no draws after its first line');
    expect(fault(text.replace('"version":1', '"version":2'))).toContain('line 1 of the draws is not that of lines');
  });

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)('are read by another program line by line', () => {
    const script =
      'import sys, json\nd = [json.loads(l) for l in sys.stdin]\nprint(json.dumps([[r["sigma"] for r in d[1:] if r["chain"] == c] for c in (1, 2, 3)]))';
    const read = execFileSync('python3', ['-c', script], { input: whole.text(), encoding: 'utf8' });
    expect(JSON.parse(read)).toEqual(want['sigma']);
  });
});

describe('fit --draws', () => {
  const options = ['--data', 'd.csv', '--chains', '3', '--warmup', '30', '--iterations', '50', '--seed', '4'];

  it('writes them beside the fit, packed or not, and check reads them', async () => {
    const files = { 'd.csv': csv };
    const keep = ['--keep', 'u_g=summary', '--draws'];
    const plain = await run(['fit', model, ...options, ...keep, 'd.ndjson', '--out', 'f.json', '--json'], files);
    const text = plain.written.get('d.ndjson')!;
    expect(text.split('\n').length).toBe(152);
    expect(fromJson(plain.written.get('f.json')!).sampling.keep).toEqual({ u_g: 'summary' });
    const packed = await run(['fit', model, ...options, ...keep, 'd.ndjson.gz', '--json'], files);
    const bytes = Buffer.from(packed.written.get('d.ndjson.gz')!, 'latin1');
    expect(gunzipSync(bytes).toString()).toBe(text);
    const verdict = async (file: string | Uint8Array): Promise<unknown> =>
      JSON.parse((await run(['check', 'draws', '--json'], { draws: file })).stdout);
    const want = JSON.parse(JSON.stringify(checkDraws(readRun(text).variables)));
    expect(await verdict(text)).toEqual(want);
    expect(await verdict(bytes)).toEqual(want);
    expect(JSON.parse((await run(['check', '-', '--json'], { '-': text })).stdout)).toEqual(want);
  });

  it.each([
    [['--draws', 'd.csv'], /--draws d\.csv is a file that is read here/],
    [['--draws', 'f.json', '--out', 'f.json'], /--draws: f\.json is the file of --out, too/],
    [['--draws', 'd.ndjson', '--checkpoint', 'c'], /a file of draws cannot go on from a checkpoint/],
    [['--keep', 'u_h=summary'], /keep: "u_h" is no variable of deviations, .*; accepted are u_g/],
    [['--keep', 'u_g=median'], /--keep: got "u_g=median"; accepted is VARIABLE=draws, =summary or =none/],
    [['--keep', 'u_g=none', '--keep', 'u_g=draws'], /--keep: "u_g" is given twice/],
    [['--thin', '0'], /thin: got 0; accepted is a whole number from 1/],
    [['--memory', '0'], /memory: got 0; accepted is a positive finite number/],
    [['--memory', '0.00001'], /need 0\.\d+ GB of memory, more than the limit of 0\.00001 GB/],
  ])('refuses %j in one sentence', async (more, sentence) => {
    const { status, stderr } = await run(['fit', model, ...options, ...more], { 'd.csv': csv });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n').length).toBe(1);
    expect(status).toBe(2);
  });

  it('has the answers of a fit of summaries by its commands', async () => {
    const out = ['--keep', 'u_g=summary', '--thin', '2', '--out', 'f.json', '--json'];
    const fitted = await run(['fit', model, ...options, ...out], { 'd.csv': csv });
    const { summary } = JSON.parse(fitted.stdout) as { summary: Record<string, unknown>[] };
    const row = summary.find(({ variable }) => variable === 'u_g[g,"1,x]')!;
    expect(row['essBulk']).toBeNull();
    expect(row['reason']).toContain('a running summary is kept in place of the draws');
    const files = {
      'f.json': fitted.written.get('f.json')!,
      'new.csv': 'x,g\n1,new\n',
      'known.csv': 'x,g\n1,"g,""1"\n',
    };
    for (const argv of [['shrinkage'], ['summary'], ['check'], ['predict', '--newdata', 'new.csv']]) {
      const [name, ...more] = argv;
      expect((await run([name!, 'f.json', ...more], files)).stderr).toBe('');
    }
    const known = await run(['predict', 'f.json', '--newdata', 'known.csv'], files);
    expect(known.status).toBe(2);
    expect(known.stderr).toContain('this needs the draws of u_g, of which this fit keeps a summary');
  });
});
