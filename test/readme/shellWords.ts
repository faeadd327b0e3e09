/**
 * The commands of a block of shell, each as its words: lines joined at a backslash, quotes taken off, comments left
 * out. What a shell would expand or pipe is no part of it: such a block is not one for readers to type.
 */
export function shellWords(code: string): string[][] {
  return code
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => wordsOf(line))
    .filter((words) => words.length > 0);
}

function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [found] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (found.startsWith('#')) break;
    words.push(found.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
  }
  return words;
}
