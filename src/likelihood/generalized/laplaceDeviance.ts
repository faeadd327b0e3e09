import { solveArrow } from '../../linalg/arrowCholesky.ts';
import { fillOwn } from '../../products/familyRows.ts';
import { scaleBy, scaleTransposed } from '../../products/relativePrecision.ts';
import { covarianceDerivative } from '../gaussian/covarianceDerivative.ts';
import type { GeneralizedState, MarginalDeviance } from './marginalDeviance.ts';

/**
 * Laplace's approximation of -2 log of the integral over e of p(y | e, beta) N(e; 0, I), as glmer has it (Bates,
 * Maechler, Bolker & Walker 2015,
 * section 3; Tierney & Kadane 1986):  -2 log p(y | e^) + |e^|^2 + log |Lambda'Z'WZ Lambda + I|, e^ the conditional mode
 * and W the expected information there, the binomial coefficients of the rows included.
 *
 * Its exact gradient follows e^: with h_i the leverage of row i, t = h dW/deta, O the observed weights and
 * rho = t - O Z Lambda (Lambda'Z'OZ Lambda + I)^-1 Lambda'Z't, it is X'(rho - 2 l') by beta and
 * sum_j (B_jj - c_j c_j' + (y_j c_j' + c_j y_j') / 2) by Lambda Lambda', where c = Z'l', y = Z'rho, B = A - A Lambda
 * M^-1 Lambda'A. By the coordinate v of a family's own parameter (observed weights alone) it is h'dO/dv + (Z Lambda
 * M^-1 Lambda'Z't)'dl'/dv - 2 dl/dv.
 */
export function laplaceDeviance(state: GeneralizedState): MarginalDeviance {
  const { predictor, mode, expected, X, p, slope, system, rows } = state;
  const { n, size, groups, borderOffsets } = predictor;
  const zero = new Float64Array(n);
  const t = new Float64Array(n);
  const rho = new Float64Array(n);
  const y = new Float64Array(size);
  const v = new Float64Array(size);
  const image = new Float64Array(size);
  const leverage = new Float64Array(n);
  const pulled = new Float64Array(n);
  const own = { logLik: new Float64Array(n), score: new Float64Array(n), weight: new Float64Array(n) };
  return {
    state,
    at(beta) {
      if (!state.settle(beta)) return Number.NaN;
      return -2 * mode.logLik() + mode.penalty() + expected.logDetGroups();
    },
    gradient(beta) {
      expected.leverages(mode.Lambda, t);
      leverage.set(t);
      for (let i = 0; i < n; i++) t[i]! *= slope[i]!;
      predictor.transpose(t, y);
      scaleTransposed(predictor, mode.Lambda, y, v);
      solveArrow(mode.curvature.factor, v);
      scaleBy(predictor, mode.Lambda, v, image);
      predictor.eta(image, zero, rho);
      pulled.set(rho);
      for (let i = 0; i < n; i++) rho[i] = t[i]! - mode.weight[i]! * rho[i]!;
      predictor.transpose(rho, y);
      beta.fill(0, 0, p);
      for (let i = 0; i < n; i++) {
        const value = rho[i]! - 2 * mode.score[i]!;
        for (let k = 0; k < p; k++) beta[k]! += X[i * p + k]! * value;
      }
      const derivatives = covarianceDerivative({ ...system, inverse: expected.inverse }, system.others, 1);
      groups.forEach(({ J, q }, f) => {
        const D = derivatives[f]!;
        for (let j = 0; j < J; j++) {
          const at = borderOffsets[f]! + j * q;
          for (let a = 0; a < q; a++) {
            for (let b = 0; b < q; b++) {
              D[a * q + b]! += (y[at + a]! * mode.gradient[at + b]! + mode.gradient[at + a]! * y[at + b]!) / 2;
            }
          }
        }
      });
      return derivatives;
    },
    byOwn(v) {
      fillOwn(rows, mode.eta, v, own);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += leverage[i]! * own.weight[i]! + pulled[i]! * own.score[i]! - 2 * own.logLik[i]!;
      }
      return sum;
    },
  };
}
