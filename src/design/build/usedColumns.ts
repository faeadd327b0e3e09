import type { Frame } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { type ColumnSource, columnSource } from '../columns/columnSource.ts';
import { columnsRead } from '../columns/columnsRead.ts';
import { checkUniqueNames, type GroupTable } from '../columns/groupTable.ts';
import { checkTableComplete } from '../columns/missingRows.ts';
import type { ModelTerms } from '../columns/modelTerms.ts';

/**
 * The columns that the terms read: of the rows, and of each group table in use (with its keys), each list in the
 * table's own order.
 *
 * Throws ModelError for a column that is nowhere, one name in two places, a table that belongs to no column of the
 * rows, and a missing value in a used column of a table.
 */
export function usedColumns(
  terms: ModelTerms,
  rows: Frame,
  tables: ReadonlyMap<string, readonly GroupTable[]>,
): { rows: string[]; tables: Map<string, string[]> } {
  const source = columnSource(rows, tables, { where: 'rows' });
  const all = [...tables.values()].flat();
  const keysOf = (factor: string) => (source.has(factor) ? [factor] : factor.split(':'));
  const factors = [...new Set(terms.bars.map((bar) => bar.by))];
  const grouping = new Set([...factors.flatMap(keysOf), ...all.flatMap((table) => table.keys)]);
  checkUniqueNames(rows, all, grouping);
  for (const table of all) checkLinked(table, source, factors);

  const used = new Set<string>();
  const inTables = new Map<string, Set<string>>();
  const useTable = (name: string): Set<string> => {
    let columns = inTables.get(name);
    if (columns === undefined) {
      columns = new Set(tables.get(name)![0]!.keys);
      inTables.set(name, columns);
      for (const key of keysOf(name)) use(key);
    }
    return columns;
  };
  const use = (name: string): void => {
    const place = source.place(name);
    if (place === '') used.add(name);
    else useTable(place).add(name);
  };
  const expressions = [
    terms.outcome,
    terms.standardError,
    terms.trials,
    terms.exposure,
    terms.weights,
    ...terms.offsets,
  ];
  const read = (expression: Expression): readonly string[] => columnsRead(expression, rows.reduced);
  for (const expression of expressions) if (expression !== null) read(expression).forEach(use);
  const bars = terms.bars.flatMap((bar) => [...bar.terms, ...(bar.level2?.flat() ?? [])]);
  for (const term of [...terms.population, ...bars, ...terms.sigma]) {
    for (const atom of term.atoms) read(atom.expression).forEach(use);
  }
  for (const factor of factors) {
    keysOf(factor).forEach(use);
    if (tables.has(factor)) useTable(factor);
  }
  if (terms.residual !== null) {
    keysOf(terms.residual.by).forEach(use);
    if (terms.residual.time !== undefined) use(terms.residual.time);
  }
  if (terms.sigmaBy !== null) keysOf(terms.sigmaBy).forEach(use);
  for (const [name, columns] of inTables) {
    const table = tables.get(name)![0]!;
    checkTableComplete(table.frame, [...columns], table.levels, table.where);
  }
  const inOrder = (frame: Frame, names: ReadonlySet<string>) =>
    [...frame.columns.keys()].filter((name) => names.has(name));
  const tableColumns = [...inTables].map(
    ([name, names]) => [name, inOrder(tables.get(name)![0]!.frame, names)] as const,
  );
  return { rows: inOrder(rows, used), tables: new Map(tableColumns) };
}

function checkLinked(table: GroupTable, source: ColumnSource, factors: readonly string[]): void {
  const names = source.has(table.factor) ? [table.factor] : table.factor.split(':');
  const absent = names.find((name) => !source.has(name));
  if (absent === undefined) return;
  const known = factors.length > 0 ? `; grouping factors of the model are ${factors.join(', ')}` : '';
  const message = `${table.where} belongs to no column of the rows: there is no "${absent}"${known}`;
  throw new ModelError('unknown-table', table.where, message);
}
