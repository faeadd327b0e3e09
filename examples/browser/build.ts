/** Builds the page into a folder that any static host serves: `npm run build:app [folder]`. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, type BuildResult, build } from 'esbuild';
import { directImports } from './directImports.ts';
import { lateModules } from './lateModules.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const COPIED = ['index.html', 'page.css', 'icon.svg'];

/** A file of the built page. */
export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
  readonly gzipped: number;
  /** Whether it is the data of an example. */
  readonly data: boolean;
  /** Whether it is fetched only when something is asked for. */
  readonly later: boolean;
}

/** Builds the page. All addresses in it are relative, so that it may be served from a path below. */
export async function buildApp(folder: string): Promise<BuiltFile[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const shared = {
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  } satisfies BuildOptions;
  const inFolder = (path: string) => relative(folder, resolve(path)).replaceAll('\\', '/');
  const made: BuildResult<{ metafile: true }>[] = [];
  const split = {
    ...shared,
    outdir: folder,
    splitting: true,
    metafile: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [lateModules(here), directImports(here)],
  } satisfies BuildOptions;
  // Page, engine and chains in one: what two of them take is one file, which a browser keeps. Data are taken from one
  // entry, of which each file here keeps what it names.
  const entryPoints = {
    page: join(here, 'page/page.ts'),
    engine: join(here, 'engine/engine.ts'),
    chains: join(here, 'chains.ts'),
  };
  made.push(await build({ ...split, entryPoints }));
  for (const name of readdirSync(join(here, 'data'))) {
    const data = {
      entryPoints: { [name.replace('.ts', '')]: join(here, 'data', name) },
      outdir: join(folder, 'data'),
      metafile: true,
    } as const;
    made.push(await build({ ...shared, ...data }));
  }
  for (const name of COPIED) copyFileSync(join(here, name), join(folder, name));
  const outputs = made.flatMap(({ metafile }) =>
    Object.entries(metafile.outputs).map(([path, output]) => ({ name: inFolder(path), ...output })),
  );
  const names = [...COPIED, ...outputs.map(({ name }) => name)].sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(readFileSync(join(folder, name)));
  await build({
    ...shared,
    entryPoints: [join(here, 'offline.ts')],
    outfile: join(folder, 'offline.js'),
    define: { FILES: JSON.stringify(['./', ...names]), VERSION: JSON.stringify(hash.digest('hex').slice(0, 12)) },
  });
  // What the page and its first estimate take; the chains are started after it.
  const entries = ['page.js', 'engine.js'];
  const early = reached(
    entries,
    new Map(
      outputs.map(({ name, imports }) => [
        name,
        imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => inFolder(path)),
      ]),
    ),
  );
  return [...names, 'offline.js'].map((name) => ({
    name,
    bytes: statSync(join(folder, name)).size,
    gzipped: gzipSync(readFileSync(join(folder, name)), { level: 9 }).length,
    data: name.startsWith('data/'),
    later: name.endsWith('.js') && name !== 'offline.js' && !early.has(name),
  }));
}

/** What is reached from some files by imports that are not put off. */
function reached(from: readonly string[], imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const to of imports.get(name) ?? []) visit(to);
  };
  for (const name of from) visit(name);
  return found;
}

/** What the files come to, in words. */
export function sizes(files: readonly BuiltFile[]): string {
  const kilobytes = (some: readonly BuiltFile[]) =>
    `${(some.reduce((sum, { gzipped }) => sum + gzipped, 0) / 1000).toFixed(1)} kB`;
  const own = files.filter(({ data }) => !data);
  return [
    ...files.map(
      ({ name, bytes, gzipped, later }) =>
        `${name.padEnd(34)} ${String(bytes).padStart(8)} bytes, ${String(gzipped).padStart(7)} gzipped${later ? ', when asked for' : ''}`,
    ),
    `${kilobytes(own)} gzipped without the data of the examples (${kilobytes(own.filter(({ later }) => !later))} at once), ${kilobytes(files.filter(({ data }) => data))} of data`,
  ].join('\n');
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../../dist-app', import.meta.url));
  console.log(sizes(await buildApp(folder)));
  console.log(`\nThe page is in ${folder}: any static host serves it, from any path.`);
}
