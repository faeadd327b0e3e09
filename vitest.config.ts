import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const root = dirname(fileURLToPath(import.meta.url));

/**
 * What `test/bundle.ts` compiled in the place of every source file, loaded by Node itself. Not where tests are watched:
 * a change is to be seen.
 */
const fromModules: Plugin = {
  name: 'from-modules',
  enforce: 'pre',
  resolveId(path, importer) {
    const bundle = process.env['PARTIAL_POOLING_BUNDLE'];
    if (bundle === undefined || importer === undefined || !path.startsWith('.') || !path.endsWith('.ts')) return null;
    const file = relative(root, resolve(dirname(importer), path))
      .split(sep)
      .join('/');
    if (!/^(?:src|models|diagnostics)\//.test(file)) return null;
    return { id: join(bundle, 'modules', file.replace(/\.ts$/, '.js')), external: true };
  },
};

/** Tests that put a module of their own in the place of another. */
const MOCKING = ['test/run/workers.test.ts', 'test/likelihood/earlierRules.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'test/bundle.ts',
    // Against hanging alone: no test is right or wrong by its time, and a busy machine may take several times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // By default one processor is left free, which on two is half of them.
    maxWorkers: '100%',
    projects: [
      // Modules are loaded once a process, not once a file: loading took a sixth of the time.
      {
        extends: true,
        plugins: process.argv.includes('run') ? [fromModules] : [],
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts'],
          exclude: MOCKING,
          isolate: false,
          server: { deps: { external: [/partial-pooling-bundle-/] } },
        },
      },
      { extends: true, test: { name: 'mocking', include: MOCKING, isolate: true } },
    ],
  },
});
