import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';
import { defineConfig, type Options } from 'tsup';

const exported = (code: string): string => `module.exports = ${code};`;

/**
 * What the Mersenne Twister and erfc ask of the rest of @stdlib, as the engines of today have it: @stdlib's own brings polyfills, the detection of features,
 * complex, half-precision and boolean arrays, and the formatting of messages that no one sees, a fifth of the bundle. No number changes.
 */
const replacements: Readonly<Record<string, string>> = {
  '@stdlib/array/float64': exported('Float64Array'),
  '@stdlib/array/uint32': exported('Uint32Array'),
  '@stdlib/array/uint16': exported('Uint16Array'),
  '@stdlib/array/uint8': exported('Uint8Array'),
  '@stdlib/array/to-json': exported(
    "function (x) { return { type: 'Uint32Array', data: Array.prototype.slice.call(x) }; }",
  ),
  '@stdlib/assert/has-own-property': exported(
    'function (x, key) { return Object.prototype.hasOwnProperty.call(x, key); }',
  ),
  '@stdlib/assert/is-boolean': exported("{ isPrimitive: function (x) { return typeof x === 'boolean'; } }"),
  '@stdlib/assert/is-collection': exported(
    "function (x) { return typeof x === 'object' && x !== null && x.length >= 0; }",
  ),
  '@stdlib/assert/is-little-endian': exported('new Uint8Array(new Uint32Array([1]).buffer)[0] === 1'),
  '@stdlib/assert/is-plain-object': exported(
    "function (x) { return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype; }",
  ),
  '@stdlib/assert/is-positive-integer': exported(
    '{ isPrimitive: function (x) { return Number.isInteger(x) && x > 0; } }',
  ),
  '@stdlib/assert/is-uint32array': exported('function (x) { return x instanceof Uint32Array; }'),
  '@stdlib/blas/base/gcopy': `
    module.exports = function (n, x, strideX, y, strideY) { return module.exports.ndarray(n, x, strideX, 0, y, strideY, 0); };
    module.exports.ndarray = function (n, x, strideX, offsetX, y, strideY, offsetY) {
      for (var i = 0; i < n; i += 1) y[offsetY + i * strideY] = x[offsetX + i * strideX];
      return y;
    };`,
  '@stdlib/math/base/assert/is-infinite': exported('function (x) { return x === Infinity || x === -Infinity; }'),
  '@stdlib/math/base/assert/is-nan': exported('function (x) { return x !== x; }'),
  '@stdlib/math/base/special/abs': exported('Math.abs'),
  '@stdlib/math/base/special/copysign': exported(
    'function (x, y) { return y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x); }',
  ),
  // x 2^k for x about 1, by exact products and one that may round to a subnormal number; what is below the least of them is 0.
  '@stdlib/math/base/special/ldexp': `
    function power(k) { return new Float64Array(new Uint32Array(little ? [0, (k + 1023) << 20] : [(k + 1023) << 20, 0]).buffer)[0]; }
    var little = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
    module.exports = function (x, k) {
      if (k > 1023) return x * power(1023) * power(Math.min(k - 1023, 1023));
      if (k >= -968) return x * power(k);
      var high = x * power(Math.max(k + 54, -1022));
      return Math.abs(high) < power(-1020) ? 0 * x : high * power(-54);
    };`,
  '@stdlib/math/base/special/max': exported('Math.max'),
  '@stdlib/math/base/special/trunc': exported('Math.trunc'),
  '@stdlib/number/uint32/base/mul': exported('function (a, b) { return Math.imul(a, b) >>> 0; }'),
  // The seed is always given.
  '@stdlib/random/base/mt19937/lib/rand_uint32.js': exported('null'),
  '@stdlib/string/format': exported("function () { return Array.prototype.join.call(arguments, ' '); }"),
  '@stdlib/utils/define-nonenumerable-read-only-accessor': exported(
    'function (x, key, get) { Object.defineProperty(x, key, { get: get }); }',
  ),
  '@stdlib/utils/define-nonenumerable-read-only-property': exported(
    'function (x, key, value) { Object.defineProperty(x, key, { value: value }); }',
  ),
  '@stdlib/utils/define-nonenumerable-read-write-accessor': exported(
    'function (x, key, get, set) { Object.defineProperty(x, key, { get: get, set: set }); }',
  ),
};

const replaceParts: Plugin = {
  name: 'replace-parts',
  setup(own) {
    own.onResolve({ filter: /^[@.]/ }, ({ path, resolveDir }) => {
      // Within one package @stdlib's files name each other by relative paths.
      const name = path.startsWith('.') ? join(resolveDir, path).replace(/^.*\/node_modules\//, '') : path;
      return name in replacements ? { path: name, namespace: 'replaced' } : undefined;
    });
    own.onLoad({ filter: /./, namespace: 'replaced' }, ({ path }) => ({ contents: replacements[path]!, loader: 'js' }));
  },
};

/** Each function of @stdlib becomes one minified module: as the many files it is, their paths would stay in the bundles of users. */
const slimStdlib: Plugin = {
  name: 'slim-stdlib',
  setup(own) {
    own.onLoad({ filter: /node_modules\/@stdlib\/.*\.js$/ }, async ({ path }) => {
      const options: BuildOptions = { bundle: true, minify: true, format: 'cjs', platform: 'browser', write: false };
      const { outputFiles } = await build({ ...options, entryPoints: [path], plugins: [replaceParts] });
      // What it says to wrong arguments no one sees: they are checked before.
      return { contents: outputFiles![0]!.text.replace(/"invalid [^"]*"/g, '"invalid"'), loader: 'js' };
    });
  },
};

/**
 * Papaparse without what reads files, addresses, streams and in workers, guesses the delimiter, or makes numbers and headers of texts: it is given texts, told
 * that commas delimit them, and asked for texts.
 */
const slimPapaparse: Plugin = {
  name: 'slim-papaparse',
  setup(own) {
    own.onLoad({ filter: /node_modules\/papaparse\/papaparse\.js$/ }, async ({ path }) => {
      let code = await readFile(path, 'utf8');
      const replace = (part: RegExp, instead: string): void => {
        const before = code;
        code = before.replace(part, instead);
        if (code === before) throw new Error(`papaparse has no ${part} any more`);
      };
      for (const name of [
        'NetworkStreamer',
        'FileStreamer',
        'ReadableStreamStreamer',
        'DuplexStreamStreamer',
        'getWorkerBlob',
        'bindFunction',
        'newWorker',
        'mainThreadReceivedMessage',
        'completeWorker',
        'workerThreadReceivedMessage',
        'guessDelimiter',
        'needsHeaderRow',
        'fillHeaderFields',
        'parseDynamic',
        'testFloat',
        'shouldApplyDynamicTyping',
        'applyHeaderAndDynamicTypingAndTransformation',
      ]) {
        replace(new RegExp(`\n(\t+)function ${name}\\([^]*?\n\\1}\n`), `\n$1function ${name}() {}\n`);
        code = code.replaceAll(new RegExp(`\n\t+(Papa\\.)?${name}(\\.prototype\\S*)? = .*`, 'g'), '');
      }
      replace(/var (MAX_FLOAT|MIN_FLOAT|FLOAT|ISO_DATE) = .*/g, '');
      replace(/config\.header && !baseIndex/g, 'false');
      const { code: contents } = await transform(code, { minify: true, define: { PAPA_BROWSER_CONTEXT: 'true' } });
      return { contents, loader: 'js' };
    });
  },
};

const shared: Options = {
  target: 'node20',
  // @stdlib's umbrella packages weigh hundreds of megabytes: the few functions in use are bundled, never installed. papaparse takes half of the time of an
  // import by itself, as it loads Node's streams, which reading a text does not need; defined so, it leaves them out.
  noExternal: [/^@stdlib/, 'papaparse'],
  esbuildPlugins: [slimStdlib, slimPapaparse],
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
