import type { CrossProducts } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { scaleBy } from '../design/relativePrecision.ts';
import { exp } from '../elementary.ts';
import { backwardSolveArrow } from '../linalg/arrowCholesky.ts';
import type { Rng } from '../random/rng.ts';
import { covarianceReader } from './covarianceReader.ts';
import { covarianceWriter } from './covarianceWriter.ts';
import type { Kernel, State } from './kernel.ts';
import { type MarginalTarget, marginalTarget } from './marginalTarget.ts';
import { type MixtureRows, mixtureRows } from './mixtureRows.ts';
import type { Priors } from './priors.ts';
import { drawMixing, type ResidualTails, residualTailsStep } from './residualTails.ts';
import { type ScaleMixtureProposal, scaleMixtureProposal } from './scaleMixtureProposal.ts';

/** Tries for the covariances in a sweep, taken in turn: anew from the proposal, and a walk. */
const TRIES = 4;
/** The walk's steps are those of the marginal posterior; given the mixing variables it is narrower. */
const WALK_SCALE = 0.6;

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
  priors: Priors,
  propose: typeof scaleMixtureProposal = scaleMixtureProposal,
): Kernel {
  const { groupTerms } = design;
  const sigmaPrior = priors.sigma!;
  const rows: MixtureRows = mixtureRows(design, products, priors.beta);
  const { n, size, likelihood } = rows;
  const target: MarginalTarget = marginalTarget(likelihood, groupTerms, priors.groups, sigmaPrior);
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
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);
  let fitted: ScaleMixtureProposal | undefined;

  /** The proposal is fitted when a first chain starts, and shared by all. */
  const prepare = (): ScaleMixtureProposal => {
    fitted ??= propose(design, rows, target, step, tails);
    return fitted;
  };

  /** (u, beta) given the covariances and sigma, after the target was evaluated there. */
  const drawCoefficients = (state: State, sigma: number, rng: Rng): void => {
    likelihood.solve(sigma);
    for (let k = 0; k < size; k += 1) scaled[k] = likelihood.side[k]! + sigma * rng.normal();
    backwardSolveArrow(likelihood.arrow, scaled);
    scaleBy(rows.products, likelihood.working, scaled, x);
    rows.write(x, state);
  };

  return {
    name: 'scaleMixture',
    updates: [...writer.names, ...uNames, 'beta', 'sigma', ...(priors.nu ? ['nu'] : [])],
    why: `Student-t rows are normal given a gamma variable each: ${priors.nu ? 'sigma and nu' : 'sigma'} with those integrated out, covariances and sigma with u and beta integrated out, then u and beta in one draw`,
    init(state, rng) {
      const { proposal, typical } = prepare();
      rows.fill(typical);
      for (let attempt = 0; attempt < 100; attempt += 1) {
        proposal.proposal.draw(rng, phi);
        if (attempt === 99) phi.set(proposal.start);
        if (!target.at(phi)) continue;
        const sigma = target.drawSigma(rng);
        if (!Number.isFinite(target.logWeight(sigma))) continue;
        state.at['sigma']![0] = sigma;
        writer.write(target, state, sigma);
        drawCoefficients(state, sigma, rng);
        return;
      }
    },
    step(state, rng) {
      const { proposal, walk } = prepare().proposal;
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
      let { sigma } = tails;
      if (!target.at(phi)) throw new Error('the precision matrix of the coefficients is not positive definite');
      let weight = target.logWeight(sigma);
      let density = proposal.logDensity(phi);
      let stale = false;
      for (let t = 0; t < TRIES; t += 1) {
        const walking = d > 0 && t % 2 === 1;
        if (walking) {
          for (let i = 0; i < d; i += 1) noise[i] = WALK_SCALE * rng.normal();
          for (let i = 0; i < d; i += 1) {
            let sum = phi[i]!;
            for (let k = 0; k <= i; k += 1) sum += walk[i * d + k]! * noise[k]!;
            candidate[i] = i < q ? Math.abs(sum) : sum;
          }
        } else {
          proposal.draw(rng, candidate);
        }
        stale = true;
        if (!target.at(candidate)) continue;
        const proposed = target.drawSigma(rng);
        const value = target.logWeight(proposed);
        const at = proposal.logDensity(candidate);
        const ratio = walking ? value - weight : value - at - (weight - density);
        if (ratio >= 0 || rng.uniform() < exp(ratio)) {
          phi.set(candidate);
          sigma = proposed;
          weight = value;
          density = at;
          stale = false;
        }
      }
      if (stale) target.at(phi);
      writer.write(target, state, sigma);
      state.at['sigma']![0] = sigma;
      drawCoefficients(state, sigma, rng);
    },
  };
}
