import type { Frame, Table } from '../../data/frame.ts';
import { usableColumns } from '../../data/toFrame.ts';
import { ModelError } from '../../errors.ts';
import type { Term } from '../../formula/expression.ts';
import { expressionColumns } from '../../formula/terms.ts';
import { quote } from '../../input/quote.ts';
import { atomEvaluator } from '../columns/atomValue.ts';
import { type ColumnSource, columnSource } from '../columns/columnSource.ts';
import { type GroupTable, groupTable } from '../columns/groupTable.ts';
import { fixedEncoder } from '../columns/learningEncoder.ts';
import { completeRows } from '../columns/missingRows.ts';
import { type ModelTerms, modelTerms } from '../columns/modelTerms.ts';
import { rowMajor, type TermColumn, termColumns } from '../columns/termColumns.ts';
import type { Design, GroupTerm } from '../design.ts';
import { notEstimableReason } from '../estimable.ts';
import { varyingColumns } from './groupTerm.ts';
import { productValues, without } from './level2.ts';
import { offsetSum } from './responseColumn.ts';

/** The groups of one factor among new rows. */
export interface NewGroupTerm {
  readonly factor: string;
  /**
   * Whether the new rows name their groups; if not, index and newIndex are -1 throughout and labels are empty texts.
   */
  readonly present: boolean;
  /** Level of the fit of each row, 0-based; -1 where the group is new. Length n. */
  readonly index: Int32Array;
  /** The group of each row as text. Length n. */
  readonly labels: readonly string[];
  /** n x q, row-major. */
  readonly Z: Float64Array;
  /** The groups the fit has not, sorted. */
  readonly newLevels: readonly string[];
  /** Position in newLevels of each row; -1 where the group is of the fit. Length n. */
  readonly newIndex: Int32Array;
  /**
   * A sentence for each level-2 predictor that the new rows give a known group another value of than the fit has: the
   * line then moves, and the deviation stays the one that was estimated beside the fit's value.
   */
  readonly contradictions: readonly string[];
  /** Level-2 predictors of the new groups, newLevels.length x m, row-major; the first row of each group gives them. */
  readonly W: Float64Array;
}

/** The design matrices of new rows under the terms, codings and constants of a fit. */
export interface NewDesign {
  readonly n: number;
  /** n x p, row-major, the columns of the fit. */
  readonly X: Float64Array;
  /** Why the rows of the fit do not determine x_i'beta, or null where they do (see `notEstimable`). Length n. */
  readonly notEstimable: readonly (string | null)[];
  readonly offset: Float64Array | null;
  /** In the order of the fit's group terms. */
  readonly terms: readonly NewGroupTerm[];
}

/**
 * The design of new rows: X, Z and offsets by the fit's encoding, groups matched to the fit's by label. No response is
 * needed. A column is looked for on the new rows, then in the given group tables, then in the fit's. `where` is what
 * messages call the rows.
 *
 * Throws ModelError for a missing predictor, a factor level without a coefficient, a new group whose level-2 predictors
 * are nowhere, and a table that belongs to no factor of the fit.
 */
export function designNewRows(
  design: Design,
  rows: Table,
  groups: Readonly<Record<string, Table>> = {},
  where = 'newdata',
): NewDesign {
  const frame = usableColumns(rows, where);
  const { n } = frame;
  const source = newRowSource(design, frame, groups, where);
  const terms = fittedTerms(design);
  checkMissing(terms, frame, source);

  const encoder = fixedEncoder(design.encoding);
  const evaluate = atomEvaluator(source, encoder);
  const full = termColumns(terms.population, evaluate, n);
  const { X, reasons } = estimableColumns(design, full, n);
  const newTerms = design.groupTerms.map((fitted): NewGroupTerm => {
    const bars = terms.bars.filter((bar) => bar.by === fitted.factor);
    const { columns: Z } = varyingColumns(bars, evaluate, n);
    const membership = matchGroups(fitted, source);
    const level2 = level2Values(fitted, X, Z);
    return {
      factor: fitted.factor,
      ...membership,
      Z: rowMajor(Z, n),
      contradictions: contradictions(fitted, membership, level2, source),
      W: newPredictors(fitted, membership, level2),
    };
  });

  /** The level-2 predictors w_l on the new rows, m arrays of length n. */
  function level2Values(fitted: GroupTerm, X: readonly TermColumn[], Z: readonly TermColumn[]): Float64Array[] {
    const { m, columns } = fitted.level2;
    return Array.from({ length: m }, (_, l) => {
      const k = Z.findIndex((_, row) => columns[row * m + l]! >= 0);
      // Only the constant may stand in no product; its value is 1 all the same.
      const parts = k < 0 ? [] : without(X[columns[k * m + l]!]!.parts, Z[k]!.parts);
      return productValues(parts, evaluate, n);
    });
  }

  return {
    n,
    X: rowMajor(X, n),
    notEstimable: reasons,
    offset: offsetSum(terms.offsets, source, encoder),
    terms: newTerms,
  };
}

function newPredictors(fitted: GroupTerm, found: Membership, level2: readonly Float64Array[]): Float64Array {
  const { m } = fitted.level2;
  const first = found.newLevels.map((_, j) => found.newIndex.indexOf(j));
  const W = new Float64Array(found.newLevels.length * m);
  first.forEach((i, j) => {
    for (let l = 0; l < m; l++) W[j * m + l] = level2[l]![i]!;
  });
  return W;
}

/** Values that differ by no more than this share of their size are one, written with other digits. */
const SAME_VALUE = 1e-9;

function contradictions(
  fitted: GroupTerm,
  found: Membership,
  level2: readonly Float64Array[],
  source: ColumnSource,
): string[] {
  const { factor, levels, q } = fitted;
  const { m, W, labels, columns } = fitted.level2;
  return level2.flatMap((values, l) => {
    // A predictor whose columns were all left out of X moves no line.
    if (Array.from({ length: q }, (_, k) => columns[k * m + l]!).every((column) => column < 0)) return [];
    const rows = new Map<number, number>();
    found.index.forEach((j, i) => {
      if (j < 0 || rows.has(j)) return;
      const ours = W[j * m + l]!;
      if (Math.abs(values[i]! - ours) > SAME_VALUE * Math.max(Math.abs(ours), Math.abs(values[i]!))) rows.set(j, i);
    });
    const [first] = rows;
    if (first === undefined) return [];
    const [j, i] = first;
    const more = rows.size > 1 ? `, and so with ${rows.size - 1} more` : '';
    return [
      `${factor} ${quote(levels[j])} has ${labels[l]} = ${values[i]} in ${source.rowName(i)} and ${W[j * m + l]} in the fit${more}; its line is that of ${source.where}, its deviation the one estimated beside the fit's value`,
    ];
  });
}

/**
 * The columns of new rows: on the rows, then in the given group tables, then in the fit's. Throws ModelError for a
 * table of no factor.
 */
export function newRowSource(
  design: Design,
  frame: Frame,
  groups: Readonly<Record<string, Table>>,
  where: string,
): ColumnSource {
  return columnSource(frame, tableStacks(design, groups), { where });
}

/** The columns of the fit among those of its terms, and of each row why it is not estimable without the others. */
function estimableColumns(
  { deficiency, response }: Design,
  full: readonly TermColumn[],
  n: number,
): { readonly X: readonly TermColumn[]; readonly reasons: readonly (string | null)[] } {
  // The thresholds of an ordered answer stand for the constant.
  const stays = ({ parts }: TermColumn): boolean => response.levels === null || parts.length > 0;
  if (!deficiency?.leftOut) return { X: full.filter(stays), reasons: new Array<null>(n).fill(null) };
  const dependent = new Set(deficiency.dependent.map(({ column }) => column));
  return {
    X: full.filter((column, place) => !dependent.has(place) && stays(column)),
    reasons: Array.from({ length: n }, (_, i) => notEstimableReason(deficiency, (column) => full[column]!.values[i]!)),
  };
}

/** The terms of the graph; '.' stands for what it stood for in the fit. */
function fittedTerms(design: Design): ModelTerms {
  const terms = modelTerms(design.graph, [...design.rows.columns.keys()]);
  const labels = new Set((design.deficiency?.columns ?? design.columns).map((column) => column.term));
  // That column is of no coefficient of an ordered answer, and decides on the coding of factors all the same.
  const constant = design.response.levels !== null;
  const stays = ({ label, atoms }: Term): boolean => labels.has(label) || (constant && atoms.length === 0);
  return { ...terms, population: terms.population.filter(stays) };
}

type Membership = Pick<NewGroupTerm, 'present' | 'index' | 'labels' | 'newLevels' | 'newIndex'>;

function tableStacks(design: Design, groups: Readonly<Record<string, Table>>): Map<string, GroupTable[]> {
  const stacks = new Map<string, GroupTable[]>();
  const accepted = new Set([...design.groupTerms.map((term) => term.factor), ...design.tables.keys()]);
  for (const [name, table] of Object.entries(groups)) {
    const where = `groups.${name}`;
    if (!accepted.has(name)) {
      const message = `${where} belongs to no grouping factor of the fit; its factors are ${[...accepted].join(', ')}`;
      throw new ModelError('unknown-table', where, message);
    }
    stacks.set(name, [groupTable(name, usableColumns(table, where))]);
  }
  for (const [name, frame] of design.tables) {
    stacks.set(name, [...(stacks.get(name) ?? []), groupTable(name, frame)]);
  }
  return stacks;
}

function groupColumns(factor: string, source: ColumnSource): string[] {
  return source.has(factor) ? [factor] : factor.split(':');
}

function checkMissing(terms: ModelTerms, frame: Frame, source: ColumnSource): void {
  const all = [...terms.population, ...terms.bars.flatMap((bar) => bar.terms)];
  const expressions = [...terms.offsets, ...all.flatMap((term) => term.atoms.map((atom) => atom.expression))];
  const used = new Set(expressions.flatMap((expression) => expressionColumns(expression)));
  // Throws for a column that is nowhere, before anything is said of missing values.
  for (const name of used) source.place(name);
  for (const bar of terms.bars) for (const name of groupColumns(bar.by, source)) used.add(name);
  completeRows(
    frame,
    [...used].filter((name) => frame.columns.has(name)),
    'error',
    source.where,
  );
}

function matchGroups(fitted: GroupTerm, source: ColumnSource): Membership {
  const { n } = source;
  if (groupColumns(fitted.factor, source).some((name) => !source.has(name))) {
    const none = new Int32Array(n).fill(-1);
    const labels = new Array<string>(n).fill('');
    return { present: false, index: none, labels, newLevels: [], newIndex: none };
  }
  const { levels, index } = source.factor(fitted.factor);
  const known = new Map(fitted.levels.map((level, j) => [level, j]));
  const newLevels = levels.filter((level) => !known.has(level));
  const fresh = new Map(newLevels.map((level, j) => [level, j]));
  return {
    present: true,
    index: index.map((j) => known.get(levels[j]!) ?? -1),
    labels: Array.from(index, (j) => levels[j]!),
    newLevels,
    newIndex: index.map((j) => fresh.get(levels[j]!) ?? -1),
  };
}
