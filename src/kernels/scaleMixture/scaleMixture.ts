import type { Design } from '../../design/design.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import type { Rng } from '../../random/rng.ts';
import { firstPoint } from '../firstPoint.ts';
import { fittedOnce } from '../fittedOnce.ts';
import type { Kernel, State } from '../kernel.ts';
import { covarianceReader } from '../marginal/covarianceReader.ts';
import { covarianceTries, TRIES_STATS, tellTries } from '../marginal/covarianceTries.ts';
import { covarianceWriter } from '../marginal/covarianceWriter.ts';
import { type PreparedProposal, preparedProposal, takeProposal } from '../marginal/marginalProposal.ts';
import { type Calibration, type MarginalTarget, marginalTarget } from '../marginal/marginalTarget.ts';
import { type MixtureRows, mixtureRows } from './mixtureRows.ts';
import { drawMixing, type ResidualTails, residualTailsStep } from './residualTails.ts';
import { type ScaleMixtureProposal, scaleMixtureProposal } from './scaleMixtureProposal.ts';

const NAME = 'scaleMixture';

/** A `ScaleMixtureProposal`, and what fitting it left in the target, as plain data. */
interface Prepared {
  readonly covariances: PreparedProposal;
  readonly calibration: Calibration;
  readonly typical: Float64Array;
}

/**
 * Partially collapsed Gibbs sampling of Student-t rows as a scale mixture of normals (Lange, Little & Taylor 1989; van Dyk & Park 2008),
 * y_i ~ N(eta_i, sigma^2 / (w_i lambda_i)), lambda_i ~ Gamma(nu / 2, nu / 2):
 * 1. (sigma, nu) given u and beta with lambda integrated out, then lambda given all: together a transition of (sigma, nu, lambda) that leaves
 *    p(sigma, nu, lambda | u, beta, Sigma, y) invariant, since lambda is drawn anew from its full conditional right after the values it was integrated out for;
 * 2. (Sigma, sigma) given lambda and nu with u and beta integrated out (Metropolis), then (u, beta) given all, in one normal draw: a transition of
 *    (Sigma, sigma, u, beta) that leaves p(Sigma, sigma, u, beta | lambda, nu, y) invariant for the same reason.
 * lambda is read only after it has been drawn, so that it carries nothing to the next sweep. `propose` fits the proposal of the covariances, any that is right
 * everywhere giving right draws.
 */
export function scaleMixtureKernel(
  design: Design,
  products: CrossProducts,
  priors: MovingPriors,
  propose: typeof scaleMixtureProposal = scaleMixtureProposal,
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
    () => propose(design, rows, target, step, tails, priors.groups),
    ({ proposal, typical }) => {
      const covariances = preparedProposal(proposal);
      return covariances && { covariances, calibration: target.calibration(), typical };
    },
    ({ covariances, calibration, typical }) => {
      target.restore(calibration);
      return { proposal: takeProposal(covariances), typical };
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

  return {
    name: NAME,
    updates: [...writer.names, ...uNames, 'beta', 'sigma', ...(priors.nu ? ['nu'] : [])],
    why: `Student-t rows are normal given a gamma variable each: ${priors.nu ? 'sigma and nu' : 'sigma'} with those integrated out, covariances and sigma with u and beta integrated out, then u and beta in one draw`,
    prepare: fitted.prepare,
    stats: TRIES_STATS,
    init(state, rng) {
      const { proposal, typical } = fitted.get();
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
    },
    step(state, rng, _phase, info) {
      const { proposal } = fitted.get();
      rows.read(state, x);
      rows.squares(x, square);
      tails.sigma = state.at['sigma']![0]!;
      if (priors.nu) tails.nu = state.at['nu']![0]!;
      step.step(square, tails, rng);
      if (priors.nu) state.at['nu']![0] = tails.nu;
      drawMixing(square, rows.weight, tails, rng, omega);

      rows.fill(omega);
      read(state, phi);
      const root = Math.sqrt(tails.sigma);
      for (let k = 0; k < q; k += 1) phi[k] = phi[k]! / root;
      const move = tries.run(phi, tails.sigma, proposal, rng);
      const { sigma } = move;
      tellTries(move, info);
      writer.write(target, state, sigma);
      state.at['sigma']![0] = sigma;
      drawCoefficients(state, sigma, rng);
    },
  };
}
