import type { Design } from '../../design/design.ts';
import { exp } from '../../elementary.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { type CrossProducts, scatter } from '../../products/crossProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import type { Rng } from '../../random/rng.ts';
import { logSumExp } from '../../special/logSumExp.ts';
import { fittedOnce } from '../fittedOnce.ts';
import type { Kernel, State } from '../kernel.ts';
import { variancesOf } from '../state/coefficientVariances.ts';
import { sideVariances } from '../state/sideVariances.ts';
import { arrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';
import { covarianceProposal } from './covarianceProposal.ts';
import { covarianceReader } from './covarianceReader.ts';
import { covarianceWriter } from './covarianceWriter.ts';
import { type MarginalProposal, type PreparedProposal, preparedProposal, takeProposal } from './marginalProposal.ts';
import { marginalTarget } from './marginalTarget.ts';
import { priorSearch } from './priorSearch.ts';
import { typicalScales } from './typicalScales.ts';
import { writtenCoordinates } from './writtenCoordinates.ts';

/** Tries of a sweep: one costs an evaluation of the likelihood and a table of sigma. */
const TRIES = 2;

/**
 * Jumps between the sides of a posterior that heavy-tailed priors of coefficients part (`mixtureSides`), of normal
 * rows: the variances v of the mixtures, the covariances phi and sigma together, u and beta integrated out, by an
 * independence Metropolis step (Tierney 1994) from a mixture of one proposal for each side,
 *
 *     q(v, phi, sigma) = sum_s (1 / S) prod_k q_s(v_k) q_s(phi) p(sigma | phi, v, y),
 *
 * q_s(v_k) the variance given the coefficient of the side (`sideVariance`), q_s(phi) fitted to the marginal posterior
 * at the side's variances before sampling. The weight of a point is p(y | v, phi, sigma) p(phi) p(sigma) prod_k p(v_k)
 * over q; where it is accepted u and beta are drawn given it. Other kernels move along each side: this one alone takes
 * chains from one to another, sigma and the covariances with it, so that every side has its share.
 */
export function sideJumpKernel(design: Design, products: CrossProducts, priors: MovingPriors): Kernel {
  const { groupTerms } = design;
  const { beta, sigma: sigmaPrior } = priors;
  const { n, size, p, reference } = products;
  const sides = beta.sides!;
  const prior = workingCoefficientPrior(products, beta);
  const likelihood = arrowMarginalLikelihood(products, prior, n);
  const target = marginalTarget(likelihood, groupTerms, priors.groups, sigmaPrior);
  const { d, q } = target;
  const coordinates = writtenCoordinates(groupTerms, priors.groups);
  const read = covarianceReader(groupTerms);
  const writer = covarianceWriter(groupTerms);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  const proposals = sideVariances(beta);
  const phi = new Float64Array(d);
  const candidate = new Float64Array(d);
  const variance = beta.sd.map((sd) => sd * sd);
  const scaled = new Float64Array(size);
  const x = new Float64Array(size);
  const logs = new Float64Array(sides.length);

  const fitted = fittedOnce<readonly MarginalProposal[], { readonly pieces: readonly PreparedProposal[] }>(
    function* () {
      const typical = typicalScales(design, rowWeights(design));
      const pieces: MarginalProposal[] = [];
      for (const side of sides) {
        prior.setVariances!(side.variance);
        const search = { ...priorSearch(groupTerms, priors.groups, sigmaPrior, typical), written: coordinates };
        pieces.push(yield* covarianceProposal(target, typical, { ...search, integrated: true }));
      }
      target.integrate(true);
      return pieces;
    },
    (found) => {
      const pieces = found.flatMap((each) => preparedProposal(each) ?? []);
      return pieces.length === found.length ? { pieces } : null;
    },
    ({ pieces }) => {
      target.integrate(true);
      return pieces.map((each) => takeProposal(each, coordinates));
    },
  );

  /**
   * The log weight at phi and the variances `at`, of a sigma that was drawn there; the target is left evaluated.
   * Infinity where the point lies where no proposal goes.
   */
  const logWeight = (pieces: readonly MarginalProposal[], point: Float64Array, at: Float64Array, sigma: number) => {
    for (let s = 0; s < pieces.length; s += 1) {
      logs[s] = pieces[s]!.proposal.logDensity(point) + proposals.logDensity(s, at);
    }
    return target.logWeight(sigma) + proposals.logPrior(at) - logSumExp(logs);
  };

  /** u and beta given the place where the target was last evaluated, and sigma, into the state. */
  const drawCoefficients = (state: State, sigma: number, rng: Rng): void => {
    likelihood.solve(sigma);
    rng.fillNormals(scaled, size);
    for (let k = 0; k < size; k += 1) scaled[k] = likelihood.side[k]! + sigma * scaled[k]!;
    backwardSolveArrow(likelihood.arrow, scaled);
    scaleBy(products, likelihood.working, scaled, x);
    for (let k = size - p; k < size; k += 1) x[k] = x[k]! + reference[k]!;
    for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
    scatter(products, x, views, state.at['beta']!);
  };

  return {
    name: 'sideJump',
    updates: [...writer.names, ...uNames, 'beta', ...(sigmaPrior ? ['sigma'] : [])],
    why: `heavy-tailed priors part the posterior into ${sides.length} sides: variances, covariances${sigmaPrior ? ' and sigma' : ''} anew from proposals about each, u and beta integrated out`,
    prepare: fitted.prepare,
    stats: ['jump_rate'],
    init() {},
    step(state, rng, _phase, info) {
      const pieces = fitted.get();
      const variances = variancesOf(state);
      let sigma = sigmaPrior ? state.at['sigma']![0]! : 1;
      read(state, phi);
      const root = Math.sqrt(sigma);
      for (let k = 0; k < q; k += 1) phi[k] = phi[k]! / root;
      info[0] = 0;
      prior.setVariances!(variances);
      // Where no digits are left of the density no jump leads to either.
      if (!target.at(phi)) return;
      let weight = logWeight(pieces, phi, variances, sigma);
      for (let t = 0; t < TRIES; t += 1) {
        const s = Math.floor(rng.uniform() * pieces.length);
        pieces[s]!.proposal.draw(rng, candidate);
        proposals.draw(s, rng, variance);
        prior.setVariances!(variance);
        if (!target.at(candidate)) continue;
        const proposed = target.drawSigma(rng);
        const value = logWeight(pieces, candidate, variance, proposed);
        if (!Number.isFinite(value)) continue;
        if (!(value >= weight || rng.uniform() < exp(value - weight))) continue;
        weight = value;
        sigma = proposed;
        phi.set(candidate);
        variances.set(variance);
        if (sigmaPrior) state.at['sigma']![0] = sigma;
        writer.write(target, state, sigma);
        drawCoefficients(state, sigma, rng);
        info[0] = info[0]! + 1 / TRIES;
      }
    },
  };
}
