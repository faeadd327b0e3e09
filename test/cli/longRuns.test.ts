import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { killedFit } from './killedFit.ts';
import { run } from './testIo.ts';

const rows = Array.from({ length: 600 }, (_, i) => `${(i % 10) + ((i * 7) % 11) * 0.3},${(i * 37) % 97},g${i % 10}`);
const csv = `y,x,g\n${rows.join('\n')}\n`;
const model = ['y ~ x + (1 + x | g)', '--data', 'd.csv'];

/** A file of a fit without its times, which no two runs share. */
const timeless = (text: string): string => toJson(fromJson(text), { times: false });

describe('chains that are run apart', () => {
  const size = ['--warmup', '60', '--iterations', '40', '--seed', '7', '--json'];
  const files = new Map<string, string>([['d.csv', csv]]);

  it('are joined to the fit of one run, to the byte, in whatever order', async () => {
    const whole = await run(['fit', ...model, ...size, '--chains', '3', '--out', 'whole.json'], files);
    for (const chain of ['1', '2', '3']) {
      const out = `${chain}.json`;
      const part = await run(['fit', ...model, ...size, '--chain', chain, '--of', '3', '--out', out], files);
      files.set(out, part.written.get(out)!);
      const read = fromJson(files.get(out)!);
      expect(read.checkpoints.map((at) => at.chain)).toEqual([Number(chain) - 1]);
    }
    const joined = await run(['combine', '3.json', '1.json', '2.json', '--out', 'all.json', '--json'], files);
    expect(timeless(joined.written.get('all.json')!)).toBe(timeless(whole.written.get('whole.json')!));
    const { summary, check } = JSON.parse(joined.stdout);
    expect({ summary, check }).toEqual((({ summary, check }) => ({ summary, check }))(JSON.parse(whole.stdout)));
    // Two of three are a fit as well, and the third joins them later.
    const two = await run(['combine', '1.json', '3.json', '--out', 'two.json', '--json'], files);
    files.set('two.json', two.written.get('two.json')!);
    expect(two.stderr).toBe('note: chain 2 is not among them, though chain 3 is; a job may have failed\n');
    expect(joined.stderr).toBe('');
    const later = await run(['combine', 'two.json', '2.json', '--out', 'all.json', '--json'], files);
    expect(timeless(later.written.get('all.json')!)).toBe(timeless(whole.written.get('whole.json')!));
  });

  it('are refused where they are not of one run', async () => {
    const part = (out: string, ...more: string[]) => run(['fit', ...model, ...size, ...more, '--out', out], files);
    const other = await part('other.json', '--chain', '2', '--of', '3', '--prior', 'sigma ~ half_t(3, 1)');
    files.set('other.json', other.written.get('other.json')!);
    const said = async (...argv: string[]): Promise<string> => {
      const { status, stderr } = await run(argv, files);
      expect(status).toBe(2);
      return stderr;
    };
    expect(await said('combine', '1.json', 'other.json')).toContain('other.json has another model than 1.json');
    expect(await said('combine', '1.json', '2.json', '1.json')).toContain('chain 1 is in 1.json and in 1.json');
    expect(await said('combine', '1.json', 'none.json')).toContain('none.json cannot be read');
    expect(await said('combine', '1.json', '2.json', '--out', '2.json')).toContain(
      '2.json is a file that is read here',
    );
    expect(await said('fit', ...model, '--chain', '2')).toContain('--chain and --of belong together');
    expect(await said('fit', ...model, '--chain', '4', '--of', '3')).toContain('--chain: got 4; accepted is');
    expect(await said('fit', ...model, '--chain', '1', '--of', '3', '--chains', '3')).toContain('leave --chains out');
  });

  it('are drawn further', async () => {
    const longer = ['--warmup', '60', '--iterations', '70', '--seed', '7', '--json', '--chains', '3'];
    const whole = await run(['fit', ...model, ...longer, '--out', 'whole.json'], files);
    for (const [from, workers] of [
      ['two.json', 'none'],
      ['2.json', '1'],
    ] as const) {
      const out = `long-${from}`;
      const more = await run(
        ['extend', from, '--iterations', '30', '--workers', workers, '--out', out, '--json'],
        files,
      );
      expect([0, 3]).toContain(more.status);
      files.set(out, more.written.get(out)!);
    }
    const all = await run(['combine', 'long-2.json', 'long-two.json', '--out', 'all.json', '--json'], files);
    expect(timeless(all.written.get('all.json')!)).toBe(timeless(whole.written.get('whole.json')!));
  });
});

describe('a fit that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'partial-pooling-killed-'));
  writeFileSync(join(folder, 'd.csv'), csv);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('is resumed to the fit of a run without a cut, to the byte, killed again and again at any moment', async () => {
    const { same, faults } = await killedFit(folder, model, { kills: 4, seed: 20261128 });
    expect(faults).toEqual([]);
    expect(same).toBe(true);
  });

  it('has a checkpoint that is no fit, and a fit is no checkpoint', async () => {
    const ended = await run(['resume', 'whole.json'], { 'whole.json': read('whole.json') });
    expect(ended.stderr).toContain('is a fit that ended, no checkpoint');
    expect((await run(['resume', 'd.csv'], { 'd.csv': csv })).stderr).toContain('is not JSON');
  });
});
