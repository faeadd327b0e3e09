import type { ColumnChip, Suggestion } from '../protocol.ts';
import { written } from '../written.ts';

/** Formulas for a table of which nothing is known but its columns; none where no column can be the response. */
export function suggestions(columns: readonly ColumnChip[]): Suggestion[] {
  const usable = columns.filter(({ kind, distinct, groups }) => kind === 'number' && distinct > 1 && !groups);
  const telling = usable.filter(({ numbersRows }) => !numbersRows);
  const numbers = telling.length > 0 ? telling : usable;
  const factor = [...columns].filter(({ groups }) => groups).sort((a, b) => b.distinct - a.distinct)[0];
  // The response differs within groups and has many values; what is a count of rows seldom is one.
  const within = numbers.filter(({ constantIn }) => constantIn === null);
  const response = [...within].sort((a, b) => b.distinct - a.distinct)[0] ?? numbers[0];
  if (!response) return [];
  const x = within.find((column) => column !== response && column.name !== factor?.name);
  const level2 = numbers.find(({ constantIn }) => constantIn !== null && constantIn === factor?.name);
  const y = written(response.name);
  const predictors = x ? written(x.name) : '1';
  if (!factor) return [{ formula: `${y} ~ ${predictors}`, says: 'no column here says which group a row belongs to' }];
  const g = written(factor.name);
  return [
    { formula: `${y} ~ ${predictors} + (1 | ${g})`, says: `every ${factor.name} has a level of its own` },
    ...(level2
      ? [
          {
            formula: `${y} ~ ${predictors} + ${written(level2.name)} + (1 | ${g})`,
            says: `${level2.name} explains ${factor.name}`,
          },
        ]
      : []),
    ...(x
      ? [
          {
            formula: `${y} ~ ${predictors} + (1 + ${written(x.name)} | ${g})`,
            says: `what ${x.name} does differs by ${factor.name}`,
          },
        ]
      : []),
  ];
}
