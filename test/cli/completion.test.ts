import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCRIPTS, SHELLS } from '../../src/cli/completion/scripts.ts';
import { run } from './testIo.ts';

const files = {
  'radon.csv': 'county,floor,log_radon,"the\nfirst"\nA,1,0.5,2\nB,0,0.7,3\n',
  'semicolons.csv': 'school;score\n1;2\n',
  'broken.csv': 'a\n"b',
};

/** What may stand for the last word. */
async function completed(...words: readonly string[]): Promise<string[]> {
  const { status, stdout } = await run(['completion', ...words.map((word) => `--word=${word}`)], files);
  expect(status).toBe(0);
  return stdout.split('\n').slice(0, -1);
}

describe('completion', () => {
  it.each([
    ['commands', ['fi'], ['fit']],
    ['commands after help', ['help', 'sh'], ['shrinkage']],
    ['options', ['fit', '--mis'], ['--missing']],
    ['options not yet given', ['fit', '--seed', '1', '--see'], []],
    ['options that may be repeated', ['fit', '--prior', 'sigma ~ flat()', '--prio'], ['--prior']],
    ['the words an option accepts', ['fit', '--missing', 'd'], ['drop']],
    ['pictures', ['plot', 'shr'], ['shrinkage']],
    ['columns of the data', ['fit', '--data', 'radon.csv', '--text', ''], ['county', 'floor', 'log_radon']],
    ['columns in a list', ['poststratify', 'fit.json', '--newdata', 'radon.csv', '--by', 'floor,c'], ['floor,county']],
    ['columns in a formula', ['fit', '--data', 'radon.csv', 'log_radon ~ 1 + (1 | c'], ['log_radon ~ 1 + (1 | county']],
    ['columns of another dialect', ['ml', '--data', 'semicolons.csv', 'sc'], ['school', 'score']],
    ['nothing of a file that is not there', ['fit', '--data', 'none.csv', 'x'], []],
    ['nothing of no table', ['fit', '--data', 'broken.csv', 'b'], []],
    ['nothing where a file is wanted', ['fit', '--data', ''], []],
    ['nothing of an unknown command', ['fitt', '--'], []],
  ])('offers %s', async (_, words, offered) => {
    expect(await completed(...words)).toEqual(offered);
  });

  it('asks for a shell it knows', async () => {
    const { status, stderr } = await run(['completion', 'csh']);
    expect(status).toBe(2);
    expect(stderr).toContain('completion: got "csh"; accepted is bash, zsh, fish');
  });

  it.each(SHELLS)('prints lines that %s can read, where it is installed', async (shell) => {
    const { stdout } = await run(['completion', shell]);
    expect(stdout).toBe(SCRIPTS[shell]);
    const folder = mkdtempSync(join(tmpdir(), 'completion-'));
    writeFileSync(join(folder, 'script'), stdout);
    const { error, status, stderr } = spawnSync(shell, ['-n', join(folder, 'script')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    if (error !== undefined) console.log(`${shell} is not installed: its lines were not read`);
    else expect(`${status} ${stderr}`).toBe('0 ');
  });
});
