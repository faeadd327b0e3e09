import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tryWholeFile, writeWholeFile } from '../../src/cli/files/wholeFile.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { loadSeconds } from '../programs.ts';
import { drew, pause, start, worked } from './realProcess.ts';
import { run } from './testIo.ts';

const folder = mkdtempSync(join(tmpdir(), 'partial-pooling-kept-'));
const rows = Array.from({ length: 60 }, (_, i) => `${(i % 10) + ((i * 7) % 11) * 0.3},g${i % 10}`);
const csv = `y,g\n${rows.join('\n')}\n`;
writeFileSync(join(folder, 'd.csv'), csv);
const fit = ['fit', 'y ~ 1 + (1 | g)', '--data', 'd.csv', '--out', 'fit.json'];
// Many rows, few quantities: draws are slow to come and quick to write.
const many = Array.from({ length: 3000 }, (_, i) => `${((i * i) % 31) / 7},${((i * 37) % 997) / 500},g${i % 6}`);
writeFileSync(join(folder, 'many.csv'), `v,x,g\n${many.join('\n')}\n`);
const slow = ['fit', 'v ~ x + (1 | g)', '--family', 'student', '--nu', '4', '--data', 'many.csv', '--out', 'fit.json'];
const endless = [...slow, '--iterations', '10000000', '--chains', '1', '--warmup', '20', '--workers', 'none'];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is written', () => {
  it('takes the place of the old one when it is whole, and not before', () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'old');
    const pieces = function* () {
      yield 'new ';
      expect(readFileSync(path, 'utf8')).toBe('old');
      yield new TextEncoder().encode('text');
    };
    writeWholeFile(path, pieces());
    expect(readFileSync(path, 'utf8')).toBe('new text');
  });

  it('leaves the old one, and nothing beside it, where its pieces fail', () => {
    const path = join(folder, 'b.txt');
    writeFileSync(path, 'old');
    const pieces = function* () {
      yield 'new';
      throw new Error('no more');
    };
    expect(() => writeWholeFile(path, pieces())).toThrow('no more');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('goes where a link leads, and the link stays', () => {
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'there', 'c.txt'), 'old');
    symlinkSync(join('there', 'c.txt'), join(folder, 'link.txt'));
    writeWholeFile(join(folder, 'link.txt'), ['new']);
    expect(readFileSync(join(folder, 'there', 'c.txt'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'there'))).toEqual(['c.txt']);
  });

  it('is tried beforehand without a trace', () => {
    tryWholeFile(join(folder, 'd.txt'));
    expect(readdirSync(folder)).not.toContain('d.txt');
    expect(() => tryWholeFile(join(folder, 'nowhere', 'd.txt'))).toThrow('ENOENT');
    expect(() => tryWholeFile(folder)).toThrow('EISDIR');
  });

  it.each([
    [['predict', 'd.csv', '--out', 'd.csv']],
    [['ml', 'y ~ 1', '--data', 'd.csv', '--out', 'd.csv']],
    [['fit', 'y ~ 1', '--data', 'e.csv', '--groups', 'g=d.csv', '--out', 'd.csv']],
    [['poststratify', 'fit.json', '--newdata', 'd.csv', '--out', 'd.csv']],
    [['export', 'd.csv', '--out', 'd.csv']],
    [['fit', 'y ~ 1', '--reduced', 'd.csv', '--out', 'd.csv']],
    [['fit', 'y ~ 1', '--data', 'duckdb:d.csv', '--out', 'd.csv']],
    [['fit', 'y ~ 1', '--data', 'duckdb:d.csv?table=t', '--out', 'd.csv']],
  ])('is no file that is read: %j', async (argv) => {
    const { status, stderr, written } = await run(argv, { 'd.csv': csv, 'e.csv': csv });
    expect({ status, written: written.size }).toEqual({ status: 2, written: 0 });
    if (argv[0] !== 'export') expect(stderr).toMatch(/--out d\.csv is a file that is read here \(d\.csv\)/);
  });
});

it.each(['checkpoint', 'draws'])('--%s is not the file of --out', async (option) => {
  const argv = ['fit', 'y ~ 1', '--data', 'd.csv', `--${option}`, 'f.json', '--out', 'f.json'];
  const { status, stderr, written } = await run(argv, { 'd.csv': csv });
  expect({ status, written: written.size }).toEqual({ status: 2, written: 0 });
  expect(stderr).toContain(`--${option}: f.json is the file of --out, too; give another one`);
});

describe('a fit that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'by %s is written with what was drawn, and the status is %i',
    async (signal, expected) => {
      // A checkpoint says that there are draws to keep, however slow the machine is to start.
      const checkpoint = join(folder, `${signal}.checkpoint`);
      const { child, ended } = start([...endless, '--checkpoint', checkpoint, '--every', '0.1'], folder);
      await drew(checkpoint);
      child.kill(signal);
      const { status, stdout, stderr } = await ended;
      expect(status).toBe(expected);
      const read = fromJson(readFileSync(join(folder, 'fit.json'), 'utf8'));
      const { iterations } = read.sampling;
      expect(iterations).toBeGreaterThanOrEqual(4);
      expect(stderr).toBe(`note: stopped by ${signal}; the ${iterations} draws of the chain are kept\n`);
      expect(stdout).toContain(`1 chain of ${iterations} draws`);
    },
    180_000,
  );

  it('twice ends at once, and the old file stays', async () => {
    writeFileSync(join(folder, 'fit.json'), 'old');
    const { child, ended } = start(endless, folder);
    await worked(child, loadSeconds() + 0.6);
    child.kill('SIGINT');
    await pause(1);
    child.kill('SIGINT');
    const { status, signal } = await ended;
    // The second may come before the first is heard of: then the process hears of one.
    expect([`${status} ${signal}`]).toEqual([expect.stringMatching(/^(null SIGINT|130 null)$/)]);
    if (status === null) expect(readFileSync(join(folder, 'fit.json'), 'utf8')).toBe('old');
  });

  it('by kill -9 leaves the old file', async () => {
    writeFileSync(join(folder, 'fit.json'), 'old');
    for (const seconds of [0.5 * loadSeconds(), loadSeconds() + 0.2, loadSeconds() + 0.7]) {
      const { child, ended } = start(endless, folder);
      await worked(child, seconds);
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      expect(readFileSync(join(folder, 'fit.json'), 'utf8')).toBe('old');
    }
  });
});

/** Why there is no small disk to fill here; null where there is one. */
const small = mkdtempSync(join(tmpdir(), 'partial-pooling-small-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
const noDisk =
  mounted.status === 0 ? null : `no small disk: ${mounted.error?.message ?? String(mounted.stderr).trim()}`;

afterAll(() => {
  if (noDisk === null) spawnSync('umount', [small]);
  rmSync(small, { recursive: true, force: true });
});

describe(`on a full disk${noDisk === null ? '' : ` (${noDisk})`}`, () => {
  it.skipIf(noDisk !== null)(
    'the old file stays, and the summary is printed',
    async () => {
      const path = join(small, 'fit.json');
      writeFileSync(path, 'old');
      const argv = [...fit.slice(0, -1), path, '--iterations', '500', '--warmup', '100', '--chains', '2', '--json'];
      const { status, stdout, stderr } = await start(argv, folder).ended;
      expect(status).toBe(2);
      expect(JSON.parse(stderr).error.message).toBe(`${path} cannot be written: the disk is full`);
      expect(JSON.parse(stdout).sampling).toMatchObject({ chains: 2, iterations: 500 });
      expect(readFileSync(path, 'utf8')).toBe('old');
      expect(readdirSync(small)).toEqual(['fit.json']);
    },
    60_000,
  );
});
