import { familyOf } from '../../families/familyOf.ts';
import { typicalScales } from '../../kernels/marginal/typicalScales.ts';
import { mixtureHeight } from '../../kernels/scaleMixture/mixtureHeight.ts';
import { laplaceHeight } from '../../kernels/whitened/laplaceHeight.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { movingBlocks, movingPriors } from '../../priors/movingPriors.ts';
import { crossProducts } from '../../products/crossProducts.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { standardisation, standardisedDesign } from '../../products/standardisedDesign.ts';
import { ownDraws, sigmaDraws } from '../groupDraws.ts';
import { type CovariancePoint, covariancePoint } from './covariancePoint.ts';
import { drawnPoints } from './knownPoints.ts';

/**
 * The posterior of a Student-t, logit or probit model in z: logs of sqrt(sd / sigma) (sigma 1 without one), atanh of
 * the partial correlations, then log sigma and log nu where they are estimated.
 */
export interface PosteriorHeight {
  readonly point: CovariancePoint;
  /** z of sds of typical size without correlations. */
  readonly typical: Float64Array;
  /** The number of coordinates that belong to sds, which come first. */
  readonly q: number;
  /** The log density of z with u and beta integrated out approximately, up to a constant. */
  height(z: Float64Array): number;
  /** z of phi, and of sigma and nu where the model estimates them. */
  place(phi: Float64Array, sigma: number, nu: number): Float64Array;
  /** z of every `step`-th draw. */
  draws(step: number): Float64Array[];
  /** Sds on the columns as written (q by factor) and sigma (1 without one) at z. */
  back(z: Float64Array): { readonly tau: number[][]; readonly sigma: number };
}

export function posteriorHeight(fit: Fit): PosteriorHeight {
  const { design, priors } = fit;
  const blocks = movingBlocks(standardisation(design), priors);
  const moving = standardisedDesign(design, blocks).design;
  const moved = movingPriors(priors, blocks);
  const q = moving.groupTerms.reduce((sum, term) => sum + term.q, 0);
  const pairs = moving.groupTerms
    .flatMap((term) => term.blocks)
    .reduce((sum, { size }) => sum + (size * (size - 1)) / 2, 0);
  const d = q + pairs;
  const student = familyOf(design).conjugate === 'scaleMixture';
  const usual = new Float64Array(d);
  const estimatesNu = student && priors.nu !== undefined;
  const sigmas = sigmaDraws(fit);
  const nus = ownDraws(fit);
  let evaluate: (phi: Float64Array, sigma: number, nu: number) => number;
  if (student) {
    usual.set(typicalScales(moving, rowWeights(moving)));
    const height = mixtureHeight(moving, crossProducts(moving), moved);
    evaluate = (phi, sigma, nu) => height(phi, { sigma, nu });
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
    evaluate = laplaceHeight(moving, moved);
  }
  const fixedNu = design.response.nu ?? 1;
  const point = covariancePoint(design, blocks, usual);
  const phi = new Float64Array(d);
  const read = (z: Float64Array): { sigma: number; nu: number } => {
    for (let k = 0; k < d; k++) phi[k] = k < q ? Math.exp(z[k]!) : z[k]!;
    return { sigma: student ? Math.exp(z[d]!) : 1, nu: estimatesNu ? Math.exp(z[d + 1]!) : fixedNu };
  };
  const place: PosteriorHeight['place'] = (at, sigma, nu) =>
    Float64Array.from([
      ...Array.from(at, (value, k) => (k < q ? Math.log(value) : value)),
      ...(student ? [Math.log(sigma)] : []),
      ...(estimatesNu ? [Math.log(nu)] : []),
    ]);
  const middle = (draws: Float64Array | null): number => (draws ? draws.slice().sort()[draws.length >> 1]! : 1);
  return {
    point,
    q,
    typical: place(usual, middle(sigmas), middle(nus)),
    place,
    height(z) {
      const { sigma, nu } = read(z);
      let jacobian = 0;
      for (let k = 0; k < q; k++) jacobian += z[k]!;
      const value = evaluate(phi, sigma, nu) + jacobian;
      return Number.isFinite(value) ? value : -Infinity;
    },
    draws: (step) => drawnPoints(fit, point, step).map(({ s, phi, sigma }) => place(phi, sigma, nus ? nus[s]! : 1)),
    back(z) {
      const { sigma } = read(z);
      return { tau: point.back(phi, sigma), sigma };
    },
  };
}
