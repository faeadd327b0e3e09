import { proofTable } from '../statistical/proof.ts';
import type { Mutant } from './mutants.ts';
import type { Verdict } from './trial.ts';

export interface Result {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly isEquivalent: boolean;
}

export const columns = [
  'room',
  'mutants',
  'killed',
  'by own tests',
  'timeout',
  'equivalent',
  'survived',
  'score, %',
  '95% interval',
];

/** One line per room and one for all: the score is killed and timed out over all but the equivalent ones, the interval Wilson's. */
export function scoreRows(results: readonly Result[]): (string | number)[][] {
  const rooms = [...new Set(results.map(({ mutant }) => mutant.room))];
  const row = (name: string, own: readonly Result[]): (string | number)[] => {
    const count = (keep: (result: Result) => boolean): number => own.filter(keep).length;
    const killed = count(({ verdict }) => verdict.state === 'killed');
    const timeout = count(({ verdict }) => verdict.state === 'timeout');
    const equivalent = count(({ verdict, isEquivalent }) => verdict.state === 'survived' && isEquivalent);
    const total = own.length - equivalent;
    const [low, high] = wilson(killed + timeout, total);
    return [
      name,
      own.length,
      killed,
      count(({ verdict }) => verdict.state === 'killed' && verdict.byOwn),
      timeout,
      equivalent,
      total - killed - timeout,
      Number(((100 * (killed + timeout)) / total).toFixed(1)),
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
  const { file, line, kind, from, to, lineText } = mutant;
  return `${file}:${line} ${kind}: \`${short(from)}\` -> \`${to === '' ? 'nothing' : short(to)}\` in \`${short(lineText)}\` (${verdict.by})`;
}

/** The page of a whole run. */
export function page(results: readonly Result[], seed: number, count: number): string {
  const survivors = results.filter(({ verdict, isEquivalent }) => verdict.state === 'survived' && !isEquivalent);
  return `${[
    '# Mutation testing of the numerics',
    '',
    `\`npm run mutate -- --record\`: about ${count} mutants of each room, drawn with seed ${seed}. Equivalent mutants, with their reasons, are in equivalent.ts. Where this seed is the default one, its survivors prompted tests and those entries: score and interval then estimate nothing about mutants not drawn.`,
    '',
    ...proofTable({ columns, rows: scoreRows(results) }),
    '',
    '## Survivors',
    '',
    ...(survivors.length === 0 ? ['None.'] : survivors.map((result) => `- ${survivorLine(result)}`)),
  ].join('\n')}\n`;
}
