import type { ShrinkageRow } from '../../../src/index.ts';
import type { Answer } from '../protocol.ts';
import { type GroupFacts, sdOf } from './groupFacts.ts';
import { counted, percent, shown } from './numberWords.ts';

/** What happened to the smallest and to the largest group, in words for who has never heard of partial pooling. */
export function story(facts: GroupFacts): Answer['story'] {
  const { factor } = facts;
  const rows = facts.rows.filter(({ term, n }) => term === facts.terms[0] && n > 0);
  if (rows.length < 2) return [];
  const { first, last, equal } = toldOf(rows);
  return [
    {
      heading: 'What you see',
      text: `Each ${factor} has two marks. The ring is what its own ${facts.noun[1]} say, taken alone. The dot is what the model says, which also looks at the other ${rows.length - 1}. The full line is what is common to all. An arrow shows how far a ${factor} is pulled: the fewer its data, the farther.`,
    },
    {
      heading: equal ? `Pulled farthest: ${first.level}` : `The smallest: ${first.level}`,
      text: sentences(facts, first, rows.length),
    },
    {
      heading: equal ? `Pulled least: ${last.level}` : `The largest: ${last.level}`,
      text: sentences(facts, last, rows.length),
    },
    {
      heading: 'Why not something simpler?',
      text: `One number for all would hide that the ${rows.length} groups differ. Each group by itself would believe in chance where data are few. Partial pooling lies between: how much each ${factor} borrows is not a setting but is estimated from how much the groups differ.`,
    },
  ];
}

/**
 * The smallest group, of several the one that shows most, and the largest; where all are of one size those that move
 * most and least.
 */
export function toldOf(rows: readonly ShrinkageRow[]): {
  readonly first: ShrinkageRow;
  readonly last: ShrinkageRow;
  readonly equal: boolean;
} {
  const move = (row: ShrinkageRow) => (row.noPooling === null ? -1 : Math.abs(row.noPooling - row.partialPooling));
  const bySize = [...rows].sort((a, b) => a.n - b.n || move(b) - move(a));
  const byMove = [...rows].sort((a, b) => move(b) - move(a));
  const equal = bySize[0]!.n === bySize.at(-1)!.n;
  const order = equal ? byMove : bySize;
  return { first: order[0]!, last: order.at(-1)!, equal };
}

/** Rows of a group that nobody would call much data. */
const FEW = 4;

/** What a coefficient is called: `level` for the intercept. */
export const termWords = (term: string): string => (term === 'Intercept' ? 'level' : `effect of ${term}`);

function sentences(facts: GroupFacts, row: ShrinkageRow, groups: number): string {
  const { noun, factor, terms, scale } = facts;
  const number = (value: number) => shown(value, sdOf(row));
  const what = terms[0] === 'Intercept' ? '' : ` about the ${termWords(terms[0]!)}`;
  const has = `${row.level} has ${counted(row.n, noun)}.`;
  const units = scale === 'response' ? '' : ` (in ${scale === 'probit' ? 'probits' : scale})`;
  if (row.noPooling === null)
    return `${has} Taken alone they give no number at all${what}: ${row.reason ?? 'they do not determine it'}. The model still has one, ${number(row.partialPooling)}${units}, because the other ${groups - 1} tell what a ${factor} is usually like: near ${number(row.populationLine)}.`;
  const they = row.n === 1 ? 'Taken alone it says' : 'Taken alone they say';
  const start = `${has} ${they} ${number(row.noPooling)}${what}${units}; the model says ${number(row.partialPooling)}.`;
  const weight = row.shrinkageWeight;
  const one = terms.length === 1;
  if (weight > 0.35) {
    const share = one
      ? ` The model takes ${percent(weight)} from the common line and ${percent(1 - weight)} from ${row.level} itself.`
      : '';
    return `${start} So ${row.n === 1 ? 'little a measurement' : 'few data'} may be off by chance, while the other ${groups - 1} tell what a ${factor} is usually like: near ${number(row.populationLine)}.${share}`;
  }
  const share = one
    ? ` The model takes ${percent(1 - weight)} from them and only ${percent(weight)} from the common line.`
    : '';
  const common = `the common ${number(row.populationLine)}`;
  if (row.n <= FEW)
    return `${start} Groups differ so much more than ${noun[1]} of one do that even so few keep most of their say; it moves but a little towards ${common}.${share}`;
  return `${start} That much data speaks for itself, so it hardly moves towards ${common}.${share}`;
}
