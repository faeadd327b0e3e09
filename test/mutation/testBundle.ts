import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './mutants.ts';

/** What stands before every bundle: the switch of the mutants, and the record of those reached. */
const BANNER =
  'var __active = globalThis.__mutation.active, __hits = globalThis.__mutation.hits;' +
  'function __M(id) { if (__hits !== null) __hits[id] = 1; return id === __active; }';

/**
 * A test file with all it imports from the repository as one script in CommonJS, `schemata` (path from the root to
 * text) in place of the sources of those names; packages stay imports. The sources are read once and never written.
 */
export async function testBundle(file: string, schemata: ReadonlyMap<string, string>): Promise<string> {
  const result = await build({
    entryPoints: [join(root, file)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    banner: { js: BANNER },
    logLevel: 'silent',
    plugins: [
      {
        name: 'schemata',
        setup(setup) {
          setup.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = schemata.get(relative(root, path)) ?? readFileSync(path, 'utf8');
            return {
              loader: 'ts',
              contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
            };
          });
        },
      },
    ],
  });
  return result.outputFiles[0]!.text;
}
