import { readdirSync, readFileSync } from 'node:fs';
import * as duckdbApi from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import * as diagnostics from '../../diagnostics/index.ts';
import * as models from '../../models/index.ts';
import { commands } from '../../src/cli/commands/commands.ts';
import * as data from '../../src/datasets/index.ts';
import * as main from '../../src/index.ts';
import * as plots from '../../src/plots/index.ts';
import * as database from '../../src/reduction/index.ts';
import * as report from '../../src/report/html/index.ts';
import { run } from '../cli/testIo.ts';
import { codeBlocks, pages, pageText } from './codeBlocks.ts';
import { type Packages, runBlock } from './runBlock.ts';
import { shellWords } from './shellWords.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { scripts: Record<string, string> };

/** The files that a reader of the pages has: the data of the examples, and what the pages suppose. */
const files = new Map<string, string>(
  readdirSync(at('examples/data'))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => [name, readFileSync(at(`examples/data/${name}`), 'utf8')]),
);
files.set('radon.csv', files.get('radon_arm.csv')!);
files.set('new.csv', 'county,floor,log_uranium\nAITKIN,0,-0.7\nA new county,1,0.2\n');
files.set('draws.csv', drawsCsv());
files.set(
  'fit.json',
  main.toJson(main.sampleSync('log_radon ~ floor + (1 | county)', data.radon, { iterations: 200, seed: 1 })),
);

const packages: Packages = {
  'partial-pooling': main,
  'partial-pooling/models': models,
  'partial-pooling/data': data,
  'partial-pooling/plots': plots,
  'partial-pooling/report': report,
  'partial-pooling/database': database,
  '@duckdb/node-api': duckdbApi,
  'partial-pooling/diagnostics': diagnostics,
  'node:fs': {
    readFileSync: (path: string) => {
      const text = files.get(path);
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
  },
};

/** Draws of a fit of which a page says no number; what pages show does not depend on how many there are. */
const FEW = { warmup: 200, iterations: 250 };

/** The packages of the pages beside README.md: the same, with fewer draws where a page leaves their number open. */
const quick: Packages = {
  ...packages,
  'partial-pooling': {
    ...main,
    sample: (graph: never, rows: never, options?: object) => main.sample(graph, rows, { ...FEW, ...options }),
    sampleSync: (graph: never, rows: never, options?: object) => main.sampleSync(graph, rows, { ...FEW, ...options }),
  },
};

/** The same of a command. */
function withFewDraws(argv: readonly string[]): readonly string[] {
  const open = argv[0] === 'fit' && !argv.includes('--iterations');
  return open ? [...argv, '--warmup', String(FEW.warmup), '--iterations', String(FEW.iterations)] : argv;
}

/** A chain of draws that mixes badly, as another program might have left it. */
function drawsCsv(): string {
  const random = main.createRng([11]);
  let text = 'chain,mu,tau\n';
  for (let chain = 1; chain <= 4; chain += 1) {
    let [mu, tau] = [0, 0];
    for (let draw = 0; draw < 500; draw += 1) {
      mu = 0.3 * mu + random.normal();
      tau = 0.95 * tau + 0.3 * random.normal();
      text += `${chain},${mu},${Math.exp(tau)}\n`;
    }
  }
  return text;
}

interface PageRun {
  readonly printed: string;
  /** What its blocks declared. */
  readonly known: ReadonlyMap<string, unknown>;
}

const pagesRun = new Map<string, Promise<PageRun>>();

/** What came of a page when its blocks of TypeScript ran one after the other, which they do once. */
function runOf(path: string): Promise<PageRun> {
  const run = pagesRun.get(path) ?? runPage(path);
  pagesRun.set(path, run);
  return run;
}

async function runPage(path: string): Promise<PageRun> {
  const printed: string[] = [];
  let known: ReadonlyMap<string, unknown> = new Map();
  for (const { info, code, line } of codeBlocks(path)) {
    if (info !== 'ts') continue;
    try {
      known = await runBlock(code, path === 'README.md' ? packages : quick, known, (...values) =>
        printed.push(values.map(String).join(' ')),
      );
    } catch (error) {
      throw new Error(`${path}:${line}: ${(error as Error).message}`, { cause: error });
    }
  }
  return { printed: printed.join('\n'), known };
}

const has = (path: string, language: string): boolean => codeBlocks(path).some(({ info }) => info === language);

describe('every page', () => {
  it('has blocks that are run (ts, sh; ts of a browser in Chromium), or say that they are not: scripts of a cluster, text', () => {
    const others = pages().flatMap((path) => codeBlocks(path).map(({ info }) => info));
    expect(others.filter((info) => !['ts', 'sh', 'ts browser', 'sh cluster', 'text', ''].includes(info))).toEqual([]);
    expect(others.filter((info) => info === 'ts').length).toBeGreaterThan(10);
  });

  it('links to files that are there', () => {
    const missing = pages().flatMap((path) =>
      [...pageText(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target]) => new URL(target!, at(path)))
        .filter((target) => !exists(target))
        .map((target) => `${path}: ${target.pathname}`),
    );
    expect(missing).toEqual([]);
  });

  it('names only scripts that there are', () => {
    const missing = pages().flatMap((path) =>
      [...pageText(path).matchAll(/\bnpm run ([\w:]+)/g)]
        .filter(([, name]) => !Object.hasOwn(manifest.scripts, name!))
        .map(([, name]) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('leaves no mark unfilled', () => {
    expect(pages().filter((path) => /@@|TODO|FIXME/.test(pageText(path)))).toEqual([]);
  });

  it.each(pages().filter((path) => has(path, 'ts')))('%s: its programs run in the order of the page', async (path) => {
    await runOf(path);
  });

  it.each(pages().filter((path) => has(path, 'sh')))('%s: its commands run in the order of the page', async (path) => {
    const written = new Map(files);
    for (const { info, code, line } of codeBlocks(path)) {
      if (info !== 'sh') continue;
      for (const [program, name, ...argv] of shellWords(code)) {
        if (program === 'npm') continue;
        expect(`${program} ${name}`, `${path}:${line}`).toBe('npx partial-pooling');
        const { status, stderr, written: more } = await run(withFewDraws(argv), written);
        // A fit of few draws on a page may be one that is not to be trusted; no page shows a wrong command.
        expect([0, 3], `${path}:${line}: ${argv.join(' ')}: ${stderr}`).toContain(status);
        for (const [file, text] of more) written.set(file, text);
      }
    }
  });
});

describe('README.md', () => {
  const readme = pageText('README.md');

  it('is read in five minutes, and says how to run the tests', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(121);
    expect(readme).toContain('`npm test`');
  });

  it('has a first fit whose draws pass', async () => {
    expect((await runOf('README.md')).printed).toMatch(/tau_county\[floor\][\s\S]*The draws pass the checks/);
  });
});

it('examples/howto/shell.md lists every command with its summary', () => {
  const page = pageText('examples/howto/shell.md');
  for (const { name, summary } of commands) expect(page).toContain(`| \`${name}\` | ${summary} |`);
});

it('examples/howto/reading.md shows the tables that the first fit prints', async () => {
  const page = pageText('examples/howto/reading.md');
  const fit = main.sampleSync('log_radon ~ floor * log_uranium + (1 + floor | county)', data.radon, { seed: 1 });
  const variables = ['beta', 'tau_county', 'corr_county', 'sigma'];
  const table = main.summaryText(main.summarize(fit, { variables }));
  for (const line of table.trimEnd().split('\n')) expect(page).toContain(`${line}\n`);
  // The widths of the columns are those of the rows shown.
  const words = (line: string): string => line.trim().replaceAll(/\s+/g, ' ');
  const shown = page.split('\n').map(words);
  const murray = main
    .shrinkageText(main.shrinkage(fit, 'county'))
    .split('\n')
    .filter((line) => line.startsWith('MURRAY'));
  expect(murray.length).toBe(2);
  for (const line of murray) expect(shown).toContain(words(line));
});

it('examples/howto/program.md shows a model built by hand that is deep-equal to the formula before it, with the same draws', async () => {
  const { known } = await runOf('examples/howto/program.md');
  const level2 = { county: '~ log_uranium' };
  expect(known.get('model')).toEqual(main.formula('log_radon ~ floor + (1 + floor | county)', { level2 }));
  const [fit, same] = [known.get('fit'), known.get('same')] as main.Fit[];
  const means = (given: main.Fit) =>
    main.summarize(given, { variables: ['beta', 'tau_county'] }).map(({ mean }) => mean);
  expect(means(same!)).toEqual(means(fit!));
});

function exists(target: URL): boolean {
  try {
    return (
      readdirSync(new URL('.', target)).includes(decodeURIComponent(target.pathname.split('/').at(-1)!)) ||
      target.pathname.endsWith('/')
    );
  } catch {
    return false;
  }
}
