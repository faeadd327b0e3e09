import type { Design } from '../../design/design.ts';
import { log } from '../../elementary.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import { logScaleDensity, type MovingPriors } from '../../priors/priors.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { marginalTarget } from '../marginal/marginalTarget.ts';
import { mixtureRows } from './mixtureRows.ts';
import { expectedMixing, type ResidualTails, residualTailsStep } from './residualTails.ts';

/**
 * Reweightings for the conditional mode of (u, beta), and the change of a residual, as a share of sigma, at which
 * they end.
 */
const ROUNDS = 100;
const SETTLED = 1e-4;

/**
 * The log posterior density of (phi, log sigma, log nu) of a Student-t model with u and beta integrated out by
 * Laplace's method, up to a constant; of (phi, log sigma) where nu is known. The conditional mode is found by
 * reweighting (EM: Lange, Little & Taylor 1989, section 3); the curvature there is that of the expected information,
 * (nu + 1) / (nu + 3) w_i / sigma^2 a row, which is positive whatever the outliers. Each evaluation starts from the
 * weights of the last one. -Infinity where the density is not finite.
 */
export function mixtureHeight(
  design: Design,
  products: CrossProducts,
  priors: MovingPriors,
): (phi: Float64Array, tails: ResidualTails) => number {
  const sigmaPrior = priors.sigma!;
  const rows = mixtureRows(design, products, priors.beta);
  const { n, size, likelihood, weight } = rows;
  const target = marginalTarget(likelihood, design.groupTerms, priors.groups, sigmaPrior);
  const step = residualTailsStep(n, sigmaPrior, priors.nu);
  const omega = weight.slice();
  const square = new Float64Array(n);
  const before = new Float64Array(n);
  const x = new Float64Array(size);
  const mean = new Float64Array(size);
  return (phi, tails) => {
    const { sigma, nu } = tails;
    const variance = sigma * sigma;
    let penalty = Number.NaN;
    for (let round = 0; round < ROUNDS; round += 1) {
      rows.fill(omega);
      if (!target.at(phi)) return -Infinity;
      likelihood.solve(sigma);
      x.set(likelihood.side);
      backwardSolveArrow(likelihood.arrow, x);
      scaleBy(rows.products, likelihood.working, x, mean);
      rows.squares(mean, square);
      penalty = likelihood.rss();
      let moved = 0;
      for (let i = 0; i < n; i += 1) {
        penalty -= (omega[i]! / weight[i]!) * square[i]!;
        const residual = Math.sqrt(square[i]!);
        moved = Math.max(moved, Math.abs(residual - before[i]!) / sigma);
        before[i] = residual;
      }
      expectedMixing(square, weight, tails, omega);
      if (moved < SETTLED) break;
    }
    const density = step.logDensity(square, tails);
    const information = (nu + 1) / (nu + 3);
    rows.fill(weight.map((value) => information * value));
    if (!target.at(phi)) return -Infinity;
    // The priors and determinants alone: what the Gaussian rows make of sigma and their residuals is taken out.
    const rest = target.logJoint(sigma) + (0.5 * likelihood.rss()) / variance + n * log(sigma);
    const value = rest - (0.5 * penalty) / variance + density - logScaleDensity(sigmaPrior, sigma);
    return Number.isFinite(value) ? value : -Infinity;
  };
}
