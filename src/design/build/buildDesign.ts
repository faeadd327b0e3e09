import { type Frame, type ModelData, selectRows, type Table } from '../../data/frame.ts';
import { usableColumns } from '../../data/toFrame.ts';
import type { Atom } from '../../formula/expression.ts';
import type { ModelGraph } from '../../graph/node.ts';
import { type AtomValue, atomEvaluator } from '../columns/atomValue.ts';
import { checkSize } from '../columns/checkSize.ts';
import { type ColumnSource, columnSource } from '../columns/columnSource.ts';
import { dependentColumns } from '../columns/dependentColumns.ts';
import { emptyCells } from '../columns/emptyCells.ts';
import { type GroupTable, groupTable } from '../columns/groupTable.ts';
import { type LearningEncoder, learningEncoder } from '../columns/learningEncoder.ts';
import { completeRows } from '../columns/missingRows.ts';
import { modelData } from '../columns/modelData.ts';
import { modelTerms } from '../columns/modelTerms.ts';
import { rowMajor, type TermColumn, termColumns } from '../columns/termColumns.ts';
import type { Design, DesignColumn, RankDeficiency } from '../design.ts';
import { fullRank, type RankDeficient } from '../fullRank.ts';
import { withoutIntercept } from '../withoutIntercept.ts';
import { groupTerm } from './groupTerm.ts';
import type { Groups } from './level2.ts';
import { residualColumns } from './residualColumns.ts';
import { responseColumn } from './responseColumn.ts';
import { usedColumns } from './usedColumns.ts';

export interface DesignOptions {
  /** What rows with a missing value in a used column are: an error (default), or left out and counted. */
  readonly missing?: 'error' | 'drop';
  /**
   * What linearly dependent columns of X are: see `fullRank` (default 'error'); 'keep' leaves them in X and notes them,
   * but of an ordered answer is 'error'.
   */
  readonly rankDeficient?: RankDeficient | 'keep';
}

/**
 * Brings a graph and data together: eta = X beta + sum over f of Z_f u_f, on the user's scale (see `Design`).
 *
 * A column of a group table may stand in any term, as if it stood on the rows. The constants of scale, center and poly
 * are taken over the rows, but over the groups of a table when all the columns of the call stand only there; factor
 * levels are those of the rows. Group levels are those of the factor's table where there is one. Throws ModelError for
 * whatever in the data does not fit the graph.
 */
export function buildDesign(graph: ModelGraph, data: ModelData | Table, options: DesignOptions = {}): Design {
  const tablesGiven = modelData(data, 'data');
  const given = usableColumns(tablesGiven.rows, 'rows');
  const tables = new Map(
    Object.entries(tablesGiven.groups ?? {}).map(([name, table]) => [
      name,
      [groupTable(name, usableColumns(table, `groups.${name}`))],
    ]),
  );
  const keys = new Set([...tables.values()].flat().flatMap((table) => table.keys));
  const terms = modelTerms(
    graph,
    [...given.columns.keys(), ...(given.faults?.keys() ?? [])].filter((name) => !keys.has(name)),
  );
  const used = usedColumns(terms, given, tables);
  const kept = completeRows(given, used.rows, options.missing ?? 'error', 'rows');
  const rows = selection(given, used.rows, kept);
  const n = rows.n;

  const source = columnSource(rows, tables, { where: 'rows', rowName: (i) => `row ${kept[i]! + 1} of rows` });
  const tableSource = (name: string) => groupSource(name, tables);
  const encoder: LearningEncoder = learningEncoder((names) => {
    const places = new Set(names.map((name) => source.place(name)));
    const [place] = places;
    return places.size === 1 && place !== '' ? tableSource(place!) : null;
  });
  const response = responseColumn(terms, source, encoder);
  const evaluate = atomEvaluator(source, encoder);
  const X = termColumns(terms.population, evaluate, n, rows.reduced?.moments);
  for (const { label, values } of X) checkSize(values, 'column', label);

  const factors = [...new Set(terms.bars.map((bar) => bar.by))];
  const groupTerms = factors.map((factor) => {
    const table = tables.get(factor)?.[0];
    const on = table === undefined ? null : tableSource(factor);
    const groups: Groups = {
      factor,
      ...membership(factor, source, table),
      source,
      evaluate,
      table: on === null ? null : { source: on, evaluate: atomEvaluator(on, encoder) },
    };
    return groupTerm(
      groups,
      terms.bars.filter((bar) => bar.by === factor),
      X,
    );
  });
  const columns = X.map(({ label, term, parts }) => ({
    label,
    term,
    parts: parts.map((part) => ({ atom: part.atom.text, label: part.label })),
  }));
  const deficiency = rankDeficiency(X, columns, evaluate, n);
  const residual = residualColumns(terms, source, evaluate);
  const design: Design = {
    graph,
    n,
    p: X.length,
    columns,
    X: rowMajor(X, n),
    response,
    groupTerms,
    ...(residual === null ? {} : { residual }),
    rows,
    tables: new Map([...used.tables].map(([name, names]) => [name, subset(tables.get(name)![0]!.frame, names)])),
    dropped: given.n - n + (rows.reduced?.dropped ?? 0),
    ...(given.n > n ? { kept } : {}),
    encoding: encoder.encoding(),
    ...(deficiency === null ? {} : { deficiency }),
  };
  const { rankDeficient = 'error' } = options;
  if (response.levels !== null) {
    return withoutIntercept(fullRank(design, rankDeficient === 'drop' ? 'drop' : 'error'));
  }
  return rankDeficient === 'keep' ? design : fullRank(design, rankDeficient);
}

/** What is dependent among the columns, all of them kept; null where X is of full rank. */
function rankDeficiency(
  X: readonly TermColumn[],
  columns: readonly DesignColumn[],
  evaluate: (atom: Atom) => AtomValue,
  n: number,
): RankDeficiency | null {
  const dependent = dependentColumns(X, n);
  if (dependent.length === 0) return null;
  const { columns: ofCells, cells, count } = emptyCells(X, evaluate, dependent);
  return {
    columns,
    dependent: dependent.map((dependence) => ({ ...dependence, emptyCell: ofCells.has(dependence.column) })),
    cells,
    cellCount: count,
    leftOut: false,
  };
}

/** Levels, index and counts of a grouping factor; the levels are those of its table where there is one. */
function membership(
  factor: string,
  source: ColumnSource,
  table: GroupTable | undefined,
): Pick<Groups, 'levels' | 'index' | 'counts'> {
  let { levels, index } = source.factor(factor);
  if (table !== undefined) {
    const position = levels.map((level) => {
      const j = table.position.get(level);
      if (j === undefined) throw table.unknownGroup(level, 'rows');
      return j;
    });
    index = index.map((j) => position[j]!);
    levels = table.levels;
  }
  const counts = new Int32Array(levels.length);
  for (const j of index) counts[j]! += 1;
  return { levels, index, counts };
}

/** The groups of a table as a source of their own, to which the other tables are linked. */
function groupSource(name: string, tables: ReadonlyMap<string, readonly GroupTable[]>): ColumnSource {
  const table = tables.get(name)![0]!;
  const others = new Map([...tables].filter(([other]) => other !== name));
  const rowName = (j: number) => `${table.where} (${name} "${table.levels[j]}")`;
  return columnSource(table.frame, others, { where: table.where, rowName });
}

function subset(frame: Frame, names: readonly string[]): Frame {
  return { n: frame.n, columns: new Map(names.map((name) => [name, frame.columns.get(name)!])) };
}

function selection(frame: Frame, names: readonly string[], rows: Int32Array): Frame {
  const chosen = subset(frame, names);
  if (frame.reduced) return { ...chosen, reduced: frame.reduced };
  if (rows.length === frame.n) return chosen;
  const columns = new Map([...chosen.columns].map(([name, column]) => [name, selectRows(column, rows)] as const));
  return { n: rows.length, columns };
}
