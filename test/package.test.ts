import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands/commands.ts';
import * as data from '../src/datasets/index.ts';
import { FIT_FILE_WRITER } from '../src/files/fitFile.ts';
import * as main from '../src/index.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  files: string[];
  exports: Record<string, unknown>;
  scripts: Record<string, string>;
  engines: { node: string };
};
const readme = read('README.md');

// `npm run check:package` packs, installs and tries the package; it is slow, so here stands only what reading can tell.
describe('the package', () => {
  it('has one name and one version, in the manifest, in fit files and in the changelog', () => {
    expect(FIT_FILE_WRITER).toEqual({ name: manifest.name, version: manifest.version });
    expect(read('CHANGELOG.md')).toContain(`## ${manifest.version}`);
  });

  it('has its entries and that of a worker, each with types for import and for require', () => {
    expect(Object.keys(manifest.exports)).toEqual([
      '.',
      './models',
      './data',
      './plots',
      './report',
      './diagnostics',
      './worker',
      './package.json',
    ]);
    for (const entry of ['.', './models', './diagnostics', './worker', './data', './plots', './report']) {
      expect(manifest.exports[entry]).toMatchObject({
        import: { types: expect.stringMatching(/\.d\.ts$/), default: expect.stringMatching(/\.js$/) },
        require: { types: expect.stringMatching(/\.d\.cts$/), default: expect.stringMatching(/\.cjs$/) },
      });
    }
  });

  it('installs nothing beside itself: what it uses is bundled', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
  });
});

describe('the README', () => {
  it('lists every command with its summary', () => {
    for (const { name, summary } of commands) expect(readme).toContain(`| \`${name}\` | ${summary} |`);
  });

  it('imports only names that the package has', () => {
    const imports = [...readme.matchAll(/import \{([^}]+)\} from 'partial-pooling'/g)];
    expect(imports.length).toBeGreaterThan(1);
    const names = imports.flatMap(([, list]) => list!.split(',').map((name) => name.trim()));
    expect(names.filter((name) => !Object.hasOwn(main, name))).toEqual([]);
  });

  it('has a first fit that runs as it is typed', async () => {
    const [, code] = /## First fit in a program[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme)!;
    const body = code!.replaceAll(
      /^import (\{[^}]*\}) from '(partial-pooling[^']*)'; *(?:\/\/.*)?$/gm,
      (_, names, from) => {
        const taken = names.replaceAll(/(\w+) as (\w+)/g, '$1: $2');
        return `const ${taken} = entries['${from}'];`;
      },
    );
    const printed: string[] = [];
    const entries = { 'partial-pooling': main, 'partial-pooling/data': data };
    const run = new Function('entries', 'console', `return (async () => {${body}})();`);
    await run(entries, { log: (text: string) => printed.push(text) });
    expect(printed.join('\n')).toMatch(/tau_county\[floor\][\s\S]*The draws pass the checks/);
  });

  it('names only scripts that there are, and says how to run the tests', () => {
    const scripts = [...readme.matchAll(/`npm run ([\w:]+)`/g)].map(([, name]) => name!);
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
    expect(readme).toContain('`npm test`');
  });

  it('shows a hand-built model that is deep-equal to the formula before it', () => {
    const built = main.modelGraph({
      gamma_county: main.defaultPrior(),
      Sigma_county: main.defaultPrior(),
      sigma: main.defaultPrior(),
      b_county: main.group({
        by: 'county',
        terms: ['1', 'floor'],
        level2: { 1: ['1', 'log_uranium'], floor: ['1', 'log_uranium'] },
        mean: 'gamma_county',
        cov: 'Sigma_county',
      }),
      eta: main.linearPredictor('b_county'),
      log_radon: main.gaussian('log_radon', { eta: 'eta', sigma: 'sigma' }),
    });
    const level2 = { county: '~ log_uranium' };
    expect(built).toEqual(main.formula('log_radon ~ floor + (1 + floor | county)', { level2 }));
  });

  it('shows the tables that its first fit prints', () => {
    const rows = main.parseCsv(read('examples/data/radon_arm.csv'), 'radon.csv');
    const fit = main.sampleSync(
      main.formula('log_radon ~ floor * log_uranium + (1 + floor | county)'),
      { rows },
      { seed: 1 },
    );
    const variables = ['beta', 'tau_county', 'corr_county', 'sigma'];
    const table = main.summaryText(main.summarize(fit, { variables }));
    for (const line of table.trimEnd().split('\n')) expect(readme).toContain(`${line}\n`);
    // The widths of the columns are those of the rows shown.
    const words = (line: string): string => line.trim().replaceAll(/\s+/g, ' ');
    const shown = readme.split('\n').map(words);
    const murray = main
      .shrinkageText(main.shrinkage(fit, 'county'))
      .split('\n')
      .filter((line) => line.startsWith('MURRAY'));
    expect(murray.length).toBe(2);
    for (const line of murray) expect(shown).toContain(words(line));
  });

  it('leaves no mark unfilled', () => {
    expect(readme).not.toMatch(/@@|TODO|FIXME/);
  });
});

describe('the examples', () => {
  it('have data that is described beside it', () => {
    const described = read('examples/data/README.md');
    const files = readdirSync(new URL('../examples/data', import.meta.url)).filter((name) => name.endsWith('.csv'));
    expect(files.filter((name) => !described.includes(name))).toEqual([]);
  });

  it('read the data that the tests read', () => {
    expect(read('examples/data/radon_arm.csv')).toBe(read('test/fixtures/data/radon_arm.csv'));
  });

  it('have the voters of the tests, counted by state and income', () => {
    const rows = main.parseCsv(read('test/fixtures/data/voters_sim.csv'), 'voters_sim').columns;
    const counted = main.parseCsv(read('examples/data/voters.csv'), 'voters').columns;
    const counts = new Map<string, number[]>();
    const given = ['state', 'avgincome', 'income', 'y'].map((name) =>
      Array.from<string | number | null>(rows.get(name)!.values),
    );
    given[0]!.forEach((state, i) => {
      const key = [state, given[1]![i], given[2]![i]].join();
      const [yes, n] = counts.get(key) ?? [0, 0];
      counts.set(key, [yes! + Number(given[3]![i]), n! + 1]);
    });
    const values = ['state', 'avgincome', 'income', 'yes', 'n'].map((name) =>
      Array.from<string | number | null>(counted.get(name)!.values),
    );
    const [states, averages, incomes, yes, n] = values;
    expect(states!.length).toBe(counts.size);
    states!.forEach((state, c) => {
      expect(counts.get([state, averages![c], incomes![c]].join())).toEqual([yes![c], n![c]]);
    });
  });
});
