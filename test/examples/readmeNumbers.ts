import { readFileSync } from 'node:fs';

const readme = readFileSync(new URL('../../examples/README.md', import.meta.url), 'utf8');

/**
 * The numbers with decimals in what examples/README.md says of an example after "What to look at" that its output has
 * not: a number of the text is in the output when one there rounds to it, per cents as shares too. Numbers without
 * decimals are words as often as results, and are not looked for.
 */
export function numbersNotPrinted(name: string, output: string): string[] {
  const start = readme.indexOf(`### [${name}](`);
  const end = readme.indexOf('\n### ', start + 1);
  const section = readme.slice(start, end < 0 ? undefined : end);
  const text = section.slice(section.indexOf('**What to look at.**'));
  const printed = numbersOf(output).map(Number);
  return numbersOf(text).filter((number) => {
    if (!number.includes('.')) return false;
    const decimals = number.split('.')[1]!.length;
    const value = Math.abs(Number(number));
    // Half a unit of the last digit, and a little for numbers that were themselves rounded.
    const reach = 0.5 * 10 ** -decimals * 1.002;
    return !printed.some((found) => [1, 100].some((times) => Math.abs(Math.abs(found) * times - value) <= reach));
  });
}

function numbersOf(text: string): string[] {
  return text.match(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\.\d)/g) ?? [];
}
