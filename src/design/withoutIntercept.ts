import { ModelError } from '../errors.ts';
import type { Design } from './design.ts';
import { keptColumns } from './keptColumns.ts';

/**
 * The design of an ordered answer: X without the constant, for which the thresholds stand. Its columns are those beside
 * a constant, factors by treatment contrasts, and independent of it. Throws ModelError `no-intercept` where the graph
 * has no constant among its terms: then a factor is coded in full, and the thresholds would stand for one of its
 * levels.
 */
export function withoutIntercept(design: Design): Design {
  const { columns, response } = design;
  const kept = Int32Array.from(columns.keys()).filter((column) => columns[column]!.parts.length > 0);
  if (kept.length < columns.length) return keptColumns(design, kept);
  const message = `response ${response.label}: the thresholds of an ordered answer stand for the intercept, which cannot be left out; give the population terms '1'`;
  throw new ModelError('no-intercept', response.label, message);
}
