import { correlationPairs } from '../../design/correlationPairs.ts';
import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { logSdsOf } from '../../priors/residualPriors.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { createRng } from '../../random/rng.ts';
import type { Kernel, State } from '../kernel.ts';
import { covarianceProposal } from '../marginal/covarianceProposal.ts';
import { covarianceTries } from '../marginal/covarianceTries.ts';
import { covarianceWriter } from '../marginal/covarianceWriter.ts';
import type { MarginalProposal } from '../marginal/marginalProposal.ts';
import type { MarginalTarget } from '../marginal/marginalTarget.ts';
import { priorSearch } from '../marginal/priorSearch.ts';
import type { ResidualCoordinates } from '../marginal/residualCoordinates.ts';

/** Sweeps of the pilot chain, and those at its beginning that lead to where chains are. */
const PILOT = 300;
const LEADING = 100;
/** The part of the usual evaluations that the first proposal gets. */
const FIRST_SHARE = 0.3;
const FIRST_OMEGA = 0.3;
/** Least steps of a sweep. */
const STEPS = 2;

/**
 * The proposal of covariances where residuals have parameters that `held` move: log sds of groups, a matrix of
 * correlations. It is fitted given all of them, so that it should be where these are: first to equal sds without
 * correlation, with which a pilot chain runs, then to the pilot's means.
 */
export function heldProposal(
  design: Design,
  products: StructuredProducts,
  priors: MovingPriors,
  residuals: ResidualCoordinates,
  coefficients: Kernel,
  held: readonly Kernel[],
): (target: MarginalTarget, typical: Float64Array) => Pausing<MarginalProposal> {
  const { groupTerms } = design;
  return function* (target, typical) {
    const search = priorSearch(groupTerms, priors.groups, priors.sigma, typical);
    const state = pilotState(design, products, priors, residuals);
    const { omega } = priors.residual!;
    if (omega) state.at[omega.name]![0] = FIRST_OMEGA;
    residuals.hold(state);
    const first = yield* covarianceProposal(target, typical, { ...search, share: FIRST_SHARE });
    const rng = createRng([14]);
    const writer = covarianceWriter(groupTerms);
    const tries = covarianceTries(target);
    const phi = Float64Array.from(first.start);
    const sigma = state.at['sigma']!;
    const moved = [...(omega ? [state.at[logSdsOf(omega)]!] : []), ...(state.at['rho'] ? [state.at['rho']] : [])];
    const means = moved.map(({ length }) => new Float64Array(length));
    const logSigma = new Float64Array(sigma.length);
    if (!target.at(phi)) return first;
    sigma[0] = target.drawSigma(rng);
    const kernels = [coefficients, ...held];
    const infos = kernels.map(({ stats }) => new Float64Array(stats.length));
    for (let s = 0; s < PILOT; s += 1) {
      const move = tries.run(phi, sigma[0]!, first, rng);
      sigma[0] = move.sigma;
      writer.write(target, state, move.sigma);
      residuals.write(state);
      kernels.forEach((kernel, k) => {
        kernel.step(state, rng, 'sampling', infos[k]!);
      });
      // x_k = sqrt(tau_k / sigma) of sds that stay what they are.
      for (let k = 0; k < target.q; k += 1) phi[k] = phi[k]! * Math.sqrt(move.sigma / sigma[0]!);
      if (s >= LEADING) {
        moved.forEach((values, k) => {
          for (let j = 0; j < values.length; j += 1) means[k]![j]! += values[j]! / (PILOT - LEADING);
        });
        for (let t = 0; t < sigma.length; t += 1) logSigma[t]! += log(sigma[t]!) / (PILOT - LEADING);
      }
      yield;
    }
    moved.forEach((values, k) => {
      values.set(means[k]!);
    });
    for (let t = 0; t < sigma.length; t += 1) sigma[t] = exp(logSigma[t]!);
    residuals.hold(state);
    const fitted = yield* covarianceProposal(target, Float64Array.from(phi), search);
    // Given what moves, a second step is worth its time even where the proposal fits.
    return { ...fitted, steps: Math.max(STEPS, fitted.steps) };
  };
}

/** Places for what a sweep draws, outside of any chain. */
function pilotState(
  { groupTerms, p }: Design,
  { model }: StructuredProducts,
  { residual }: MovingPriors,
  { names }: ResidualCoordinates,
): State {
  const { correlation, deviations } = model;
  const { omega, delta, correlations } = residual!;
  const at: Record<string, Float64Array> = {
    beta: new Float64Array(p),
    sigma: new Float64Array(correlation.sds?.().length ?? 1),
    ...(omega ? { [omega.name]: new Float64Array(1), [logSdsOf(omega)]: new Float64Array(deviations) } : {}),
  };
  for (const each of [...names, ...(correlations ? ['rho'] : [])]) {
    at[each] = new Float64Array(each === 'delta' ? delta.length : correlation.parameters().length);
  }
  for (const { factor, J, q, blocks } of groupTerms) {
    at[`u_${factor}`] = new Float64Array(J * q);
    at[`tau_${factor}`] = new Float64Array(q);
    at[`corr_${factor}`] = new Float64Array(correlationPairs(blocks).length);
  }
  return { position: new Float64Array(0), at, latent: {} };
}
