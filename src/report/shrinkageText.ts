import { text, wholeNumber } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Shrinkage, ShrinkageRow } from '../summary/pooling/shrinkage.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { narrowed, type TableColumn, table } from './table.ts';

/** How much of the shrinkage to print. */
export interface ShrinkageTextOptions {
  /**
   * The groups with the largest shrinkage weights (means over the terms shown), largest first; all groups in their
   * order unless given.
   */
  readonly top?: number;
  /** One varying term only. */
  readonly term?: string;
  /**
   * Columns of the terminal. Where they do not allow for all, columns of the table are left out, one after the other,
   * and a line says which. Without it all are written.
   */
  readonly width?: number;
}

/** Columns that a narrow terminal does without, the first first. */
const SPARED = [['completePooling'], ['se'], ['q5', 'q95'], ['populationLine'], ['n']];

/**
 * No, partial and complete pooling of every group as a table, then the pooling factors, the ICC and why estimates are
 * missing.
 */
export function shrinkageText(result: Shrinkage, options: ShrinkageTextOptions = {}): string {
  checkAnswer('shrinkageText', result, "shrinkage(fit, 'county')", 'rows', 'poolingFactor');
  checkOptions('shrinkageText', options, { top: wholeNumber(1), term: text, width: wholeNumber(1) });
  const { top, term, width } = options;
  const chosen = term === undefined ? result.rows : result.rows.filter((row) => row.term === term);
  const rows = top === undefined ? chosen : mostShrunk(chosen, top);
  const spread = (q5: number, q95: number): number => (q95 - q5) / 3.3;
  const columns: TableColumn[] = [
    { title: result.factor, align: 'left', cells: rows.map((row) => row.level) },
    { title: 'term', align: 'left', cells: rows.map((row) => row.term) },
    { title: 'n', cells: rows.map((row) => String(row.n)) },
    { title: 'noPooling', cells: rows.map((row) => digits(row.noPooling, row.noPoolingSe)) },
    { title: 'se', cells: rows.map((row) => digits(row.noPoolingSe, row.noPoolingSe)) },
    { title: 'partialPooling', cells: rows.map((row) => digits(row.partialPooling, spread(row.q5, row.q95))) },
    { title: 'q5', cells: rows.map((row) => digits(row.q5, spread(row.q5, row.q95))) },
    { title: 'q95', cells: rows.map((row) => digits(row.q95, spread(row.q5, row.q95))) },
    { title: 'populationLine', cells: rows.map((row) => digits(row.populationLine, spread(row.q5, row.q95))) },
    { title: 'completePooling', cells: rows.map((row) => digits(row.completePooling, spread(row.q5, row.q95))) },
    { title: 'weight', cells: rows.map((row) => decimals(row.shrinkageWeight, 2)) },
    ...Object.keys(rows[0]?.matrixWeights ?? {}).map((name) => ({
      title: `line ${name}`,
      cells: rows.map((row) => decimals(row.matrixWeights![name], 2)),
    })),
  ];
  const shown = width === undefined ? columns : narrowed(columns, width, SPARED);
  const spared = columns.filter((column) => !shown.includes(column)).map(({ title }) => title);
  const factors = Object.entries(result.poolingFactor).map(([label, value]) => `${label} ${decimals(value, 2)}`);
  const missing = rows.filter((row) => row.reason !== null);
  const distinct = [...new Set(missing.map((row) => row.reason))];
  const reasons = distinct.slice(0, 3);
  const more = distinct.length > reasons.length ? `, and ${distinct.length - reasons.length} more` : '';
  return [
    table(shown),
    '',
    ...(spared.length > 0 ? [`not shown in ${width} columns: ${spared.join(', ')}`] : []),
    weightText(result),
    `pooling factor: ${factors.join(', ')}${result.icc === null ? '' : `; ${iccText(result)}`}`,
    ...(missing.length > 0 ? [`no estimate without pooling (-): ${reasons.join('; ')}${more}`] : []),
  ].join('\n');
}

/**
 * What the column of weights is: with one varying coefficient a share of the line, with several no share of anything.
 */
function weightText({ poolingFactor, rows }: Shrinkage): string {
  if (Object.keys(poolingFactor).length <= 1) {
    return "weight: share of the population line in the estimate (1: the group's own data count for nothing)";
  }
  const matrix =
    rows[0]?.matrixWeights === undefined
      ? ''
      : "; columns line ...: how much of each coefficient's line is in the estimate";
  return `weight: conditional over prior variance of the coefficient (1: the group's own data say nothing of it); coefficients are estimated together, and one may lie outside its own estimate and line${matrix}`;
}

function iccText({ factor, icc, varianceShare, nestedIn, iccAt }: Shrinkage): string {
  const at = iccAt === null ? '' : ` at ${iccAt}`;
  const correlation = `intraclass correlation ${decimals(icc, 3)}${at}`;
  if (nestedIn.length === 0) return correlation;
  return `${correlation} (two rows of one ${factor}, and so of one ${nestedIn.join(', ')}); variance share of ${factor} alone ${decimals(varianceShare, 3)}`;
}

/** The rows of the `top` groups with the largest mean weight; of equals, those with fewer rows first. */
function mostShrunk(rows: readonly ShrinkageRow[], top: number): ShrinkageRow[] {
  const groups = new Map<string, ShrinkageRow[]>();
  for (const row of rows) groups.set(row.level, [...(groups.get(row.level) ?? []), row]);
  const weight = (group: readonly ShrinkageRow[]): number =>
    group.reduce((sum, row) => sum + row.shrinkageWeight, 0) / group.length;
  return [...groups.values()]
    .sort((a, b) => weight(b) - weight(a) || a[0]!.n - b[0]!.n)
    .slice(0, top)
    .flat();
}
