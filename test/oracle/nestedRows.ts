import { createRng } from '../../src/random/rng.ts';

/**
 * Counts, and successes of five trials, of rows in families of one to three in villages of two to four, and in nine
 * items that cross them.
 */
export function nestedRows(n: number) {
  const rng = createRng([40]);
  const columns = {
    y: [] as number[],
    n: [] as number[],
    x: [] as number[],
    row: [] as string[],
    family: [] as string[],
    village: [] as string[],
    item: [] as string[],
  };
  for (let i = 0; i < n; i += 1) {
    const family = Math.floor((7 * i) / 12);
    columns.y.push(Math.min(5, Math.floor(4 * rng.uniform() ** 2 + 0.3 * (family % 4))));
    columns.n.push(5);
    columns.x.push(Math.round(10 * rng.normal()) / 10);
    columns.row.push(`r${i}`);
    columns.family.push(`f${family}`);
    columns.village.push(`v${Math.floor((family + (family % 7 === 0 ? 1 : 0)) / 3)}`);
    columns.item.push(`i${(i * 5) % 9}`);
  }
  return { rows: columns };
}
