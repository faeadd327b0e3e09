import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { cliArguments } from '../programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'partial-pooling-cli-'));
const rows = Array.from({ length: 60 }, (_, i) => `${(i % 10) + ((i * 7) % 11) * 0.3},g${i % 10}`);
writeFileSync(join(folder, 'd.csv'), `y,g\n${rows.join('\n')}\n`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The real process, through a shell. */
function shell(line: string): { status: number | null; stdout: string; stderr: string } {
  const words = [process.execPath, ...cliArguments()].map((word) => `"${word}"`);
  const command = line.replaceAll('partial-pooling', words.join(' '));
  return spawnSync('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, encoding: 'utf8' });
}

describe('the process', () => {
  it('writes one JSON document to standard output, a file, and exits with the status', () => {
    const { status, stdout, stderr } = shell(
      'partial-pooling fit "y ~ 1 + (1 | g)" --data d.csv --out fit.json --json',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout).check.ok).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'fit.json'), 'utf8'))).toHaveProperty('partial_pooling');
  });

  it('reads standard input, and a reader that closes the pipe is no fault', () => {
    const line = 'cat fit.json | partial-pooling summary - --variables u_g --json | head -c 20';
    const { status, stdout, stderr } = shell(line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toHaveLength(20);
  });

  it('reads tables from a file, a slow pipe and gzip, of more than one piece', () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `${i % 17},${(i * 3) % 101},00${i % 4}`);
    writeFileSync(join(folder, 'long.csv'), `y,x,g\n${lines.join('\n')}\n`);
    const ways = [
      'partial-pooling describe --data long.csv --json',
      '(head -c 100000 long.csv; sleep 0.2; tail -c +100001 long.csv) | partial-pooling describe --data - --json',
      'gzip -c long.csv | partial-pooling describe --data - --json',
    ];
    for (const way of ways) {
      const { status, stdout, stderr } = shell(way);
      expect({ status, stderr }, way).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout), way).toMatchObject({
        rows: 40_000,
        columns: [
          { name: 'y', kind: 'number', missing: 0, levels: 17, range: [0, 16] },
          { name: 'x', kind: 'number', missing: 0, levels: 101, range: [0, 100] },
          { name: 'g', kind: 'text', missing: 0, levels: 4, first: ['000', '001', '002', '003'] },
        ],
      });
    }
    expect(shell('partial-pooling describe --data .')).toMatchObject({ status: 2, stdout: '' });
  });

  it('writes a fit packed and compact, and reads it as it reads any', () => {
    const line = 'partial-pooling fit "y ~ 1 + (1 | g)" --data d.csv --out packed.json.gz --compact --json';
    const { status, stdout, stderr } = shell(line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const written = readFileSync(join(folder, 'packed.json.gz'));
    expect(gunzipSync(written).toString()).toContain('"float64:');
    for (const command of ['summary', 'check']) {
      const again = shell(`partial-pooling ${command} packed.json.gz --json`);
      expect({ status: again.status, stderr: again.stderr }).toEqual({ status: 0, stderr: '' });
      const document = JSON.parse(stdout);
      const found = JSON.parse(again.stdout);
      expect(command === 'check' ? found : found.summary).toEqual(
        command === 'check' ? document.check : document.summary,
      );
    }
  });

  it('says in one sentence that standard output is full, and the file is there', () => {
    const line = 'rm -f fit.json; partial-pooling fit "y ~ 1 + (1 | g)" --data d.csv --out fit.json > /dev/full';
    const { status, stderr } = shell(line);
    const said = 'partial-pooling: standard output cannot be written: the disk is full\n';
    expect({ status, stderr }).toEqual({ status: 2, stderr: said });
    expect(JSON.parse(readFileSync(join(folder, 'fit.json'), 'utf8'))).toHaveProperty('partial_pooling');
  });

  it('exits with 2 and one sentence on standard error for wrong input', () => {
    const { status, stdout, stderr } = shell('partial-pooling fit "y ~ z" --data d.csv');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
