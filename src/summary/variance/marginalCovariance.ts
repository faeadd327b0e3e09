import { needsRows } from '../../design/needsRows.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { checkFit } from '../../input/checkFit.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';
import { rowSizes } from '../../products/rowSizes.ts';
import { drawMean } from '../drawSummary.ts';
import { groupCovariance } from '../groupCovariance.ts';
import { factorPosition, type ModelFit } from '../modelFit.ts';
import { residualVariances } from '../residualVariances.ts';
import { addResidualCovariance } from './residualCovariance.ts';

/** The covariance matrix that a model gives the rows of one group. */
export interface MarginalCovariance {
  readonly factor: string;
  readonly level: string;
  /** The numbers of its rows, counted from 1, those left out for missing values included. */
  readonly rowNumbers: readonly number[];
  /** n_j x n_j, row-major. */
  readonly covariance: Float64Array;
  readonly correlation: Float64Array;
}

/** Rows of a group whose matrix is formed at most. */
const MOST_ROWS = 2000;

/**
 * The covariance of the rows of one level of a factor with all deviations integrated out, V = sum over factors g of Z_g
 * Sigma_g Z_g' (rows of one level of g) + R, R the residual variances (nlme's getVarCov of type 'marginal'; Laird &
 * Ware 1982, equation 2.2), or the covariance of residuals that depend on each other: at the estimates, or its
 * posterior mean. Of successes on the latent scale, where the residual variance is pi^2 / 3 (logit) or 1 (probit).
 *
 * Throws `unknown-factor`, `unknown-level`, `not-supported` for counts and ordered answers, a Student-t response whose
 * variance is infinite in some draw, and a group of more than 2000 rows, and `needs-rows`.
 */
export function marginalCovariance(fit: ModelFit, factor: string, level: string): MarginalCovariance {
  checkFit('marginalCovariance', fit);
  const { design } = fit;
  needsRows(design, 'covariances of rows', 'distinct');
  const f = factorPosition(design, factor);
  const { levels, index } = design.groupTerms[f]!;
  const j = levels.indexOf(String(level));
  if ((typeof level !== 'string' && typeof level !== 'number') || j < 0) {
    const near = nearestNames(String(level), levels, 4).map(quote).join(', ');
    const message = `marginalCovariance: ${factor} has no level ${quote(level)}; the nearest are ${near}`;
    throw new ModelError('unknown-level', 'level', message);
  }
  const { kind, name } = familyOf(design);
  const refuse = (why: string): ModelError =>
    new ModelError('not-supported', 'marginalCovariance', `marginalCovariance: ${why}`);
  if (kind === 'counts' || kind === 'ordered') {
    throw refuse(
      `rows of ${name} have no residual variance of their own on the scale of the linear predictor; icc and varianceFunction say how they vary`,
    );
  }
  const rows = Array.from(index.keys()).filter((i) => index[i] === j);
  const n = rows.length;
  if (n > MOST_ROWS)
    throw refuse(`${factor} ${quote(level)} has ${n} rows, and a matrix is formed of ${MOST_ROWS} at most`);
  const V = new Float64Array(n * n);
  design.groupTerms.forEach((term, g) => {
    const { q, Z } = term;
    const unit = (k: number): number[] => Array.from({ length: q }, (_, l) => (l === k ? 1 : 0));
    const Sigma = Float64Array.from({ length: q * q }, (_, at) =>
      drawMean(groupCovariance(fit, g, unit(Math.floor(at / q)), unit(at % q))),
    );
    rows.forEach((a, r) => {
      rows.forEach((b, c) => {
        if (term.index[a] !== term.index[b]) return;
        for (let k = 0; k < q; k++) {
          for (let l = 0; l < q; l++) {
            V[r * n + c]! += Z[a * q + k]! * Sigma[k * q + l]! * Z[b * q + l]!;
          }
        }
      });
    });
  });
  const { standardErrors } = design.response;
  if (design.residual) addResidualCovariance(fit, rows, V);
  const residual = standardErrors || design.residual ? null : drawMean(residualVariances(fit, [])!);
  if (residual === Number.POSITIVE_INFINITY) {
    throw refuse('the residual variance is infinite in some draw, whose degrees of freedom are 2 or less');
  }
  const sizes = kind === 'numbers' && !standardErrors ? rowSizes(design) : null;
  rows.forEach((i, r) => {
    if (design.residual) return;
    V[r * n + r]! += standardErrors ? standardErrors[i]! ** 2 : residual! / (sizes ? sizes[i]! : 1);
  });
  const numbers = rowNumbers(design);
  return {
    factor,
    level: levels[j]!,
    rowNumbers: rows.map((i) => numbers[i]!),
    covariance: V,
    correlation: V.map((value, at) => value / Math.sqrt(V[Math.floor(at / n) * (n + 1)]! * V[(at % n) * (n + 1)]!)),
  };
}
