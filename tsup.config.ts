import { defineConfig, type Options } from 'tsup';

/**
 * The Mersenne Twister asks for two helpers that bring @stdlib's complex, half-precision and boolean arrays along, a sixth of
 * the bundle; it only ever gives them Uint32Arrays of stride 1.
 */
const replacements: Readonly<Record<string, string>> = {
  '@stdlib/blas/base/gcopy': `
    module.exports = function (n, x, strideX, y, strideY) { return module.exports.ndarray(n, x, strideX, 0, y, strideY, 0); };
    module.exports.ndarray = function (n, x, strideX, offsetX, y, strideY, offsetY) {
      for (var i = 0; i < n; i += 1) y[offsetY + i * strideY] = x[offsetX + i * strideX];
      return y;
    };`,
  '@stdlib/array/to-json':
    "module.exports = function (x) { return { type: 'Uint32Array', data: Array.prototype.slice.call(x) }; };",
};

const slimStdlib: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'slim-stdlib',
  setup(build) {
    build.onResolve({ filter: /^@stdlib\// }, ({ path }) =>
      path in replacements ? { path, namespace: 'slim' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'slim' }, ({ path }) => ({ contents: replacements[path]!, loader: 'js' }));
  },
};

const shared: Options = {
  target: 'node20',
  // @stdlib's umbrella packages weigh hundreds of megabytes: the few functions in use are bundled, never installed.
  noExternal: [/^@stdlib/],
  esbuildPlugins: [slimStdlib],
};

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      models: 'models/index.ts',
      diagnostics: 'diagnostics/index.ts',
      worker: 'src/run/worker.ts',
    },
    format: ['esm', 'cjs'],
    dts: true,
    // CommonJS has no import.meta: where the code asks for its own address, it gets the file's path instead.
    esbuildOptions(options, { format }) {
      if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': '__filename' };
    },
  },
  { ...shared, entry: { cli: 'src/cli.ts' }, format: ['esm'] },
]);
