import type { Design } from '../../design/design.ts';
import { type FamilyRows, fillOwn } from '../../products/familyRows.ts';
import { fittedValues } from '../fittedValues.ts';
import { minimize } from '../search/optimize.ts';
import { type Glm, glm } from './glm.ts';

/** The coordinate of the parameter in which a search begins is at least this: at 0 the likelihood is flat. */
const LEAST_START = 0.3;
/** Deviances closer than this are the same fit, so that the parameter is put at the end of its range. */
const SAME_DEVIANCE = 1e-7;
/** Step of a difference of derivatives, relative to the coordinate. */
const DIFFERENCE = 1e-4;

/**
 * `glm` with the family's own parameter at its maximum too, which is left in `rows.own`; with it as it is where it is
 * known already, and in families without. The deviance is profiled over the coefficients: its derivative by the
 * parameter is that of the rows where they stand. Standard errors are those given the parameter where it is
 * orthogonal to them (R's glm.nb), else by the observed information of both.
 */
export function glmOverOwn(whole: Design, rows: FamilyRows): Glm {
  const design = { ...whole, groupTerms: [] };
  const { search } = rows;
  if (search === null) return glm(design, rows);
  const byOwn = new Float64Array(rows.n);
  const at = (v: number): Glm => {
    rows.own = search.fromCoordinate(v);
    return glm(design, rows);
  };
  const plain = at(0);
  if (plain.separated !== null || !plain.converged) return plain;
  const found = minimize(
    (x, gradient) => {
      const fit = at(x[0]!);
      fillOwn(rows, fittedValues(design, fit.beta, []), x[0]!, { logLik: byOwn });
      gradient[0] = -2 * byOwn.reduce((sum, value) => sum + value, 0);
      return -2 * fit.logLik;
    },
    [startingCoordinate(design, rows, plain)],
  );
  if (!(found.value < -2 * plain.logLik - SAME_DEVIANCE)) return at(0);
  const v = Math.abs(found.x[0]!);
  const fit = at(v);
  return search.orthogonal ? fit : { ...fit, vcov: besideOwn(design, rows, fit, v) };
}

/**
 * The covariance of the coefficients where the parameter is estimated too, from the observed information [A c; c' d] of
 * (beta, v): A^-1 + A^-1 c c' A^-1 / (d - c' A^-1 c), with d by a difference of first derivatives.
 */
function besideOwn(design: Design, rows: FamilyRows, { beta, observed }: Glm, v: number): Float64Array {
  const { n, p, X } = design;
  const eta = fittedValues(design, beta, []);
  const logLik = new Float64Array(n);
  const score = new Float64Array(n);
  const slopeAt = (at: number): number => {
    fillOwn(rows, eta, at, { logLik });
    return logLik.reduce((sum, value) => sum + value, 0);
  };
  const h = DIFFERENCE * v;
  const d = (slopeAt(v - h) - slopeAt(v + h)) / (2 * h);
  fillOwn(rows, eta, v, { logLik, score });
  const c = Float64Array.from({ length: p }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum -= X[i * p + k]! * score[i]!;
    return sum;
  });
  const pulled = c.map((_, a) => c.reduce((sum, value, b) => sum + observed[a * p + b]! * value, 0));
  const rest = d - c.reduce((sum, value, k) => sum + value * pulled[k]!, 0);
  if (!(rest > 0)) return observed;
  return observed.map((value, k) => value + (pulled[Math.floor(k / p)]! * pulled[k % p]!) / rest);
}

/** From the squares of the residuals beyond those of the family without the parameter, relative to what it adds. */
function startingCoordinate(design: Design, { family, search, y, size, copies }: FamilyRows, { beta }: Glm): number {
  const eta = fittedValues(design, beta, []);
  let excess = 0;
  let slope = 0;
  for (let i = 0; i < y.length; i++) {
    const mean = size[i]! * family.mean(eta[i]!);
    excess += copies[i]! * ((y[i]! - mean) ** 2 - family.variance(size[i]!, eta[i]!, 1));
    slope += copies[i]! * search!.varianceSlope(size[i]!, eta[i]!);
  }
  return Math.sqrt(Math.max(LEAST_START * LEAST_START, excess / slope || 0));
}
