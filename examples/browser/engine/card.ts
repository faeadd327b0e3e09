import { ModelError } from '../../../src/index.ts';
import type { Card, CardTerm } from '../protocol.ts';
import { cardPicture } from './cardPicture.ts';
import { type GroupFacts, sdOf } from './groupFacts.ts';
import { counted, percent, shown } from './numberWords.ts';
import { termWords } from './story.ts';

/**
 * The card of a group: its data with three lines, three numbers for each coefficient, and the weight of the common
 * line.
 */
export function card(facts: GroupFacts, level: string, rows: number): Card {
  const own = facts.rows.filter((row) => row.level === level);
  if (own.length === 0) throw new ModelError('no-group', facts.factor, `${facts.factor} has no such group in this fit`);
  const { n } = own[0]!;
  const terms = own.map((row): CardTerm => {
    const number = (value: number) => shown(value, sdOf(row));
    const weight = row.shrinkageWeight;
    const chance = (value: number): string =>
      facts.scale === 'log odds' && row.term === 'Intercept' ? `${percent(1 / (1 + Math.exp(-value)))} yes` : '';
    return {
      term: own.length === 1 && row.term === 'Intercept' ? '' : termWords(row.term),
      numbers: [
        {
          role: 'own',
          label: 'its own data',
          value: row.noPooling === null ? 'none' : number(row.noPooling),
          note: row.noPooling === null ? (row.reason ?? '') : chance(row.noPooling),
        },
        {
          role: 'partial',
          label: 'the model',
          value: number(row.partialPooling),
          note: [`90%: ${number(row.q5)} to ${number(row.q95)}`, chance(row.partialPooling)].filter(Boolean).join(', '),
        },
        {
          role: 'population',
          label: 'common line',
          value: number(row.populationLine),
          note: chance(row.populationLine),
        },
      ],
      weight,
      weightWords:
        own.length === 1
          ? `${percent(weight)} common line, ${percent(1 - weight)} its own ${facts.noun[1]}`
          : `its own data remove ${percent(1 - weight)} of the doubt about it`,
    };
  });
  const [first] = own;
  const said = first!.noPooling === null ? 'no number of its own' : `own data ${shown(first!.noPooling, sdOf(first!))}`;
  return {
    level,
    n,
    rows,
    sentence: `${level}, ${counted(n, facts.noun)}: ${said}, model ${shown(first!.partialPooling, sdOf(first!))}, common line ${shown(first!.populationLine, sdOf(first!))}.`,
    terms,
    picture: cardPicture(facts, level),
  };
}
