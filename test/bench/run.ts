/**
 * Runs a bench as users run the library: bundled. `tsx test/bench/run.ts sampling 2000 hsb` bundles
 * test/bench/sampling.ts into a temporary folder and runs it with the remaining arguments; from the many modules that
 * tsx loads, tight loops take up to half as long again.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
const source = new URL(`${name}.ts`, import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const bundle = join(folder, `${name}.mjs`);
buildSync({
  entryPoints: [fileURLToPath(source)],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // papaparse without Node's streams, as in the build.
  define: { PAPA_BROWSER_CONTEXT: 'true', 'import.meta.url': JSON.stringify(source.href) },
  logLevel: 'error',
});
const { status } = spawnSync(process.execPath, [bundle, ...rest], { stdio: 'inherit' });
rmSync(folder, { recursive: true });
process.exitCode = status ?? 1;
