import type { Moments } from '../../data/reducedRows.ts';
import { ModelError } from '../../errors.ts';
import type { Atom } from '../../formula/expression.ts';
import type { AtomValue } from '../columns/atomValue.ts';
import { checkSize } from '../columns/checkSize.ts';
import type { GroupBar } from '../columns/modelTerms.ts';
import { rowMajor, type TermColumn, termColumns } from '../columns/termColumns.ts';
import type { CovarianceBlock, GroupTerm } from '../design.ts';
import { checkLevel2Constant, type Groups, level2View } from './level2.ts';

/**
 * The group term of one factor: the varying columns of all its bars side by side, a covariance block for each bar (or
 * for each column of a bar with `||`), and the level-2 view of X.
 *
 * Throws ModelError for a factor of one level, two equal varying columns, a declared level-2 predictor that varies
 * within a group.
 */
export function groupTerm(groups: Groups, bars: readonly GroupBar[], X: readonly TermColumn[]): GroupTerm {
  const { factor, levels, index, counts, evaluate } = groups;
  if (levels.length < 2) {
    const message = `grouping factor ${factor} has one level ("${levels[0]}"); at least two groups are needed`;
    throw new ModelError('one-level', factor, message);
  }
  const { columns: Z, blocks } = varyingColumns(bars, evaluate, index.length, groups.source.reduced?.moments);
  for (const { label, values } of Z) checkSize(values, 'varying column', label);
  checkDistinct(Z, factor);
  for (const bar of bars) {
    const terms = bar.level2?.flat() ?? [];
    checkLevel2Constant(
      groups,
      terms.flatMap((term) => term.atoms),
    );
  }
  const gamma = bars.find((bar) => bar.gamma !== undefined)?.gamma;
  return {
    factor,
    levels,
    J: levels.length,
    index,
    counts,
    q: Z.length,
    labels: Z.map((column) => column.label),
    Z: rowMajor(Z, index.length),
    parts: Z.map(({ parts }) => parts.map(({ atom, label }) => ({ atom: atom.text, label }))),
    blocks,
    level2: level2View(groups, X, Z),
    ...(gamma === undefined ? {} : { gamma }),
  };
}

/** The varying columns of the bars of one factor and the covariance blocks they form. */
export function varyingColumns(
  bars: readonly GroupBar[],
  evaluate: (atom: Atom) => AtomValue,
  n: number,
  moments?: Moments | null,
): { columns: TermColumn[]; blocks: CovarianceBlock[] } {
  const columns: TermColumn[] = [];
  const blocks: CovarianceBlock[] = [];
  for (const bar of bars) {
    const own = termColumns(bar.terms, evaluate, n, moments);
    const start = columns.length;
    const size = bar.diagonal ? 1 : own.length;
    for (let k = 0; k < own.length; k += size) blocks.push({ start: start + k, size, cov: bar.cov });
    columns.push(...own);
  }
  return { columns, blocks };
}

function checkDistinct(columns: readonly TermColumn[], factor: string): void {
  columns.forEach((column, k) => {
    for (const other of columns.slice(0, k)) {
      if (column.label !== other.label && column.values.some((value, i) => value !== other.values[i])) continue;
      const both =
        column.label === other.label ? `${column.label} varies twice` : `${other.label} and ${column.label} are equal`;
      const message = `by ${factor}, ${both}; each varying column may stand once`;
      throw new ModelError('duplicate-varying', factor, message);
    }
  });
}
