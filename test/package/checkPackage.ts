/**
 * Packs the package, installs it into an empty project and tries what a user would: import, require, types, the
 * command, a browser bundle. Slow (a build and an installation), so not part of the test run: `npm run check:package`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { consumer } from './consumer.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'partial-pooling-'));
const entries = ['', '/models', '/diagnostics', '/plots', '/report', '/data', '/database'].map(
  (entry) => `partial-pooling${entry}`,
);
let failures = 0;

function report(what: string, ok: boolean, detail = ''): void {
  if (!ok) failures += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${what}${detail === '' ? '' : `: ${detail}`}`);
}

function run(command: string, args: readonly string[], cwd = project): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a check; what it throws is its failure. */
async function step(what: string, action: () => string | Promise<string>): Promise<void> {
  try {
    report(what, true, await action());
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message?: string };
    report(what, false, [message, stdout, stderr].filter(Boolean).join('\n').slice(0, 4000));
  }
}

function folderSize(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    const full = join(path, entry.name);
    return sum + (entry.isDirectory() ? folderSize(full) : statSync(full).size);
  }, 0);
}

function demand(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}

const tarball = join(
  project,
  run('npm', ['pack', '--silent', '--pack-destination', project], root).trim().split('\n').at(-1)!,
);
report('packed', true, `${(statSync(tarball).size / 1000).toFixed(0)} kB`);
writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));

await step('installs into an empty project, below 9.5 MB in all', () => {
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', tarball]);
  const size = folderSize(join(project, 'node_modules'));
  demand(size < 9.5e6, `node_modules holds ${size} bytes`);
  const packages = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
  return `${(size / 1e6).toFixed(2)} MB: ${packages.join(', ')}`;
});

for (const entry of entries) {
  await step(`${entry} by import and by require, the same names`, () => {
    const names = 'console.log(Object.keys(m).filter((k) => k !== "default" && k !== "module.exports").sort().join())';
    const imported = run('node', ['--input-type=module', '-e', `import * as m from '${entry}'; ${names}`]);
    const required = run('node', ['--input-type=commonjs', '-e', `const m = require('${entry}'); ${names}`]);
    demand(imported === required, `import gives ${imported}, require gives ${required}`);
    return `${imported.trim().split(',').length} names`;
  });
}

await step('the draws by import and by require are equal', () => {
  const code = `const data = { rows: { y: [1, 2, 3, 5, 8, 13], g: ['a', 'a', 'b', 'b', 'c', 'c'] } };
    const fit = p.sampleSync(p.formula('y ~ 1 + (1 | g)'), data, { chains: 2, warmup: 50, iterations: 50 });
    console.log(Array.from(fit.draws.values).join())`;
  const imported = run('node', ['--input-type=module', '-e', `import * as p from 'partial-pooling'; ${code}`]);
  const required = run('node', ['--input-type=commonjs', '-e', `const p = require('partial-pooling'); ${code}`]);
  demand(imported === required && imported.length > 1000, 'they differ');
  return '';
});

await step('chains in workers by import, by require and by the command, the draws of chains in turn', () => {
  const code = `const data = { rows: { y: [1, 2, 3, 5, 8, 13], g: ['a', 'a', 'b', 'b', 'c', 'c'] } };
    const options = { chains: 3, warmup: 50, iterations: 50, workers: WORKERS };
    p.sample(p.formula('y ~ 1 + (1 | g)'), data, options).then((fit) => console.log(Array.from(fit.draws.values).join()))`;
  const load = { module: "import * as p from 'partial-pooling';", commonjs: "const p = require('partial-pooling');" };
  const draws = (['module', 'commonjs'] as const).flatMap((type) =>
    ['false', '2', '3'].map((workers) =>
      run('node', [`--input-type=${type}`, '-e', `${load[type]} ${code.replace('WORKERS', workers)}`]),
    ),
  );
  demand(draws[0]!.length > 1000 && new Set(draws).size === 1, 'they differ');
  writeFileSync(join(project, 'w.csv'), 'y,g\n1,a\n2,a\n3,b\n5,b\n8,c\n13,c\n');
  const posteriors = ['none', '2'].map((workers) => {
    const options = ['--iterations', '200', '--workers', workers, '--out', `w${workers}.json`, '--json'];
    try {
      run('npx', ['--no-install', 'partial-pooling', 'fit', 'y ~ 1 + (1 | g)', '--data', 'w.csv', ...options]);
    } catch (error) {
      // Six rows are too few to be trusted: status 3.
      if ((error as { status?: number }).status !== 3) throw error;
    }
    return JSON.stringify(JSON.parse(readFileSync(join(project, `w${workers}.json`), 'utf8')).posterior);
  });
  demand(posteriors[0]!.length > 1000 && posteriors[0] === posteriors[1], 'those of the command differ');
  return '';
});

await step('CSV goes in and out as in the sources', () => {
  const code = `const { readDrawsCsv } = await import('partial-pooling/diagnostics');
    const rows = p.parseCsv('y,g\\n1,"a, 1"\\n2,"a, 1"\\n3,b\\n5,b\\n', 'rows.csv');
    const fit = p.sampleSync(p.formula('y ~ 1 + (1 | g)'), { rows }, { chains: 2, warmup: 20, iterations: 20 });
    console.log(p.formatCsv(rows) + readDrawsCsv(p.toWideCsv(fit)).map(({ name }) => name).join(';'));`;
  const out = run('node', ['--input-type=module', '-e', `import * as p from 'partial-pooling'; ${code}`]);
  const expected =
    'y,g\n1,"a, 1"\n2,"a, 1"\n3,b\n5,b\nbeta[Intercept];tau_g[Intercept];u_g[a, 1,Intercept];u_g[b,Intercept];sigma\n';
  demand(out === expected, `it gives ${out}`);
  return '';
});

await step('a worker of a page bundles, at most 140 kB gzipped, and answers', async () => {
  const stdin = { contents: "import 'partial-pooling/worker';", resolveDir: project };
  const options = { stdin, bundle: true, platform: 'browser', minify: true, write: false, logLevel: 'silent' } as const;
  const bundle = (await build({ ...options, format: 'iife' })).outputFiles[0]!.text;
  let listener: ((event: { data: unknown }) => void) | undefined;
  const replies: { kind: string }[] = [];
  const addEventListener = (_: string, given: (event: { data: unknown }) => void): void => {
    listener = given;
  };
  const scope = { addEventListener, postMessage: (reply: { kind: string }) => replies.push(reply), performance };
  runInNewContext(bundle, scope);
  listener?.({ data: { kind: 'stop' } });
  demand(replies[0]?.kind === 'stopped', `it answered ${JSON.stringify(replies)}`);
  const size = gzipSync(bundle, { level: 9 }).length;
  demand(size <= 140_000, `${(size / 1000).toFixed(1)} kB gzipped`);
  return `${(size / 1000).toFixed(1)} kB gzipped`;
});

for (const [module, resolution, file] of [
  ['nodenext', 'nodenext', 'consumer.mts'],
  ['nodenext', 'nodenext', 'consumer.cts'],
  ['esnext', 'bundler', 'consumer.ts'],
] as const) {
  await step(`type-checks ${file} (module ${module}, strict, skipLibCheck false, no DOM, no @types/node)`, () => {
    writeFileSync(join(project, file), consumer);
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: false, lib: ['es2022'], types: [], target: 'es2022' },
      ...{ module, moduleResolution: resolution },
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
    return '';
  });
}

await step('the command runs', () => {
  const version = run('npx', ['--no-install', 'partial-pooling', '--version']).trim();
  const rows = Array.from({ length: 40 }, (_, i) => `${(i % 8) + ((i * 7) % 11) * 0.3},g${i % 8}`);
  writeFileSync(join(project, 'd.csv'), `y,g\n${rows.join('\n')}\n`);
  const out = run('npx', [
    '--no-install',
    'partial-pooling',
    'fit',
    'y ~ 1 + (1 | g)',
    '--data',
    'd.csv',
    '--json',
    '--out',
    'fit.json',
  ]);
  demand(JSON.parse(out).check.ok === true, out);
  run('npx', ['--no-install', 'partial-pooling', 'shrinkage', 'fit.json', '--json']);
  return version;
});

await step('nothing of @stdlib is left to install, in code or in types', () => {
  const dist = join(project, 'node_modules/partial-pooling/dist');
  const found = readdirSync(dist).filter((name) => {
    const text = readFileSync(join(dist, name), 'utf8');
    return (
      /(?:from|import|require\()\s*['"]@stdlib/.test(text) || (/\.d\.c?ts$/.test(name) && text.includes('@stdlib'))
    );
  });
  demand(found.length === 0, found.join(', '));
  return '';
});

await step(
  'publint',
  () => run('npx', ['--no-install', 'publint', 'run', tarball, '--strict'], root).trim().split('\n').at(-1)!,
);
// With the resolution of Node 10, which many a tsconfig.json still asks for.
await step('attw', () => {
  run('npx', ['--no-install', 'attw', tarball, '--format', 'table-flipped'], root);
  return 'no problems';
});

await step('bundles for a browser, at most 366 kB gzipped, and samples there', async () => {
  const stdin = { contents: "export * from 'partial-pooling';", resolveDir: project };
  const options = { stdin, bundle: true, platform: 'browser', minify: true, write: false, logLevel: 'silent' } as const;
  const { outputFiles, metafile } = await build({ ...options, format: 'iife', globalName: 'pp', metafile: true });
  const inputs = Object.keys(metafile.inputs);
  const builtins = inputs.filter((name) => builtinModules.includes(name.replace(/^node:/, '')));
  demand(builtins.length === 0, `it needs ${builtins.join(', ')}`);
  const bundle = outputFiles[0]!.text;
  const context = { setTimeout, performance, result: '' };
  await runInNewContext(
    `${bundle}; pp.sample(pp.formula('y ~ 1 + (1 | g)'), { rows: { y: [1, 2, 3, 5, 8, 13], g: ['a', 'a', 'b', 'b', 'c', 'c'] } },
      { chains: 2, warmup: 50, iterations: 50 }).then((fit) => { result = String(fit.draws.values[0]); })`,
    context,
  );
  demand(Number.isFinite(Number(context.result)) && context.result !== '', 'no draws came out');
  const size = gzipSync(bundle, { level: 9 }).length;
  demand(size <= 366_000, `${(size / 1000).toFixed(1)} kB gzipped`);
  return `${(size / 1000).toFixed(1)} kB gzipped, ${(bundle.length / 1000).toFixed(0)} kB minified`;
});

/** What every other entry bundles to by itself for a browser, at most, in bytes gzipped. */
const LARGEST: Readonly<Record<string, number>> = {
  models: 31_000,
  diagnostics: 34_000,
  plots: 236_000,
  report: 234_000,
  data: 25_000,
  database: 43_000,
};
for (const [entry, most] of Object.entries(LARGEST)) {
  await step(`${entry} by itself bundles to at most ${most / 1000} kB gzipped`, async () => {
    const stdin = { contents: `export * from 'partial-pooling/${entry}';`, resolveDir: project };
    const options = { stdin, bundle: true, platform: 'browser', minify: true, write: false, format: 'esm' } as const;
    const { outputFiles } = await build({ ...options, logLevel: 'silent' });
    const size = gzipSync(outputFiles[0]!.text, { level: 9 }).length;
    demand(size <= most, `${(size / 1000).toFixed(1)} kB`);
    return `${(size / 1000).toFixed(1)} kB`;
  });
}

await step(
  'the pictures by themselves bundle d3 and the summaries they draw, and add at most 54 kB gzipped to all of the package',
  async () => {
    const sizeOf = async (contents: string): Promise<number> => {
      const options = { bundle: true, platform: 'browser', minify: true, write: false, logLevel: 'silent' } as const;
      const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: project }, format: 'esm' });
      return gzipSync(outputFiles[0]!.text, { level: 9 }).length;
    };
    const without = await sizeOf("export * from 'partial-pooling';");
    const whole = await sizeOf("export * from 'partial-pooling'; export * as plots from 'partial-pooling/plots';");
    const added = `${((whole - without) / 1000).toFixed(1)} kB gzipped`;
    demand(whole - without <= 54_000, added);
    return added;
  },
);

await step('loads', () => {
  const code =
    "const t = performance.now(); await import('partial-pooling'); console.log((performance.now() - t).toFixed(1))";
  const times = Array.from({ length: 5 }, () => Number(run('node', ['--input-type=module', '-e', code])));
  return `${Math.min(...times)} ms at best of ${times.length}`;
});

rmSync(project, { recursive: true, force: true });
console.log(failures === 0 ? 'The package is in order.' : `${failures} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
