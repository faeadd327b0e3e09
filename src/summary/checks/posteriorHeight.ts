import { familyOf } from '../../families/familyOf.ts';
import { estimatedParameter, knownParameter } from '../../families/ownParameter.ts';
import { typicalScales } from '../../kernels/marginal/typicalScales.ts';
import { mixtureHeight } from '../../kernels/scaleMixture/mixtureHeight.ts';
import { laplaceHeight } from '../../kernels/whitened/laplaceHeight.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { movingModel } from '../../priors/movingModel.ts';
import { crossProducts } from '../../products/crossProducts.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { ownDraws, sigmaDraws } from '../groupDraws.ts';
import type { CovariancePoint } from './covariancePoint.ts';
import { drawnPoints, pointsOfFit } from './knownPoints.ts';

/**
 * The posterior of a model whose rows are not normal in z: logs of sqrt(sd / sigma) (sigma 1 without one), atanh of the
 * partial correlations, then log sigma and the log of the family's own parameter (nu, shape, precision) where they are
 * estimated.
 */
export interface PosteriorHeight {
  readonly point: CovariancePoint;
  /** z of sds of typical size without correlations. */
  readonly typical: Float64Array;
  /** The number of coordinates that belong to sds, which come first. */
  readonly q: number;
  /** The log density of z with u and beta integrated out approximately, up to a constant. */
  height(z: Float64Array): number;
  /** z of phi, and of sigma and the family's own parameter where the model estimates them. */
  place(phi: Float64Array, sigma: number, own: number): Float64Array;
  /** z of every `step`-th draw. */
  draws(step: number): Float64Array[];
  /** Sds on the columns as written (q by factor) and sigma (1 without one) at z. */
  back(z: Float64Array): { readonly tau: number[][]; readonly sigma: number };
}

export function posteriorHeight(fit: Fit): PosteriorHeight {
  const { design, priors } = fit;
  const { design: moving, priors: moved, blocks } = movingModel(design, priors);
  const q = moving.groupTerms.reduce((sum, term) => sum + term.q, 0);
  const pairs = moving.groupTerms
    .flatMap((term) => term.blocks)
    .reduce((sum, { size }) => sum + (size * (size - 1)) / 2, 0);
  const d = q + pairs;
  const student = familyOf(design).conjugate === 'scaleMixture';
  const usual = new Float64Array(d);
  const parameter = estimatedParameter(design);
  const sigmas = sigmaDraws(fit);
  const owns = ownDraws(fit);
  let evaluate: (phi: Float64Array, sigma: number, own: number) => number;
  if (student) {
    usual.set(typicalScales(moving, rowWeights(moving)));
    const height = mixtureHeight(moving, crossProducts(moving, moved.beta), moved);
    evaluate = (phi, sigma, own) => height(phi, { sigma, nu: own });
  } else {
    // Deviations of the linear predictor of some .4, as where the kernel's own search begins.
    moving.groupTerms
      .flatMap(({ q: columns, Z }) =>
        Array.from({ length: columns }, (_, k) => {
          let sum = 0;
          for (let i = k; i < Z.length; i += columns) sum += (Z[i]! * Z[i]!) / moving.n;
          return sum || 1;
        }),
      )
      .forEach((square, k) => {
        usual[k] = Math.sqrt(0.4 / Math.sqrt(square));
      });
    const height = laplaceHeight(moving, moved);
    evaluate = (phi, _sigma, own) => height(phi, own);
  }
  const known = knownParameter(design) ?? 1;
  const point = pointsOfFit(fit, blocks, usual);
  const phi = new Float64Array(d);
  const read = (z: Float64Array): { sigma: number; own: number } => {
    for (let k = 0; k < d; k++) phi[k] = k < q ? Math.exp(z[k]!) : z[k]!;
    return { sigma: student ? Math.exp(z[d]!) : 1, own: parameter ? Math.exp(z[student ? d + 1 : d]!) : known };
  };
  const place: PosteriorHeight['place'] = (at, sigma, own) =>
    Float64Array.from([
      ...Array.from(at, (value, k) => (k < q ? Math.log(value) : value)),
      ...(student ? [Math.log(sigma)] : []),
      ...(parameter ? [Math.log(own)] : []),
    ]);
  const middle = (draws: Float64Array | null): number => (draws ? draws.slice().sort()[draws.length >> 1]! : 1);
  return {
    point,
    q,
    typical: place(usual, middle(sigmas), middle(owns)),
    place,
    height(z) {
      const { sigma, own } = read(z);
      let jacobian = 0;
      for (let k = 0; k < q; k++) jacobian += z[k]!;
      const value = evaluate(phi, sigma, own) + jacobian;
      return Number.isFinite(value) ? value : -Infinity;
    },
    draws: (step) => drawnPoints(fit, point, step).map(({ s, phi, sigma }) => place(phi, sigma, owns ? owns[s]! : 1)),
    back(z) {
      const { sigma } = read(z);
      return { tau: point.back(phi, sigma), sigma };
    },
  };
}
