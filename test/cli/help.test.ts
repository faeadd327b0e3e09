import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/commands.ts';
import { run } from './testIo.ts';

const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version as string;

describe('help and version', () => {
  it.each([['--help'], ['-h'], ['help']])('%s lists every command on standard output with status 0', async (word) => {
    const { status, stdout, stderr } = await run([word]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const words = stdout.replace(/\s+/g, ' ');
    for (const { name, summary } of commands) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 12)}`, 'm'));
      expect(words).toContain(` ${name} ${summary} `);
    }
    expect(stdout).toContain('Exit status');
  });

  it('no command at all prints the same on standard error with status 2', async () => {
    const asked = await run(['--help']);
    expect(await run([])).toMatchObject({ status: 2, stdout: '', stderr: asked.stdout });
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    '%s --help names every option and gives an example that parses',
    async (name, command) => {
      const { status, stdout } = await run([name, '--help']);
      expect(status).toBe(0);
      for (const option of command.options) expect(stdout).toContain(`--${option.name}`);
      expect(stdout.replace(/ \\\n +/g, ' ')).toContain(`\nExample:\n  ${command.example}\n`);
      expect((await run(['help', name])).stdout).toBe(stdout);
      // The example names options that exist: without its files it fails on reading them, not on usage; one that reads
      // no file works.
      const words = command.example.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ''));
      const tried = await run(words.slice(1));
      if (['completion', 'sql', 'dataset'].includes(name)) return expect(tried.status).toBe(0);
      expect(tried.status).toBe(2);
      expect(tried.stderr).toMatch(/cannot be read: there is no such file/);
    },
  );

  it('--version prints the version of package.json', async () => {
    expect(await run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('help in 80 columns', () => {
  it.each([['--help'], ...commands.map(({ name }) => [name, '--help'])])('%s %s', async (...words) => {
    const { stdout } = await run(words);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('of predict explains every value that its options name', async () => {
    const { stdout } = await run(['predict', '--help']);
    const text = stdout.replace(/\s+/g, ' ');
    for (const kind of ['mean', 'probability', 'rate', 'linear', 'odds', 'response'])
      expect(text).toMatch(new RegExp(`--kind KIND .*${kind}( \\(default\\))?:.*--unknown`));
    for (const value of ['draw', 'population', 'error'])
      expect(text).toMatch(
        new RegExp(`--unknown draw\\|population\\|error .*${value}( \\(default\\))?,.*--population`),
      );
  });
});
