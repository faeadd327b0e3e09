import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const IMPORTS = /^import \{([^}]*)\} from '([^']*\/index\.ts)';/gm;
const EXPORTS = /export \{([^}]*)\} from '([^']+)';/g;

/**
 * Takes each name from the file that makes it where the page takes it from an entry of the library. esbuild cuts chunks
 * by files: whoever takes one name of an entry would be joined with all that the entry names, so that nothing could be
 * fetched later. The entries only re-export, which the tests of the library hold.
 *
 * It makes a chunk of the files that the same set of entries reaches, and what is fetched later is an entry, too. So a
 * file that is fetched later is made to import the one that fetches it, which is there already: the files that come
 * first are then reached by all of them alike, and are few chunks that pack well rather than thirty that do not.
 *
 * Scales of d3 can go between colours, dates and transforms as well; those of pictures go between numbers alone.
 */
export function directImports(folder: string): Plugin {
  return {
    name: 'direct imports',
    setup({ onLoad, onResolve }) {
      const made = new Map<string, ReadonlyMap<string, string>>();
      const makers = (entry: string): ReadonlyMap<string, string> => {
        const known = made.get(entry) ?? makersOf(entry);
        made.set(entry, known);
        return known;
      };
      onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path, importer, resolveDir }) =>
        kind === 'dynamic-import' && importer.startsWith(folder)
          ? { path: resolve(resolveDir, path), pluginData: { importer } }
          : null,
      );
      onResolve({ filter: /^d3-interpolate$/ }, () => ({ path: join(folder, 'numbersAlone.ts') }));
      onLoad({ filter: /\.ts$/ }, ({ path, pluginData }) => {
        if (!path.startsWith(folder)) return null;
        const contents = readFileSync(path, 'utf8').replace(IMPORTS, (_, names: string, from: string) => {
          const entry = resolve(dirname(path), from);
          return namesIn(names)
            .map((name) => `import { ${name} } from ${JSON.stringify(makers(entry).get(name.split(' as ')[0]!))};`)
            .join('\n');
        });
        const { importer } = (pluginData ?? {}) as { readonly importer?: string };
        const after = importer === undefined ? '' : `\nimport ${JSON.stringify(importer)};\n`;
        return { contents: contents + after, loader: 'ts', resolveDir: dirname(path) };
      });
    },
  };
}

/** The file that makes each name of an entry. */
function makersOf(entry: string): ReadonlyMap<string, string> {
  const text = readFileSync(entry, 'utf8');
  return new Map(
    [...text.matchAll(EXPORTS)].flatMap(([, names, from]) =>
      namesIn(names!).map((name) => [name, join(dirname(entry), from!)] as const),
    ),
  );
}

/** The names of values in braces. */
function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}
