import { proofTable } from '../statistical/proof.ts';
import { earlierColumns, earlierSeeds } from './earlierSeeds.ts';
import { equivalentOf } from './equivalent.ts';
import type { Mutant } from './mutants.ts';
import { noticedSince } from './noticedSince.ts';
import type { Verdict } from './trial.ts';

export interface Result {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** Killed and timed out over all mutants, and over those that are not known to be equivalent. */
export const RAW_SCORE = 'raw score, %';
export const SCORE = 'score, %';

export const columns = [
  'room',
  'mutants',
  'killed',
  'by own tests',
  'timeout',
  'equivalent',
  'survived',
  RAW_SCORE,
  SCORE,
  '95% interval',
];

/** Whether no test noticed a mutant that is not known to be equivalent. */
export function isSurvivor({ mutant, verdict }: Result): boolean {
  return verdict.state === 'survived' && equivalentOf(mutant) === undefined;
}

/** One line per room and one for all; the interval is Wilson's, of the score without the equivalent ones. */
export function scoreRows(results: readonly Result[]): (string | number)[][] {
  const rooms = [...new Set(results.map(({ mutant }) => mutant.room))];
  const row = (name: string, own: readonly Result[]): (string | number)[] => {
    const count = (keep: (result: Result) => boolean): number => own.filter(keep).length;
    const killed = count(({ verdict }) => verdict.state === 'killed');
    const timeout = count(({ verdict }) => verdict.state === 'timeout');
    const survived = count(isSurvivor);
    const equivalent = own.length - killed - timeout - survived;
    const total = own.length - equivalent;
    const share = (of: number): number => Number(((100 * (killed + timeout)) / of).toFixed(1));
    const [low, high] = wilson(killed + timeout, total);
    return [
      name,
      own.length,
      killed,
      count(({ verdict }) => verdict.state === 'killed' && verdict.byOwn),
      timeout,
      equivalent,
      survived,
      share(own.length),
      share(total),
      `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`,
    ];
  };
  const rows = rooms.map((room) =>
    row(
      room,
      results.filter(({ mutant }) => mutant.room === room),
    ),
  );
  return rooms.length > 1 ? [...rows, row('all', results)] : rows;
}

/** Wilson's 95% interval of a proportion (Wilson 1927). */
function wilson(successes: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.959964;
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [centre - half, centre + half];
}

/** A survivor in one line: `file:line  original -> mutant  [the line]`. */
export function survivorLine({ mutant, verdict }: Result): string {
  const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 90);
  const { file, line, kind, from, to, lineText, before } = mutant;
  return `${file}:${line}, ${before.length}: ${kind} \`${short(from)}\` -> \`${to === '' ? 'nothing' : short(to)}\` in \`${short(lineText)}\` (${verdict.by})`;
}

/** The page of a whole run. */
export function page(results: readonly Result[], seed: number, count: number, command: string): string {
  const survivors = results.filter(isSurvivor);
  const equivalents = results.filter(({ verdict, mutant }) => verdict.state === 'survived' && equivalentOf(mutant));
  const since = (result: Result): string => {
    const by = noticedSince(result.mutant);
    return by === undefined ? '' : `; since then noticed by ${by}`;
  };
  const list = (of: readonly Result[], line: (result: Result) => string): string[] =>
    of.length === 0 ? ['None.'] : of.map((result) => `- ${line(result)}`);
  return `${[
    '# Mutation testing of the numerics',
    '',
    `\`${command}\`: about ${count} mutants of each room, at least one of every file, drawn with seed ${seed}. The raw score is the share of all mutants that some test noticed, the score the share of those that are not equivalent: an equivalent one leaves all that is promised as it is, though draws and the work done may be others where it stands in a proposal, a limit or a tolerance. Both are of the tests as they stood when the seed was drawn: what was written for its survivors afterwards is named beside them and counts for nothing here. Where this seed is the default one, its survivors prompted tests and entries of equivalents/: score and interval then estimate nothing about mutants not drawn.`,
    '',
    ...proofTable({ columns, rows: scoreRows(results) }),
    '',
    '## Fresh seeds before this one',
    '',
    ...proofTable({ columns: earlierColumns, rows: earlierSeeds }),
    '',
    '## Survivors',
    '',
    ...list(survivors, (result) => `${survivorLine(result)}${since(result)}`),
    '',
    '## Equivalent',
    '',
    ...list(equivalents, (result) => `${survivorLine(result)}: ${equivalentOf(result.mutant)!.why}`),
  ].join('\n')}\n`;
}
