import { correlationPairs } from '../../design/correlationPairs.ts';
import type { Design } from '../../design/design.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { createRng, type Rng } from '../../random/rng.ts';
import { firstPoint } from '../firstPoint.ts';
import { fittedOnce } from '../fittedOnce.ts';
import type { Kernel, State } from '../kernel.ts';
import { covarianceReader } from '../marginal/covarianceReader.ts';
import { type CovarianceMove, covarianceTries, TRIES_STATS, tellTries } from '../marginal/covarianceTries.ts';
import { covarianceWriter } from '../marginal/covarianceWriter.ts';
import { type PreparedProposal, preparedProposal, takeProposal } from '../marginal/marginalProposal.ts';
import { type Calibration, type MarginalTarget, marginalTarget } from '../marginal/marginalTarget.ts';
import { type MixtureRows, mixtureRows } from './mixtureRows.ts';
import { drawMixing, type ResidualTails, residualTailsStep } from './residualTails.ts';
import { proposalGiven, type ScaleMixtureProposal, scaleMixtureProposal } from './scaleMixtureProposal.ts';

const NAME = 'scaleMixture';
/**
 * Sweeps of a pilot chain, and the tries from the proposal accepted in one of them below which the proposal is fitted
 * anew.
 */
const PILOT = 200;
const SELDOM = 0.1;
const FIRST_NU = 10;

/** A `ScaleMixtureProposal`, and what fitting it left in the target, as plain data. */
interface Prepared {
  readonly covariances: PreparedProposal;
  readonly calibration: Calibration;
  readonly typical: Float64Array;
  readonly refitted: boolean;
}

/**
 * Partially collapsed Gibbs sampling of Student-t rows as a scale mixture of normals (Lange, Little & Taylor 1989; van
 * Dyk & Park 2008), y_i ~ N(eta_i, sigma^2 / (w_i lambda_i)), lambda_i ~ Gamma(nu / 2, nu / 2):
 * 1. (sigma, nu) given u and beta with lambda integrated out, then lambda given all: together a transition of (sigma,
 *    nu, lambda) that leaves p(sigma, nu, lambda | u, beta, Sigma, y) invariant, since lambda is drawn anew from its
 *    full conditional right after the values it was integrated out for;
 * 2. (Sigma, sigma) given lambda and nu with u and beta integrated out (Metropolis), then (u, beta) given all, in one
 *    normal draw: a transition of (Sigma, sigma, u, beta) that leaves p(Sigma, sigma, u, beta | lambda, nu, y)
 *    invariant for the same reason.
 * lambda is read only after it has been drawn, so that it carries nothing to the next sweep. `propose` fits the
 * proposal of the covariances, any that is right everywhere giving right draws; without one it is that of
 * `scaleMixtureProposal`, fitted anew where a pilot chain hardly ever takes it.
 */
export function scaleMixtureKernel(
  design: Design,
  products: CrossProducts,
  priors: MovingPriors,
  propose: typeof scaleMixtureProposal | null = null,
): Kernel {
  const { groupTerms } = design;
  const sigmaPrior = priors.sigma!;
  const rows: MixtureRows = mixtureRows(design, products, priors.beta);
  const { n, size, likelihood } = rows;
  const target: MarginalTarget = marginalTarget(likelihood, groupTerms, priors.groups, sigmaPrior);
  const tries = covarianceTries(target);
  const { d, q } = target;
  const writer = covarianceWriter(groupTerms);
  const read = covarianceReader(groupTerms);
  const step = residualTailsStep(n, sigmaPrior, priors.nu);
  const tails: ResidualTails = { sigma: 1, nu: design.response.nu ?? 1 };
  const x = new Float64Array(size);
  const scaled = new Float64Array(size);
  const square = new Float64Array(n);
  const omega = new Float64Array(n);
  const phi = new Float64Array(d);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);

  const fitted = fittedOnce<ScaleMixtureProposal, Prepared>(
    function* () {
      if (propose) return yield* propose(design, rows, target, step, tails, priors.groups);
      const first = yield* scaleMixtureProposal(design, rows, target, step, tails, priors.groups);
      const typical = yield* pilot(first);
      if (!typical) return first;
      const { weights, phi: from } = typical;
      return { ...(yield* proposalGiven(design, rows, target, priors.groups, weights, from)), refitted: true };
    },
    ({ proposal, typical, refitted = false }) => {
      const covariances = preparedProposal(proposal);
      return covariances && { covariances, calibration: target.calibration(), typical, refitted };
    },
    ({ covariances, calibration, typical, refitted }) => {
      target.restore(calibration);
      return { proposal: takeProposal(covariances), typical, refitted };
    },
  );

  /** (u, beta) given the covariances and sigma, after the target was evaluated there. */
  const drawCoefficients = (state: State, sigma: number, rng: Rng): void => {
    likelihood.solve(sigma);
    rng.fillNormals(scaled, size);
    for (let k = 0; k < size; k += 1) scaled[k] = likelihood.side[k]! + sigma * scaled[k]!;
    backwardSolveArrow(likelihood.arrow, scaled);
    scaleBy(rows.products, likelihood.working, scaled, x);
    rows.write(x, state);
  };

  const start = (state: State, { proposal, typical }: ScaleMixtureProposal, rng: Rng): void => {
    rows.follow(state);
    rows.fill(typical);
    let sigma = 1;
    firstPoint(NAME, (last) => {
      if (last) phi.set(proposal.start);
      else proposal.proposal.draw(rng, phi);
      if (!target.at(phi)) return false;
      sigma = target.drawSigma(rng);
      return Number.isFinite(target.logWeight(sigma));
    });
    state.at['sigma']![0] = sigma;
    writer.write(target, state, sigma);
    drawCoefficients(state, sigma, rng);
  };

  /** One sweep; the move of the covariances. */
  const sweep = (state: State, { proposal }: ScaleMixtureProposal, rng: Rng): CovarianceMove => {
    rows.read(state, x);
    rows.squares(x, square);
    tails.sigma = state.at['sigma']![0]!;
    if (priors.nu) tails.nu = state.at['nu']![0]!;
    step.step(square, tails, rng);
    if (priors.nu) state.at['nu']![0] = tails.nu;
    drawMixing(square, rows.weight, tails, rng, omega);

    rows.follow(state);
    rows.fill(omega);
    read(state, phi);
    const root = Math.sqrt(tails.sigma);
    for (let k = 0; k < q; k += 1) phi[k] = phi[k]! / root;
    const move = tries.run(phi, tails.sigma, proposal, rng);
    writer.write(target, state, move.sigma);
    state.at['sigma']![0] = move.sigma;
    drawCoefficients(state, move.sigma, rng);
    return move;
  };

  /**
   * The row precisions' means and the last phi of a short chain of its own, where its proposals of the covariances are
   * hardly ever accepted; null where they are. The joint mode that the first search finds may be no place where chains
   * are: with degrees of freedom next to 2 a precision at its mean says little of those that are drawn.
   */
  function* pilot(fit: ScaleMixtureProposal): Pausing<{ weights: Float64Array; phi: Float64Array } | null> {
    if (d < 2) return null;
    const state = pilotState(design, priors);
    const rng = createRng([12]);
    const weights = new Float64Array(n);
    let accepted = 0;
    start(state, fit, rng);
    if (priors.nu) state.at['nu']![0] = FIRST_NU;
    for (let s = 0; s < PILOT; s += 1) {
      const { independent } = sweep(state, fit, rng);
      yield;
      // The first half leads to where chains are.
      if (s < PILOT / 2) continue;
      accepted += independent;
      for (let i = 0; i < n; i += 1) weights[i] = weights[i]! + omega[i]! / (PILOT / 2);
    }
    return accepted < (SELDOM * PILOT) / 2 ? { weights, phi: phi.slice() } : null;
  }

  return {
    name: NAME,
    updates: [...writer.names, ...uNames, 'beta', 'sigma', ...(priors.nu ? ['nu'] : [])],
    why: `Student-t rows are normal given a gamma variable each: ${priors.nu ? 'sigma and nu' : 'sigma'} with those integrated out, covariances and sigma with u and beta integrated out, then u and beta in one draw`,
    prepare: fitted.prepare,
    departs: (made) =>
      (made as Prepared).refitted
        ? 'the proposal of the covariances fitted about the joint mode was hardly ever taken in a pilot run, so that it was fitted anew where that run had been'
        : null,
    stats: TRIES_STATS,
    init(state, rng) {
      start(state, fitted.get(), rng);
    },
    step(state, rng, _phase, info) {
      tellTries(sweep(state, fitted.get(), rng), info);
    },
  };
}

/** Places for what a sweep draws, outside of any chain. */
function pilotState({ groupTerms, p }: Design, { nu }: MovingPriors): State {
  const at: Record<string, Float64Array> = { beta: new Float64Array(p), sigma: new Float64Array(1) };
  if (nu) at['nu'] = new Float64Array(1);
  for (const { factor, J, q, blocks } of groupTerms) {
    at[`u_${factor}`] = new Float64Array(J * q);
    at[`tau_${factor}`] = new Float64Array(q);
    at[`corr_${factor}`] = new Float64Array(correlationPairs(blocks).length);
  }
  return { position: new Float64Array(0), at, latent: {} };
}
