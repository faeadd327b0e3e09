import { defineConfig, type Options } from 'tsup';

const shared: Options = {
  target: 'node20',
  // @stdlib's umbrella packages weigh hundreds of megabytes: the few functions in use are bundled, never installed.
  noExternal: [/^@stdlib/],
};

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', models: 'models/index.ts', diagnostics: 'diagnostics/index.ts' },
    format: ['esm', 'cjs'],
    dts: true,
  },
  { ...shared, entry: { cli: 'src/cli.ts' }, format: ['esm'] },
]);
