import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * `npm run notices` writes THIRD-PARTY-NOTICES: the packages whose code is bundled into `dist`, with their licences.
 * What is bundled is read off a bundle of every entry, not off a list.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const ENTRIES = [
  'src/index.ts',
  'models/index.ts',
  'diagnostics/index.ts',
  'src/plots/index.ts',
  'src/datasets/index.ts',
  'src/report/html/index.ts',
  'src/reduction/index.ts',
  'src/run/worker.ts',
  'src/cli.ts',
];

/**
 * The packages bundled, by name. Packages that users install when they want them (`peerDependencies`) are not bundled.
 */
async function bundledPackages(): Promise<string[]> {
  const { peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    peerDependencies?: Record<string, string>;
  };
  const { metafile } = await build({
    entryPoints: ENTRIES.map((entry) => `${root}${entry}`),
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    outdir: `${root}dist`,
    metafile: true,
    external: Object.keys(peerDependencies ?? {}),
    logLevel: 'silent',
  });
  const names = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** The text of THIRD-PARTY-NOTICES. */
export async function notices(): Promise<string> {
  const parts = (await bundledPackages()).map((name) => {
    const folder = `${root}node_modules/${name}/`;
    const { license } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { license?: string };
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no file with its licence`);
    const text = readFileSync(`${folder}${file}`, 'utf8').trim().replaceAll('\r\n', '\n');
    return `${name} (${license ?? 'licence below'})\n${'-'.repeat(72)}\n${text}\n`;
  });
  const head = 'The published files of partial-pooling contain code of the packages below, under the licences given.\n';
  return `${head}\n${parts.join('\n\n')}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(`${root}THIRD-PARTY-NOTICES`, await notices());
}
