import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms of the sources. */
const ROOMS = ['src', 'models', 'diagnostics'];

/**
 * Every file of the sources as JavaScript in `folder`, under its own path, one build for all, so that tests take inner
 * parts as they are. What the runner compiles for itself reads every imported name through a getter, which costs a
 * sweep or the fitting of a proposal a third of its time, and up to a half where a function is named in the inner loop.
 */
async function compileSources(folder: string): Promise<void> {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `${room}/${name}`),
  );
  await build({
    absWorkingDir: root,
    entryPoints: files.map((path) => ({ in: path, out: path.replace(/\.ts$/, '') })),
    outdir: join(folder, 'modules'),
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  // Chunks lie beside this, and look for the worker there.
  writeFileSync(join(folder, 'modules', 'worker.js'), "import '../worker.js';\n");
}

/**
 * Before all tests: the command, the worker and the examples in one folder, bundled once, so that each of the many
 * processes and threads that tests start loads in a tenth of a second what it takes two to load file by file through
 * tsx; and every source file for the tests themselves (`fromModules`). PARTIAL_POOLING_BUNDLE names the folder; without
 * it the sources run. Run once for each project of the tests.
 */
export default async function setup(): Promise<(() => void) | undefined> {
  if (process.env['PARTIAL_POOLING_BUNDLE'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'partial-pooling-bundle-'));
  const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts') && name !== 'example.ts');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts', 'src/run/worker.ts', ...examples.map((name) => `examples/${name}`)].map((path) => ({
      in: path,
      out: path.replace(/^.*\/|\.ts$/g, ''),
    })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // The package of a database, which has parts of machine code, loads its own.
    external: ['@duckdb/*'],
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'examples/data'), join(folder, 'data'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await compileSources(folder);
  process.env['PARTIAL_POOLING_BUNDLE'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
