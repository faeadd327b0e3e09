import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the contents of string literals blanked, so that words in prose do not count. */
  readonly code: string;
  /** What it imports or re-exports: paths from the root, or package names. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"\n]+)\1/g;

function sourceFile(path: string, text: string): SourceFile {
  const imports = [...withoutComments(text).matchAll(IMPORT)].map(([, , target]) =>
    target!.startsWith('.') ? join(dirname(path), target!).split(sep).join('/') : target!,
  );
  return { path, text, code: withoutStrings(withoutComments(text)), imports };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/.*$/gm, '');
}

function withoutStrings(text: string): string {
  return text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

const files: readonly SourceFile[] = ['src', 'models', 'diagnostics'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => {
      const full = join(root, folder, name);
      return sourceFile(relative(root, full).split(sep).join('/'), readFileSync(full, 'utf8'));
    }),
);

/** The layers, lowest first; one line of the list may not import a later one, nor the rooms of one line each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/errors.ts', 'src/elementary.ts', 'src/pausing.ts', 'src/datasets'],
  ['src/input', 'src/linalg'],
  ['src/special'],
  ['src/random', 'src/data'],
  ['src/families'],
  ['src/graph'],
  ['src/formula'],
  ['src/design'],
  ['src/reduction'],
  ['src/residual'],
  ['src/products'],
  ['src/priors'],
  ['src/laplace', 'src/proposals'],
  ['src/kernels'],
  ['src/mcmc', 'src/likelihood'],
  ['src/files', 'src/summary'],
  ['src/plots'],
  ['src/report'],
  ['src/run'],
  ['src/cli', 'src/cli.ts'],
];

/**
 * The same inside the rooms that hold rooms. Every file of kernels/ and of design/ itself has its place here; the files
 * of likelihood/ and summary/ themselves, which their rooms share or which join them, have none.
 */
const INSIDE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'src/kernels': [
    ['kernel.ts', 'firstPoint.ts', 'fittedOnce.ts', 'modelSetting.ts', 'ruleNames.ts'],
    ['state'],
    ['marginal', 'gibbs', 'crossed'],
    ['cells', 'structured'],
    ['whitened', 'scaleMixture', 'surrogate'],
    ['augmented'],
    ['crossedRule.ts'],
    ['tooWide.ts'],
    ['kernelRules.ts'],
  ],
  'src/design': [
    ['design.ts'],
    [
      'correlationPairs.ts',
      'deficiencySentence.ts',
      'designOfRows.ts',
      'estimable.ts',
      'keptColumns.ts',
      'leftOut.ts',
      'needsIndependent.ts',
      'needsRows.ts',
      'numberedGroups.ts',
      'numbersAsText.ts',
      'observations.ts',
      'printedResponse.ts',
      'responseDifference.ts',
      'rowNumbers.ts',
      'rowsInOrder.ts',
      'sameNumberLevels.ts',
    ],
    ['columnNotes.ts', 'fullRank.ts', 'withoutIntercept.ts'],
    ['columns'],
    ['build'],
  ],
  'src/likelihood': [['gaussian'], ['search'], ['generalized', 'structured'], ['inference']],
  'src/summary': [['prediction'], ['pooling'], ['integrated'], ['comparison'], ['effects']],
  'src/plots': [['drawing'], ['pictures']],
  'src/plots/pictures': [['parts'], ['groups', 'estimates', 'responses', 'predictions']],
  'src/cli': [['files'], ['commands']],
};

/**
 * What no draw depends on, in rooms that draws come from: tails and quantiles of tests, and the eigenvalues and
 * quadrature rules of ML and REML.
 */
const NOT_OF_A_DRAW = ['src/special/distributions.ts', 'src/special/gaussHermite.ts', 'src/linalg/symmetricEigen.ts'];

function room(path: string): string {
  const [top, second] = path.split('/');
  return top === 'src' ? `${top}/${second}` : top!;
}

function layer(path: string): number {
  return LAYERS.findIndex((rooms) => rooms.includes(room(path)));
}

/** The place of a file in the order of the rooms inside a folder (its own room unless told); -1 for none. */
function place(path: string, folder = room(path)): number {
  return (INSIDE[folder] ?? []).findIndex((rooms) => rooms.includes(inside(path, folder)));
}

/** The room, or the file, that a path names inside a folder. */
function inside(path: string, folder: string): string {
  return path.slice(folder.length + 1).split('/')[0]!;
}

/** Whether, of two files of one room, the first may not import the second. */
function pointsUpInside(from: string, to: string): boolean {
  const folders = Object.keys(INSIDE).filter((folder) => [from, to].every((path) => path.startsWith(`${folder}/`)));
  return folders.some((folder) => {
    const [a, b] = [place(from, folder), place(to, folder)];
    if (a < 0 || b < 0 || inside(from, folder) === inside(to, folder)) return false;
    return b >= a;
  });
}

function isOurs(target: string): boolean {
  return /^(src|models|diagnostics)\//.test(target);
}

/** What is wrong with one arrow of the import graph, or null. */
function wrongArrow(from: string, to: string): string | null {
  const arrow = `${from} imports ${to}`;
  if (from === 'src/index.ts') return isOurs(to) ? null : `${arrow}: the index only re-exports our own files`;
  if (room(from) === 'diagnostics') {
    return ['diagnostics', 'src/elementary.ts', 'src/special'].includes(room(to)) || !isOurs(to) ? null : arrow;
  }
  if (room(from) === 'models')
    return ['models', 'src/graph', 'src/formula', 'src/input'].includes(room(to)) ? null : arrow;
  if (!isOurs(to)) return null;
  if (room(to) === 'diagnostics') return null;
  if (room(to) === 'models' || to === 'src/index.ts') return arrow;
  if (room(from) === room(to)) return pointsUpInside(from, to) ? arrow : null;
  if (layer(from) === layer(to) && !room(from).startsWith('src/cli')) return `${arrow}: siblings`;
  return layer(to) <= layer(from) ? null : arrow;
}

const isOuter = (path: string): boolean => /^src\/(run|cli)\b/.test(path);

/** Reading the clock, the world or chance, as the code (comments and strings blanked) or an import shows it. */
const EFFECTS =
  /\bMath\s*\.\s*random\b|(?<![.\w])(?:new\s+)?Date\b(?!\w)|(?<![.\w])(?:performance|console|process|document|window|navigator|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|Worker|XMLHttpRequest|localStorage)\b\s*[.(]|\bglobalThis\b/;
const NODE_MODULE = /^node:|^(fs|path|os|worker_threads|child_process|util|perf_hooks|process|crypto|url)(\/|$)/;

function effectsOf({ path, code, imports }: SourceFile): string[] {
  const found = EFFECTS.exec(code);
  return [
    ...(found ? [`${path}: ${found[0]}`] : []),
    ...imports.filter((target) => NODE_MODULE.test(target)).map((target) => `${path}: imports ${target}`),
  ];
}

/** The name or the spelling of a family as a string. */
const FAMILY = /(['"`])(gaussian|studentT|student|binomialLogit|binomial|bernoulliProbit|probit)\1/;

/**
 * Where a family may be named: its own room, the table that chooses kernels, and what gives it to users under its name.
 * The prior of coefficients that is called studentT is named where priors are.
 */
const NAMES_FAMILIES = [
  /^src\/families\//,
  /^src\/kernels\/kernelRules\.ts$/,
  /^src\/graph\/nodes\.ts$/,
  /^models\//,
  /^src\/graph\/(?:distributions|mixturePriors|priorKinds|priors)\.ts$/,
  /^src\/priors\/(?:coefficientPriors|mixturePrior)\.ts$/,
];

function familyNamedIn({ path, text }: SourceFile): string[] {
  if (NAMES_FAMILIES.some((allowed) => allowed.test(path))) return [];
  const found = FAMILY.exec(withoutComments(text));
  return found ? [`${path}: ${found[0]}`] : [];
}

const EVALUATED = /(?<![.\w])eval\s*\(|\bnew\s+Function\b|(?<![.\w])Function\s*\(/;
const LOOSE = /(?<![.\w])any\b(?=\s*[,;)>\]=|&[{]|$)|\bas\s+any\b/m;

describe('architecture', () => {
  it('sees every file and every import', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(
      files.every(
        ({ path }) =>
          path === 'src/index.ts' || room(path) === 'models' || room(path) === 'diagnostics' || layer(path) >= 0,
      ),
    ).toBe(true);
    const paths = new Set(files.map(({ path }) => path));
    const missing = files.flatMap(({ path, imports }) =>
      imports.filter((to) => isOurs(to) && !paths.has(to)).map((to) => `${path}: ${to}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no import that points up', () => {
    expect(files.flatMap(({ path, imports }) => imports.map((to) => wrongArrow(path, to)).filter(Boolean))).toEqual([]);
  });

  it('has no circle of imports, those of types included', () => {
    expect(cycles(new Map(files.map(({ path, imports }) => [path, imports.filter(isOurs)])))).toEqual([]);
  });

  it('reads clock, chance, console, files and the host only in src/run and src/cli', () => {
    expect(files.filter(({ path }) => !isOuter(path)).flatMap(effectsOf)).toEqual([]);
  });

  it('keeps files, argv, console and exit out of src/run', () => {
    const owned = files.filter(({ path }) => path.startsWith('src/run/'));
    const found = owned.flatMap(({ path, code, imports }) =>
      [
        ...(/(?<![.\w])(?:console|process)\s*\./.exec(code) ?? []),
        ...imports.filter((to) => /^(node:)?(fs|process)\b/.test(to)),
      ].map((what) => `${path}: ${what}`),
    );
    expect(found).toEqual([]);
  });

  it('imports @stdlib never, papaparse where draws are read, d3 in src/plots, and ml-matrix never in a sweep', () => {
    const importers = (name: RegExp) =>
      files.filter(({ imports }) => imports.some((to) => name.test(to))).map(({ path }) => path);
    // Its functions are oracles of the tests: bundled, they would bring polyfills that no engine of today needs.
    expect(importers(/^@stdlib/)).toEqual([]);
    expect(
      importers(/^ml-matrix/).filter((path) =>
        ['src/proposals', 'src/kernels', 'src/random', 'src/linalg'].includes(room(path)),
      ),
    ).toEqual([]);
    expect(importers(/^papaparse/)).toEqual(['diagnostics/reading/csvRun.ts']);
    expect(importers(/^d3-/).filter((path) => room(path) !== 'src/plots')).toEqual([]);
  });

  it('takes exp, log and their like from src/elementary.ts in the rooms that decide on a draw: engines differ in the last bit', () => {
    const rooms = [
      'linalg',
      'special',
      'random',
      'design',
      'products',
      'families',
      'priors',
      'laplace',
      'proposals',
      'kernels',
      'mcmc',
    ].map((name) => `src/${name}`);
    const inexact =
      /\bMath\.(exp|expm1|log|log1p|log2|log10|pow|hypot|cbrt|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh)\b/;
    expect(
      files
        .filter(({ path, code }) => rooms.includes(room(path)) && !NOT_OF_A_DRAW.includes(path) && inexact.test(code))
        .map(({ path }) => path),
    ).toEqual([]);
    const askers = files.filter(({ imports }) => imports.some((to) => NOT_OF_A_DRAW.includes(to)));
    expect(
      askers.map(({ path }) => room(path)).filter((name) => name !== 'src/special' && rooms.includes(name)),
    ).toEqual([]);
  });

  it('gives every file of kernels/ and every picture its place, and every room a line in CONTRIBUTING.md', () => {
    expect(files.filter(({ path }) => room(path) === 'src/kernels' && place(path) < 0).map(({ path }) => path)).toEqual(
      [],
    );
    const pictures = files.filter(({ path }) => path.startsWith('src/plots/pictures/')).map(({ path }) => path);
    expect(pictures.filter((path) => place(path, 'src/plots/pictures') < 0)).toEqual([]);
    const layout = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    expect(
      LAYERS.flat().filter((name) => !layout.includes(`| \`${name}\``) && !layout.includes(`, \`${name}\` |`)),
    ).toEqual([]);
  });

  it('reads fits and sums them up without loading what draws or searches', () => {
    const seen = new Set<string>();
    const load = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const { text } = files.find((file) => file.path === path)!;
      const loaded = text.replace(/^(?:im|ex)port type [\s\S]*?;$/gm, '');
      sourceFile(path, loaded).imports.filter(isOurs).forEach(load);
    };
    ['src/files/fromJson.ts', 'src/summary/summarize.ts'].forEach(load);
    expect(seen.size).toBeGreaterThan(50);
    const drawing = ['src/kernels', 'src/proposals', 'src/laplace', 'src/likelihood', 'src/run'];
    expect([...seen].filter((path) => drawing.includes(room(path)))).toEqual(['src/kernels/ruleNames.ts']);
  });

  it('names no file in the README.md of a room that is not there', () => {
    const pages = ['src', 'diagnostics', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /(^|[/\\])README\.md$/.test(name) && !/^(fixtures|bench)\b/.test(name))
        .map((name) => join(root, folder, name)),
    );
    const missing = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/`([\w./-]+\.ts)`/g)]
        .filter(([, name]) => !existsSync(join(dirname(page), name!)) && !existsSync(join(root, name!)))
        .map(([, name]) => `${relative(root, page)}: ${name}`),
    );
    expect(pages.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('names a family in src/families and kernelRules alone: whoever must know asks the family or its kind', () => {
    expect(files.flatMap(familyNamedIn)).toEqual([]);
  });

  it('has only re-exports in src/index.ts', () => {
    const index = files.find(({ path }) => path === 'src/index.ts')!;
    const statements = index.code
      .split(';')
      .map((statement) => statement.trim())
      .filter(Boolean);
    expect(statements.filter((statement) => !/^export (type )?\{[\s\S]*\} from ''$/.test(statement))).toEqual([]);
  });

  it('is taken by the page of examples/browser through its public entries alone', () => {
    const folder = join(root, 'examples/browser');
    const own = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const taken = own.flatMap(
      (name) =>
        sourceFile(`examples/browser/${name.replaceAll('\\', '/')}`, readFileSync(join(folder, name), 'utf8')).imports,
    );
    const entries = [
      'src/index.ts',
      'src/plots/index.ts',
      'src/report/html/index.ts',
      'src/datasets/index.ts',
      'src/run/worker.ts',
    ];
    expect([...new Set(taken.filter(isOurs))].sort()).toEqual(entries.sort());
  });

  it('has no line of a comment past 120 characters', () => {
    const long = files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, i) => (line.length > 120 && /^\s*(?:\*|\/\/|\/\*)/.test(line) ? [`${path}:${i + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  it('has no file past 300 lines, but the list of public names', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path);
    expect(long.filter((path) => path !== 'src/index.ts')).toEqual([]);
  });

  it('has no any and no silenced checks', () => {
    expect(files.filter(({ code }) => LOOSE.test(code)).map(({ path }) => path)).toEqual([]);
    expect(
      files
        .filter(({ text }) => /@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable/.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('evaluates nothing as code', () => {
    expect(files.filter(({ code }) => EVALUATED.test(code)).map(({ path }) => path)).toEqual([]);
  });

  it('has no drawer: no file named utils, helpers or misc', () => {
    expect(
      files.filter(({ path }) => /\b(utils?|helpers?|misc|common|shared)\b/i.test(path)).map(({ path }) => path),
    ).toEqual([]);
  });
});

describe('the rules themselves', () => {
  it.each([
    ['src/linalg/a.ts', 'src/random/b.ts'],
    ['src/input/a.ts', 'src/linalg/b.ts'],
    ['src/proposals/a.ts', 'src/kernels/state/b.ts'],
    ['src/kernels/gibbs/a.ts', 'src/kernels/marginal/b.ts'],
    ['src/kernels/marginal/a.ts', 'src/kernels/cells/b.ts'],
    ['src/kernels/kernel.ts', 'src/kernels/state/b.ts'],
    ['src/likelihood/gaussian/a.ts', 'src/likelihood/inference/b.ts'],
    ['src/plots/pictures/parts/a.ts', 'src/plots/pictures/groups/b.ts'],
    ['src/plots/pictures/groups/a.ts', 'src/plots/pictures/responses/b.ts'],
    ['diagnostics/a.ts', 'src/linalg/b.ts'],
    ['src/mcmc/a.ts', 'src/likelihood/b.ts'],
    ['src/likelihood/a.ts', 'src/mcmc/b.ts'],
    ['diagnostics/a.ts', 'src/errors.ts'],
    ['models/a.ts', 'src/design/b.ts'],
    ['src/graph/a.ts', 'src/index.ts'],
    ['src/report/a.ts', 'src/run/b.ts'],
    ['src/index.ts', 'papaparse'],
  ])('refuse %s importing %s', (from, to) => {
    expect(wrongArrow(from, to)).not.toBeNull();
  });

  it('see a circle, that of a type import too', () => {
    const a = sourceFile('src/mcmc/a.ts', "import type { B } from './b.ts';");
    const b = sourceFile('src/mcmc/b.ts', "import { a } from './a.ts';");
    expect(cycles(new Map([a, b].map(({ path, imports }) => [path, imports])))).toHaveLength(1);
  });

  it.each([
    'const x = Math.random();',

    'const t = Date.now();',
    'const t = new Date();',
    'performance.now();',
    'console.log(1);',
    'process.exit(1);',
    "import { readFileSync } from 'node:fs';",
    "import fs from 'fs';",
  ])('refuse the effect %s', (text) => {
    expect(effectsOf(sourceFile('src/mcmc/a.ts', text))).not.toEqual([]);
  });

  it('see multi-line imports and dynamic ones, and do not see comments or prose', () => {
    const text = `import {\n  a,\n} from './b.ts';\n// from './c.ts'\n/* import './d.ts' */\nawait import('./e.ts');\nexport * from '../f.ts';`;
    expect(sourceFile('src/mcmc/a.ts', text).imports).toEqual(['src/mcmc/b.ts', 'src/mcmc/e.ts', 'src/f.ts']);
    expect(effectsOf(sourceFile('src/mcmc/a.ts', "/** Dates: new Date() */ const s = 'console.log(1)';"))).toEqual([]);
  });

  it.each(['let x: any;', 'const y = z as any;', 'type T = Array<any>;', 'const f = (x: any) => x;'])(
    'refuse %s',
    (text) => {
      expect(LOOSE.test(text)).toBe(true);
    },
  );

  it('see the name of a family, not that of an option or of prose', () => {
    const named = (text: string) => familyNamedIn(sourceFile('src/summary/a.ts', text)).length > 0;
    expect(named("if (response.family === 'studentT') return;")).toBe(true);
    expect(named("family: 'binomial' as const")).toBe(true);
    expect(named("// 'gaussian'\nconst help = 'gaussian (default), student';")).toBe(false);
  });

  it.each(["eval('1')", "new Function('x', 'return x')"])('refuse %s', (text) => {
    expect(EVALUATED.test(text)).toBe(true);
  });
});

/** Groups of files that import each other in a ring (by depth-first search): each as its path. */
function cycles(targets: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'closed'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'closed') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const to of targets.get(path) ?? []) visit(to, [...trail, path]);
    state.set(path, 'closed');
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}
