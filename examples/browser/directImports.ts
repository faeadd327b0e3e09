import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const IMPORTS = /^import \{([^}]*)\} from '([^']*\/index\.ts)';/gm;
const EXPORTS = /export \{([^}]*)\} from '([^']+)';/g;

/**
 * Takes each name from the file that makes it where the page takes it from an entry of the library. esbuild cuts chunks
 * by files: whoever takes one name of an entry would be joined with all that the entry names, so that nothing could be
 * fetched later. The entries only re-export, which the tests of the library hold.
 */
export function directImports(folder: string): Plugin {
  return {
    name: 'direct imports',
    setup({ onLoad }) {
      const made = new Map<string, ReadonlyMap<string, string>>();
      const makers = (entry: string): ReadonlyMap<string, string> => {
        const known = made.get(entry) ?? makersOf(entry);
        made.set(entry, known);
        return known;
      };
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(folder)) return null;
        const contents = readFileSync(path, 'utf8').replace(IMPORTS, (_, names: string, from: string) => {
          const entry = resolve(dirname(path), from);
          return namesIn(names)
            .map((name) => `import { ${name} } from ${JSON.stringify(makers(entry).get(name.split(' as ')[0]!))};`)
            .join('\n');
        });
        return { contents, loader: 'ts', resolveDir: dirname(path) };
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
