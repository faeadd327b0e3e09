import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every source file of the package. */
const sources = ['src', 'models', 'diagnostics']
  .flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
  )
  .filter((path) => path.endsWith('.ts'));

/**
 * The codes that source text gives: the first argument of a ModelError or of the functions that make one, where it is a
 * literal.
 */
function codesGiven(text: string): string[] {
  const calls =
    /(?:new ModelError|\bfail|\bwrongValue|\btooMany)\(\s*((?:'[a-z0-9-]+')|(?:[^,()]+\? '[a-z0-9-]+' : '[a-z0-9-]+'))/g;
  return [...text.matchAll(calls)].flatMap(([, first]) =>
    [...first!.matchAll(/'([a-z0-9-]+)'(?! \?|\s*\?)/g)].map(([, code]) => code!),
  );
}

it('the page of errors has every code that is thrown, once, and no other', () => {
  const given = new Set(sources.flatMap((path) => codesGiven(readFileSync(join(root, path), 'utf8'))));
  const page = readFileSync(join(root, 'examples/howto/errors.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((line) =>
    [...line.split(' | ')[0]!.matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => code!),
  );
  expect(listed.filter((code, at) => listed.indexOf(code) !== at)).toEqual([]);
  expect(given.size).toBeGreaterThan(100);
  expect([...given].filter((code) => !listed.includes(code)).sort()).toEqual([]);
  expect(listed.filter((code) => !given.has(code)).sort()).toEqual([]);
});
