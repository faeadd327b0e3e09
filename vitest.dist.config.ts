import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

/**
 * The suite once more against what is published: `npm run test:dist`, after `npm run build`. Every test file that takes
 * nothing of the sources but names the package exports runs, itself and its helpers, with the entries of `dist` in the
 * place of the sources. The rest tests inner parts, which `dist` does not show, and what draws long chains to judge them
 * by their distribution is the same in either.
 */
const root = dirname(fileURLToPath(import.meta.url));

const SOURCES: Readonly<Record<string, string>> = {
  'src/index.ts': 'index',
  'models/index.ts': 'models',
  'diagnostics/index.ts': 'diagnostics',
};
const STATEMENT = /^(?:import|export)\s+(?!type\s)([^;]*?)\s+from\s+'(\.[^']+)';/gms;

/** The names of values between the braces of an import or export. */
function valuesIn(names: string): string[] {
  return names
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

/** By source file, what of it an entry exports under its own name; an entry file exports all of that. */
const published = new Map<string, Set<string>>();
for (const source of Object.keys(SOURCES)) {
  const entry = join(root, source);
  const all = new Set<string>();
  published.set(entry, all);
  for (const [, names, path] of readFileSync(entry, 'utf8').matchAll(STATEMENT)) {
    const file = resolve(dirname(entry), path!);
    const own = published.get(file) ?? new Set<string>();
    for (const name of valuesIn(names!)) {
      all.add(name.split(' as ').at(-1)!);
      if (!name.includes(' as ')) own.add(name);
    }
    published.set(file, own);
  }
}

/** The entry of dist that stands for a source file. */
function entryOf(file: string): string | null {
  const [room] = relative(root, file).split(sep);
  if (room === 'src') return join(root, 'dist/index.js');
  return room === 'models' || room === 'diagnostics' ? join(root, `dist/${room}.js`) : null;
}

const seen = new Map<string, boolean>();
/**
 * Whether a file of the tests takes of the sources what the package exports, and nothing else; of types it may take
 * any.
 */
function isOutside(file: string): boolean {
  const known = seen.get(file);
  if (known !== undefined) return known;
  seen.set(file, true);
  const text = readFileSync(file, 'utf8');
  const outside = [...text.matchAll(STATEMENT)].every(([, names, path]) => {
    const target = resolve(dirname(file), path!);
    // A statement that names no file is the text of one that a script writes.
    if (entryOf(target) === null) return !target.endsWith('.ts') || !existsSync(target) || isOutside(target);
    return valuesIn(names!).every((name) => published.get(target)?.has(name.split(' as ')[0]!) ?? false);
  });
  const dynamic = /import\(\s*[`'"](?:\.\.\/)+(?:src|models|diagnostics)/.test(text);
  seen.set(file, outside && !dynamic);
  return outside && !dynamic;
}

const fromDist: Plugin = {
  name: 'from-dist',
  enforce: 'pre',
  resolveId: (path, importer) =>
    path.startsWith('.') && importer !== undefined ? entryOf(resolve(dirname(importer), path)) : null,
};

/** Long chains: what they show of the sources they show of their bundle. */
const LONG = /^(?:statistical|fuzz|oracle)\/|originAndUnit|departures|heavyTails|missedModes/;

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !LONG.test(name.split(sep).join('/')))
  .map((name) => join(root, 'test', name))
  .filter((file) => isOutside(file) && /from '(?:\.\.\/)+(?:src|models|diagnostics)\//.test(readFileSync(file, 'utf8')))
  .map((file) => relative(root, file).split(sep).join('/'));

export default defineConfig({
  plugins: [fromDist],
  test: { include: files, testTimeout: 600_000, hookTimeout: 600_000, isolate: false, maxWorkers: '100%' },
});
