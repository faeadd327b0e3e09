import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryPictures } from '../../examples/pictures.ts';
import { wellFormed } from '../plots/wellFormed.ts';
import { runSourceExample } from './runExample.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

it('those of the repository are what `npm run pictures` draws, and the README shows them', () => {
  const drawn = repositoryPictures();
  expect(readdirSync(at('examples/pictures')).sort()).toEqual([...drawn.keys()].sort());
  const readme = readFileSync(at('README.md'), 'utf8');
  for (const [name, svg] of drawn) {
    expect(readFileSync(at(`examples/pictures/${name}`), 'utf8') === svg).toBe(true);
    expect(readme).toContain(`](examples/pictures/${name})`);
  }
  for (const [, path] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) expect(existsSync(at(path!))).toBe(true);
});

it('an example writes its own where a folder is named, and says so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  try {
    const { status, output } = runSourceExample('eightSchools', '--pictures', join(folder, 'new'));
    expect(status).toBe(0);
    const written = readdirSync(join(folder, 'new'));
    expect(written.length).toBe(4);
    for (const name of written) {
      expect(output).toContain(name);
      expect(wellFormed(readFileSync(join(folder, 'new', name), 'utf8').trim())).toBeNull();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
