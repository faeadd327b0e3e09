import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A block of code of a page. */
export interface CodeBlock {
  /** What stands after the opening fence: the language, and words for who runs it. */
  readonly info: string;
  readonly code: string;
  /** Line of the page, from 1. */
  readonly line: number;
}

/** Pages for readers: every README.md and how-to of the repository, by path. */
export function pages(): string[] {
  const found = ['src', 'models', 'diagnostics', 'test', 'examples'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => /\/README\.md$|\/howto\/[^/]+\.md$/.test(name)),
  );
  return ['README.md', 'CONTRIBUTING.md', ...found.sort()];
}

/** The text of a page. */
export const pageText = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** The blocks of a page, in its order. */
export function codeBlocks(path: string): CodeBlock[] {
  const text = pageText(path);
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((found) => ({
    info: found[1]!.trim(),
    code: found[2]!,
    line: text.slice(0, found.index).split('\n').length,
  }));
}
