import type { Design } from '../../design/design.ts';
import { levelObservations } from '../../design/observations.ts';
import { familyOf } from '../../families/familyOf.ts';
import { noPoolingGlm } from '../../likelihood/generalized/noPoolingGlm.ts';
import { leastSquares } from '../../linalg/leastSquares.ts';
import { cells } from '../../products/cells.ts';
import { thresholdRows } from '../../products/thresholdRows.ts';
import { rowPrecision, rowsByGroup } from './groupPrecision.ts';

/** What a group's own rows say of one varying coefficient; null with a reason where they say nothing. */
export interface OwnEstimate {
  readonly estimate: number | null;
  readonly se: number | null;
  readonly reason: string | null;
}

/**
 * Population-level coefficients (length p) and deviations of every factor (J x q each) that stand for the rest of the
 * model.
 */
export interface PointEstimates {
  readonly beta: ArrayLike<number>;
  readonly u: readonly ArrayLike<number>[];
  /** The family's own parameter; absent in a family without. */
  readonly own?: number;
  /** The thresholds of an ordered answer; absent in other families. */
  readonly thresholds?: Float64Array;
}

/**
 * Least squares of each group's own rows on its varying columns Z_j, weighted by the row precisions: the estimate
 * without pooling, J x q.
 *
 * What does not vary by this factor is taken as known and subtracted first: the offset, the columns of X that are not
 * products z:w of this factor (at `point.beta`) and the deviations of the other factors (at `point.u`). Where every
 * column of X is such a product and there is one factor, nothing but the offset is subtracted, and this is the group's
 * ordinary regression. The standard error is sigma sqrt([(Z_j'WZ_j)^-1]_kk) with the model's pooled sigma^2 (`sigma2`;
 * 1 with known standard errors), so that groups with no more rows than columns have one.
 *
 * `whiten` makes the rows of each group independent with variance sigma2, a column at a time: by default each times the
 * root of its precision; the weights of Student-t rows are near 0 for an outlier (`rowInformation`), and rows whose
 * residuals depend on each other give generalised least squares (`groupRows`).
 *
 * In a model of successes or counts it is the group's own regression of its family, everything else in its offset, with
 * the standard error of that regression. A group whose columns separate its successes from its failures, or its zeros
 * from its other counts (all vote alike) has none: the likelihood rises for ever.
 */
export function noPooling(
  design: Design,
  f: number,
  point: PointEstimates,
  sigma2: number,
  whiten: (column: Float64Array) => void = byRoots(rowPrecision(design)),
): OwnEstimate[] {
  if (familyOf(design).sigma === null) return ownRegressions(design, f, point);
  const term = design.groupTerms[f]!;
  const { q, Z, labels } = term;
  const counts = levelObservations(design, term);
  const rest = varyingPart(design, f, point);
  whiten(rest);
  const white = labels.map((_, k) => {
    const column = Float64Array.from(rest, (_value, i) => Z[i * q + k]!);
    whiten(column);
    return column;
  });
  const { start, rows } = rowsByGroup(term);
  return term.levels.flatMap((level, j) => {
    const members = rows.subarray(start[j]!, start[j + 1]!);
    const A = new Float64Array(members.length * q);
    const y = new Float64Array(members.length);
    members.forEach((i, row) => {
      y[row] = rest[i]!;
      for (let k = 0; k < q; k++) A[row * q + k] = white[k]![i]!;
    });
    const zero = labels.map((_, k) => members.every((i) => Z[i * q + k] === 0));
    const fitted = leastSquares(A, y, q);
    return labels.map((label, k): OwnEstimate => {
      if (fitted.estimable[k]) {
        return { estimate: fitted.coefficients[k]!, se: Math.sqrt(sigma2 * fitted.variances[k]!), reason: null };
      }
      return { estimate: null, se: null, reason: whyNot(level, label, counts[j]!, zero, k, fitted.estimable, labels) };
    });
  });
}

/** Each row times the root of its precision. */
export function byRoots(precision: Float64Array): (column: Float64Array) => void {
  return (column) => {
    for (let i = 0; i < column.length; i++) column[i]! *= Math.sqrt(precision[i]!);
  };
}

function ownRegressions(design: Design, f: number, point: PointEstimates): OwnEstimate[] {
  // Equal rows count once, with their trials.
  return noPoolingGlm(thresholdRows(cells(design).design, point.thresholds).design, f, point).map(
    ({ level, estimate, se, reason }) => ({
      estimate,
      se,
      reason: reason?.replace(/^separated: /u, `separated in ${level}: `) ?? null,
    }),
  );
}

/** y less everything that does not vary by factor f, length n. */
function varyingPart(design: Design, f: number, point: PointEstimates): Float64Array {
  const { n, p, X, response, groupTerms } = design;
  const own = new Set(groupTerms[f]!.level2.columns);
  const rest = Float64Array.from(response.y);
  const outside = Array.from({ length: p }, (_, c) => c).filter((c) => !own.has(c));
  for (let i = 0; i < n; i++) {
    let known = response.offset ? response.offset[i]! : 0;
    for (const c of outside) known += X[i * p + c]! * point.beta[c]!;
    groupTerms.forEach((other, g) => {
      if (g === f) return;
      const at = other.index[i]! * other.q;
      for (let k = 0; k < other.q; k++) known += other.Z[i * other.q + k]! * point.u[g]![at + k]!;
    });
    rest[i]! -= known;
  }
  return rest;
}

function whyNot(
  level: string,
  label: string,
  count: number,
  zero: readonly boolean[],
  k: number,
  estimable: readonly boolean[],
  labels: readonly string[],
): string {
  if (count === 0) return `${level} has no rows`;
  const rows = count === 1 ? 'the one row' : `all ${count} rows`;
  if (zero[k]) return `${label} is 0 in ${rows} of ${level}`;
  const tangled = labels.filter((_, l) => l !== k && !estimable[l] && !zero[l]);
  const those = count === 1 ? 'the one row' : `the ${count} rows`;
  return `${those} of ${level} cannot tell ${label} from ${tangled.join(' and ')}`;
}
