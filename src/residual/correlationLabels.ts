import type { StructuredGroups } from '../design/design.ts';
import { rowsInOrder } from '../design/rowsInOrder.ts';

/** What tells the correlations of a structure with several apart: numbers of steps, or pairs of occasions. */
export function correlationLabels(groups: StructuredGroups): string[] {
  if (groups.structure === 'toeplitz') return Array.from({ length: mostSteps(groups) }, (_, k) => String(k + 1));
  const { occasions } = groups;
  return occasions.flatMap((a, at) => occasions.slice(at + 1).map((b) => `${a},${b}`));
}

/** The most steps between two rows of one group. */
export function mostSteps({ index, occasion, positions, J }: StructuredGroups): number {
  return rowsInOrder(index, occasion, J).reduce((most, rows) => {
    if (rows.length < 2) return most;
    const steps = positions[occasion[rows.at(-1)!]!]! - positions[occasion[rows[0]!]!]!;
    return Math.max(most, Math.round(steps));
  }, 0);
}
