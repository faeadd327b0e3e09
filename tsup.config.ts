import { defineConfig, type Options } from 'tsup';

const shared: Options = {
  target: 'node20',
  // What is bundled is never installed by users; it is bundled as its authors wrote it.
  noExternal: ['papaparse', 'hyparquet', /^d3-/],
  // Rollup leaves out what d3 has beside what is used; esbuild cannot tell that its curves are never drawn.
  treeshake: true,
};

const entries = {
  index: 'src/index.ts',
  models: 'models/index.ts',
  diagnostics: 'diagnostics/index.ts',
  plots: 'src/plots/index.ts',
  data: 'src/datasets/index.ts',
  report: 'src/report/html/index.ts',
  database: 'src/reduction/index.ts',
  worker: 'src/run/worker.ts',
};

export default defineConfig([
  // The command is one of the modules, so that it shares their chunks.
  { ...shared, entry: { ...entries, cli: 'src/cli.ts' }, format: ['esm'], dts: { entry: entries } },
  {
    ...shared,
    entry: entries,
    format: ['cjs'],
    dts: true,
    // CommonJS has no import.meta: where the code asks for its own address, it gets the file's path instead.
    esbuildOptions(options) {
      options.define = { ...options.define, 'import.meta.url': '__filename' };
    },
  },
]);
