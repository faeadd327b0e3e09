import type { Variable } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';

const INDEX_LINE = /^\s*(\S.*?)\s+(\d+)\s+(\d+)\s*$/;
const CHAIN_LINE = /^\s*\d+\s+(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|NA|NaN|[-+]?Inf(?:inity)?)\s*$/;

/**
 * The index and the chains of CODA among texts (JAGS, OpenBUGS, WinBUGS write CODAindex.txt and CODAchain1.txt ...), in
 * any order; null where any of the texts is neither. A chain has lines of an iteration and a value, the index a name,
 * its first and its last line. Looks at the first lines alone.
 */
export function codaTexts(texts: readonly string[]): { readonly index: string[]; readonly chains: string[] } | null {
  const index: string[] = [];
  const chains: string[] = [];
  for (const text of texts) {
    const head = text.slice(0, 2000).split(/\r\n|\n|\r/);
    const lines = head.slice(0, text.length > 2000 ? -1 : undefined).filter((line) => line.trim() !== '');
    if (lines.length === 0) return null;
    if (lines.every((line) => CHAIN_LINE.test(line))) chains.push(text);
    else if (lines.every((line) => INDEX_LINE.test(line))) index.push(text);
    else return null;
  }
  return { index, chains };
}

/** The draws of CODA's texts. Throws DiagnosticsError `bad-csv`. */
export function codaDraws(index: readonly string[], chains: readonly string[]): Variable[] {
  if (index.length !== 1 || chains.length === 0) {
    throw new DiagnosticsError(
      'bad-csv',
      `CODA's files are one index and its chains; given are ${index.length} index files and ${chains.length} chains`,
    );
  }
  const ranges = linesOf(index[0]!).map((line) => {
    const [, name, first, last] = INDEX_LINE.exec(line) ?? [];
    if (name === undefined)
      throw new DiagnosticsError('bad-csv', `a line of the index of CODA is not a name, a first and a last line`);
    return { name, first: Number(first), last: Number(last) };
  });
  const values = chains.map((text) => linesOf(text).map((line) => chainValue(line)));
  for (const { name, first, last } of ranges) {
    const short = values.findIndex((chain) => first < 1 || last < first || last > chain.length);
    if (short >= 0) {
      throw new DiagnosticsError(
        'bad-csv',
        `the index of CODA has ${name} in lines ${first} to ${last}, and chain ${short + 1} has ${values[short]!.length} lines; do the files belong together?`,
      );
    }
  }
  return ranges.map(({ name, first, last }) => ({
    name,
    chains: values.map((chain) => Float64Array.from(chain.slice(first - 1, last))),
  }));
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
}

function chainValue(line: string): number {
  const text = line.trim().split(/\s+/)[1] ?? '';
  const special = /^([-+]?)Inf(?:inity)?$/i.exec(text);
  if (special) return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text === '' ? Number.NaN : text);
  if (Number.isNaN(value) && !/^nan?$/i.test(text)) {
    throw new DiagnosticsError(
      'not-numeric',
      `a line of a chain of CODA is ${JSON.stringify(line.slice(0, 80))}, not an iteration and a value`,
    );
  }
  return value;
}
