import { varCorr } from '../../../src/index.ts';
import type { GroupFacts } from './groupFacts.ts';
import { shown } from './numberWords.ts';
import { termWords } from './story.ts';

/** What the model says of a group that is not in the data: the line, give or take the spread between groups. */
export function newGroup({ fit, factor, rows, terms }: GroupFacts): string {
  const term = terms[0]!;
  const spread = varCorr(fit).find((row) => row.factor === factor && row.term1 === term && row.term2 === null)?.sd ?? 0;
  const lines = rows.filter((row) => row.term === term).map(({ populationLine }) => populationLine);
  const line = lines.reduce((sum, value) => sum + value, 0) / lines.length;
  const ends = [line - 1.645 * spread, line + 1.645 * spread].map((value) => shown(value, spread));
  return `Of a ${factor} that is not in the data nothing is known but the others: its ${termWords(term)} is guessed at the common ${shown(line, spread)}, and nine in ten such groups lie between ${ends[0]} and ${ends[1]}.`;
}
