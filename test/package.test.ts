import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FIT_FILE_WRITER } from '../src/files/fitFile.ts';
import * as main from '../src/index.ts';
import { notices } from './package/notices.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, unknown>;
  files: string[];
  exports: Record<string, unknown>;
  typesVersions: Record<string, Record<string, string[]>>;
  scripts: Record<string, string>;
  engines: { node: string };
};

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
      './database',
      './diagnostics',
      './worker',
      './package.json',
    ]);
    for (const entry of ['.', './models', './diagnostics', './worker', './data', './plots', './report', './database']) {
      expect(manifest.exports[entry]).toMatchObject({
        import: { types: expect.stringMatching(/\.d\.ts$/), default: expect.stringMatching(/\.js$/) },
        require: { types: expect.stringMatching(/\.d\.cts$/), default: expect.stringMatching(/\.cjs$/) },
      });
    }
  });

  it('has types of its entries for compilers that do not read exports', () => {
    const names = Object.keys(manifest.exports).filter((name) => name !== '.' && name !== './package.json');
    expect(manifest.typesVersions['*']).toEqual(
      Object.fromEntries(names.map((name) => [name.slice(2), [`./dist/${name.slice(2)}.d.ts`]])),
    );
  });

  it('installs nothing beside itself: what it uses is bundled, and drivers of databases are the choice of their users', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(['@duckdb/node-api', 'pg']);
    for (const name of Object.keys(manifest.peerDependencies ?? {})) {
      expect(manifest.peerDependenciesMeta?.[name]).toEqual({ optional: true });
    }
  });
});

describe('what npm packs, beside dist', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(printed) as [{ files: { path: string }[] }];
  const packed = files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));

  it('is the manifest, the licences, and pages for readers', () => {
    const pages = packed.filter((path) => path.endsWith('.md'));
    const others = ['LICENSE', 'THIRD-PARTY-NOTICES', 'examples/pictures/shrinkage.svg', 'package.json'];
    expect(packed.filter((path) => !pages.includes(path)).sort()).toEqual(others);
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'examples/howto/errors.md']));
    expect(pages.filter((path) => !/(?:^|\/)[A-Z]+\.md$|^examples\/howto\//.test(path))).toEqual([]);
  });

  it('has every page and picture that those pages link to, so that they are read where the package is installed', () => {
    const absent = packed
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...read(path).matchAll(/\]\((?!https?:|#)([^)#\s]+\.(?:md|svg))/g)].map(
          ([, target]) => [path, posix.join(posix.dirname(path), target!)] as const,
        ),
      )
      .filter(([, target]) => !packed.includes(target));
    expect(absent).toEqual([]);
  });
});

it('THIRD-PARTY-NOTICES is what `npm run notices` writes: the licence of every package in dist', async () => {
  const written = read('THIRD-PARTY-NOTICES');
  expect(written).toBe(await notices());
  for (const name of ['papaparse', 'd3-scale']) expect(written).toContain(`\n${name} (`);
  expect(manifest.files).toContain('THIRD-PARTY-NOTICES');
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
