import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Sentences with the seconds from the start of a process to 4 x 1000 draws of radon on disk, and those to import the
 * built library.
 */
export function firstDraws(rounds = 5): string[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const cli = join(root, 'dist/cli.js');
  if (!existsSync(cli)) return ['Not measured: run npm run build first.'];
  const folder = mkdtempSync(join(tmpdir(), 'first-draws-'));
  const radon = join(root, 'test/fixtures/data/radon_arm.csv');
  const timed = (args: readonly string[]): { wall: number; text: string } => {
    const start = performance.now();
    const text = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return { wall: (performance.now() - start) / 1000, text };
  };
  const models = ['log_radon ~ floor + (1 | county)', 'log_radon ~ floor * log_uranium + (1 + floor | county)'];
  const sentences = models.map((model) => {
    const out = join(folder, 'fit.json');
    const times = Array.from(
      { length: rounds },
      () => timed([cli, 'fit', model, '--data', radon, '--out', out, '--json']).wall,
    );
    return `\`partial-pooling fit "${model}" --out fit.json\`, process start to end, 4 x 1000 draws on disk, diagnostics printed: ${Math.min(...times).toFixed(2)} s at best of ${rounds} (${times.map((time) => time.toFixed(2)).join(', ')}).`;
  });
  const code = `const t = performance.now(); await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}); console.log(performance.now() - t)`;
  const loads = Array.from({ length: rounds }, () => Number(timed(['--input-type=module', '-e', code]).text));
  rmSync(folder, { recursive: true, force: true });
  return [
    ...sentences,
    `Import of dist/index.js: ${Math.min(...loads).toFixed(0)} ms at best of ${rounds} (${loads.map((load) => load.toFixed(0)).join(', ')}).`,
  ].flatMap((sentence, i) => (i === 0 ? [sentence] : ['', sentence]));
}
