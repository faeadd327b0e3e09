import type { Variable } from '../chains.ts';
import { CHAIN, cellNumber, type DrawsTable, orderColumn, rowsByChain } from './drawsTable.ts';

/**
 * Draws with a row per draw and index, as tidybayes' `spread_draws(b[county], sigma)` gives them:
 * `county,b,.chain,.iteration,.draw,sigma`. A column is an index where every draw has the same cells of it; a quantity
 * that is one number in every draw has no index (`sigma`), any other is named by all of them (`b[AITKIN]`). Null where
 * no columns tell the rows of a draw apart.
 */
export function indexedDraws(table: DrawsTable, columns: readonly number[]): Variable[] | null {
  const draws = rowsOfDraws(table);
  const [first] = draws;
  if (first === undefined || draws.some((rows) => rows.length !== first.length)) return null;
  const cells = (rows: readonly number[], k: number): string[] => rows.map((r) => table.rows[r]![k]!.trim());
  const sorted = (rows: readonly number[], k: number): string => cells(rows, k).sort().join('\n');
  const indices = columns.filter((k) => {
    if (new Set(cells(first, k)).size === 1) return false;
    const wanted = sorted(first, k);
    return draws.every((rows) => sorted(rows, k) === wanted);
  });
  const labelOf = (r: number): string => indices.map((k) => table.rows[r]![k]!.trim()).join(',');
  if (indices.length === 0 || draws.some((rows) => new Set(rows.map(labelOf)).size !== rows.length)) return null;
  const byLabel = new Map<string, number[]>(first.map((r) => [labelOf(r), []]));
  for (const rows of draws) for (const r of rows) byLabel.get(labelOf(r))?.push(r);
  return columns
    .filter((k) => !indices.includes(k))
    .flatMap((k) => {
      const name = table.names[k]!;
      const single = draws.every((rows) => new Set(cells(rows, k)).size === 1);
      const parts = single ? [...byLabel].slice(0, 1) : [...byLabel];
      return parts.map(([label, members]) => ({
        name: single ? name : `${name}[${label}]`,
        chains: chainsOf(table, members, k),
      }));
    });
}

/** The rows of each draw of each chain. */
function rowsOfDraws(table: DrawsTable): number[][] {
  const chain = table.names.findIndex((name) => CHAIN.test(name));
  const order = orderColumn(table);
  const draws = new Map<string, number[]>();
  table.rows.forEach((row, r) => {
    const place = `${chain < 0 ? '' : row[chain]!.trim()}\n${row[order]!.trim()}`;
    const rows = draws.get(place);
    if (rows === undefined) draws.set(place, [r]);
    else rows.push(r);
  });
  return [...draws.values()];
}

/** Column `k` of the rows, in chains. */
function chainsOf(table: DrawsTable, members: readonly number[], k: number): Float64Array[] {
  const part = { names: table.names, rows: members.map((r) => table.rows[r]!) };
  return Array.from(rowsByChain(part).values(), (rows) =>
    Float64Array.from(rows, (r) => cellNumber(part.rows[r]![k], members[r]!, table.names[k]!)),
  );
}
