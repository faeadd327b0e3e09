import { DiagnosticsError } from '../diagnosticsError.ts';
import { codaDraws, codaTexts } from './codaDraws.ts';
import { csvRun } from './csvRun.ts';
import { DRAWS_LINES, readDrawsLines } from './drawsLines.ts';
import { joinedRun } from './joinedRun.ts';
import { jsonRun } from './jsonRun.ts';
import type { SamplerRun } from './samplerRun.ts';

/**
 * The draws that a sampler of any program left, and what it reports of itself (divergent transitions, energies, trees
 * at their largest depth). `source` is the text of a file, the texts of several (a chain each, as CmdStan writes them,
 * or the index and chains of CODA), or parsed JSON; what is read is said at `readDraws`. `checkRun` gives the verdict
 * on it. `names` are what errors call the files; file 1, file 2 unless given.
 *
 * Throws DiagnosticsError as `readDraws` does, and `bad-csv` where two files are the same.
 */
export function readRun(source: unknown, names: readonly string[] = []): SamplerRun {
  if (typeof source === 'string') return joinedRun([textRun(source)]);
  if (!isTexts(source)) return jsonRun(source);
  const nameOf = (place: number): string => names[place] ?? `file ${place + 1}`;
  const again = source.findIndex((text, i) => source.indexOf(text) !== i);
  if (again >= 0) {
    const first = nameOf(source.indexOf(source[again]!));
    throw new DiagnosticsError('bad-csv', `${nameOf(again)} is the same as ${first}; give each chain once`);
  }
  const coda = source.length > 1 ? codaTexts(source) : null;
  if (coda) return joinedRun([{ variables: codaDraws(coda.index, coda.chains), sampler: {} }]);
  if (source.length === 1) return joinedRun(source.map(textRun));
  return joinedRun(
    source.map((text, place) => about(nameOf(place), () => textRun(text))),
    nameOf,
  );
}

/** Runs what is about one file of several, which a fault names. */
function about<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DiagnosticsError) throw new DiagnosticsError(error.code, `${name}: ${error.message}`);
    throw error;
  }
}

function isTexts(source: unknown): source is readonly string[] {
  return Array.isArray(source) && source.length > 0 && source.every((text) => typeof text === 'string');
}

function textRun(text: string): SamplerRun {
  if (text.startsWith(DRAWS_LINES)) return readDrawsLines([text]);
  return /^\uFEFF?\s*[{[]/.test(text) ? jsonRun(text.replace(/^\uFEFF/, '')) : csvRun(text);
}
