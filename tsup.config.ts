import { defineConfig, type Options } from 'tsup';

const shared: Options = {
  target: 'node20',
  // What is bundled is never installed by users; it is bundled as its authors wrote it.
  noExternal: ['papaparse', /^d3-/],
};

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      models: 'models/index.ts',
      diagnostics: 'diagnostics/index.ts',
      plots: 'src/plots/index.ts',
      data: 'src/datasets/index.ts',
      report: 'src/report/html/index.ts',
      database: 'src/reduction/index.ts',
      worker: 'src/run/worker.ts',
    },
    format: ['esm', 'cjs'],
    dts: true,
    // Rollup leaves out what d3 has beside what is used; esbuild cannot tell that its curves are never drawn.
    treeshake: true,
    // CommonJS has no import.meta: where the code asks for its own address, it gets the file's path instead.
    esbuildOptions(options, { format }) {
      if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': '__filename' };
    },
  },
  { ...shared, entry: { cli: 'src/cli.ts' }, format: ['esm'] },
]);
