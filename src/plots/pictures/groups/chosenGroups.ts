import type { ShrinkageRow } from '../../../summary/pooling/shrinkage.ts';

/**
 * The groups to give a panel each: all up to `all`; else the smallest, the largest and those that moved farthest, a
 * third of `some` each, in the order of the data.
 */
export function chosenGroups(rows: readonly ShrinkageRow[], all = 18, some = 12): string[] {
  if (rows.length <= all) return rows.map(({ level }) => level);
  const move = ({ noPooling, partialPooling }: ShrinkageRow) =>
    noPooling === null ? -1 : Math.abs(partialPooling - noPooling);
  const chosen = new Set<string>();
  const orders = [
    [...rows].filter(({ n }) => n > 0).sort((a, b) => a.n - b.n),
    [...rows].sort((a, b) => b.n - a.n),
    [...rows].sort((a, b) => move(b) - move(a)),
  ];
  for (let i = 0; chosen.size < some && i < rows.length; i += 1) {
    for (const order of orders) if (chosen.size < some && order[i]) chosen.add(order[i].level);
  }
  return rows.map(({ level }) => level).filter((level) => chosen.has(level));
}
