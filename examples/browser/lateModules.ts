import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Parts of the library that no Gaussian model with independent rows asks for, as the first example is one: files of
 * functions alone, which are fetched when one of these is called (`engine/late.ts`). Kernels are none of them: a worker
 * of a chain has no page to ask.
 */
const LATE = [
  'likelihood/generalized/generalizedFit.ts',
  'likelihood/generalized/glmOverOwn.ts',
  'likelihood/generalized/noPoolingGlm.ts',
  'likelihood/structured/structuredFit.ts',
  'likelihood/structured/structuredAt.ts',
  'likelihood/gaussian/probedFactorisation.ts',
  'likelihood/gaussian/sparseFactorisation.ts',
  'design/build/structuredGroups.ts',
  'residual/residualModel.ts',
  'residual/whitening.ts',
];

const FUNCTIONS = /^export function (\w+)/gm;

/** Puts in the place of these files the names of their functions, each of which fetches its file. */
export function lateModules(folder: string): Plugin {
  const library = resolve(folder, '../../src');
  const files = new Set(LATE.map((path) => join(library, path)));
  return {
    name: 'late modules',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        // Of each other these files take what they need at once.
        const asked = kind === 'import-statement' && files.has(file) && !LATE_ROOM.test(resolveDir);
        return asked ? { path: file, namespace: 'late' } : null;
      });
      onResolve({ filter: /^late modules$/ }, () => ({ path: 'modules', namespace: 'late' }));
      onLoad({ filter: /\.ts$/, namespace: 'late' }, ({ path }) => {
        const names = [...readFileSync(path, 'utf8').matchAll(FUNCTIONS)].map(([, name]) => name!);
        const lines = [
          `import { late } from ${JSON.stringify(join(folder, 'engine/late.ts'))};`,
          `const part = late(() => import('late modules'));`,
          ...names.map((name) => `export const ${name} = /* @__PURE__ */ part('${name}');`),
        ];
        return { contents: lines.join('\n'), loader: 'js', resolveDir: folder };
      });
      // All in one, which begins with what is there already, so that it is few chunks.
      onLoad({ filter: /^modules$/, namespace: 'late' }, () => ({
        contents: [
          `import ${JSON.stringify(join(folder, 'engine/session.ts'))};`,
          ...[...files].map((file) => `export * from ${JSON.stringify(file)};`),
        ].join('\n'),
        loader: 'js',
        resolveDir: folder,
      }));
    },
  };
}

/** Rooms whose files are fetched with them, and those of chains, whose workers have no page to ask. */
const LATE_ROOM = /\/(likelihood\/(generalized|structured)|residual|kernels|products)(\/|$)/;
