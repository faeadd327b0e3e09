/**
 * The fit files of the golden cases, byte for byte, on every platform: `npm run platforms`. Node 20, 22 and 24, Bun and
 * Deno come from the npm registry into a temporary folder; Chromium is `chromium` on the path or in the variable
 * CHROMIUM. `npm run platforms -- --write` records the hashes of this Node as the golden ones first. Ends with status 1
 * when any platform differs.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { proofTable, recordProof } from '../statistical/proof.ts';
import { goldenCases, goldenHashes } from './goldenCases.ts';

const start = performance.now();
const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const read = (file: string): string => readFileSync(join(fixtures, 'data', file), 'utf8');
const record = join(fixtures, 'golden/fitFiles.json');
if (process.argv.includes('--write')) writeFileSync(record, `${JSON.stringify(goldenHashes(read), null, 1)}\n`);
const golden = JSON.parse(readFileSync(record, 'utf8')) as Record<string, string>;

const folder = mkdtempSync(join(tmpdir(), 'platforms-'));
const files = Object.fromEntries([...new Set(goldenCases.map(({ file }) => file))].map((file) => [file, read(file)]));
const script = join(folder, 'hashes.js');
await build({
  stdin: {
    contents: `import { goldenHashes } from './goldenCases.ts';
      const files = ${JSON.stringify(files)};
      const text = JSON.stringify(goldenHashes((file) => files[file]));
      if (typeof document === 'object') document.body.textContent = text; else console.log(text);`,
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    loader: 'ts',
  },
  bundle: true,
  format: 'iife',
  target: 'es2022',
  outfile: script,
  logLevel: 'error',
});

type Hashes = Record<string, string>;

/** The hashes a version of Node gives, and its full version. */
function node(version: number): { name: string; hashes: Hashes } {
  const prefix = join(folder, `node${version}`);
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', prefix, `node@${version}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const binary = join(prefix, 'node_modules/node/bin/node');
  const name = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  return { name: `Node ${name}`, hashes: JSON.parse(execFileSync(binary, [script], { encoding: 'utf8' })) as Hashes };
}

/** The hashes another runtime from the npm registry gives, and its version. */
function runtime(name: 'bun' | 'deno', options: readonly string[]): { name: string; hashes: Hashes } {
  const prefix = join(folder, name);
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', prefix, name], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const binary = join(prefix, 'node_modules/.bin', name);
  // Bun prints its number alone, Deno "deno 2.9.6 (...)".
  const version = /\d+\.\d+\.\d+/.exec(execFileSync(binary, ['--version'], { encoding: 'utf8' }))![0];
  const hashes = JSON.parse(execFileSync(binary, [...options, script], { encoding: 'utf8' })) as Hashes;
  return { name: `${name === 'bun' ? 'Bun' : 'Deno'} ${version}`, hashes };
}

/** The hashes headless Chromium gives. */
function chromium(): { name: string; hashes: Hashes } {
  const command = process.env['CHROMIUM'] ?? 'chromium';
  const name = execFileSync(command, ['--version'], { encoding: 'utf8' }).trim().split(/\s+/).slice(0, 2).join(' ');
  const page = join(folder, 'page.html');
  writeFileSync(page, '<!doctype html><meta charset="utf-8"><body><script src="hashes.js"></script>');
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    ...quiet,
    `--user-data-dir=${join(folder, 'profile')}`,
  ];
  const dom = execFileSync(command, [...options, '--timeout=120000', '--dump-dom', `file://${page}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const text = /<body>(\{.*\})<\/body>/s.exec(dom)?.[1];
  if (text === undefined) throw new Error(`${name} printed no hashes: ${dom.slice(0, 300)}`);
  return { name, hashes: JSON.parse(text) as Hashes };
}

const attempts: readonly { readonly what: string; readonly run: () => { name: string; hashes: Hashes } }[] = [
  ...[20, 22, 24].map((version) => ({ what: `Node ${version}`, run: () => node(version) })),
  { what: 'Bun', run: () => runtime('bun', ['run']) },
  { what: 'Deno', run: () => runtime('deno', ['run', '--quiet']) },
  { what: 'Chromium', run: chromium },
];
const absent: string[] = [];
const results = attempts.flatMap(({ what, run }) => {
  try {
    return [run()];
  } catch (error) {
    absent.push(what);
    console.error(`${what} could not be run: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return [];
  }
});
rmSync(folder, { recursive: true, force: true });

const rows = goldenCases.map(({ name }) => [
  name,
  golden[name] ?? '',
  ...results.map(({ hashes }) => (hashes[name] === golden[name] ? 'same' : (hashes[name] ?? 'missing'))),
]);
const differing = rows.filter((row) => row.slice(2).some((cell) => cell !== 'same')).length;
const columns = ['model', 'hash of the fit file', ...results.map(({ name }) => name)];
const verdict = `${goldenCases.length} models on ${results.map(({ name }) => name).join(', ')}: ${differing === 0 ? 'every fit file is the same to the byte' : `${differing} differ`}.`;
console.log(proofTable({ columns, rows }).join('\n'));
console.log(`\n${verdict}`);
recordProof(
  {
    name: 'platforms',
    claim:
      'Equal seeds give fit files equal to the last byte (times aside) in Node 20, 22 and 24, in Bun, in Deno and in Chromium; the tests hold the hashes, in turn and in workers.',
    command: 'npm run platforms',
    verdict,
    passed: differing === 0 && absent.length === 0,
    columns,
    rows,
    notCovered: [
      ...absent.map((what) => `${what} could not be run where this was recorded.`),
      'Firefox and Safari, processors other than x86-64, and Node before 20 were not tried.',
    ],
  },
  (performance.now() - start) / 1000,
);
process.exitCode = differing === 0 && absent.length === 0 ? 0 : 1;
