import type { StructuredGroups } from '../design/design.ts';

/** The least that the one correlation of a structure may be: -1 / (m - 1) of `cs`, m the rows of the largest group. */
export function lowestCorrelation({ structure, J, index }: StructuredGroups): number {
  if (structure === 'car1') return 0;
  if (structure !== 'cs') return -1;
  const counts = new Int32Array(J);
  for (const j of index) counts[j]! += 1;
  return -1 / (counts.reduce((a, b) => Math.max(a, b), 0) - 1);
}
