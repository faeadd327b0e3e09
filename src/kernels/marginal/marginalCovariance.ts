import type { GroupTerm } from '../../design/design.ts';
import { exp } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPrior, ScalePrior } from '../../priors/priors.ts';
import { independentChance, takesWalk } from '../../proposals/delayedRejection.ts';
import { type DifferenceWalk, differenceWalk } from '../../proposals/differenceWalk.ts';
import { foldedWalk } from '../../proposals/foldedWalk.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import type { Rng } from '../../random/rng.ts';
import { firstPoint } from '../firstPoint.ts';
import { fittedOnce } from '../fittedOnce.ts';
import type { Kernel, State } from '../kernel.ts';
import { covarianceProposal } from './covarianceProposal.ts';
import { covarianceWriter } from './covarianceWriter.ts';
import { likelihoodStart } from './likelihoodStart.ts';
import type { MarginalLikelihood, Memory } from './marginalLikelihood.ts';
import { type MarginalProposal, type PreparedProposal, preparedProposal, takeProposal } from './marginalProposal.ts';
import { type Calibration, type MarginalTarget, marginalTarget } from './marginalTarget.ts';
import { priorSearch } from './priorSearch.ts';
import type { ResidualCoordinates } from './residualCoordinates.ts';
import { writtenCoordinates, writtenWalk } from './writtenCoordinates.ts';

const NAME = 'marginalCovariance';
/** The latent entry: phi, sigma, log weight, log proposal density. */
const LATENT = 'marginal';

/** Most steps of an iteration from a proposal that fits. */
const USUAL_STEPS = 2;
/** Half of the walks have the posterior's size, the others are smaller, by a factor down to e^-4. */
const SMALLEST_WALK = 4;

/** The proposal, and what fitting it left in the target, as plain data. */
interface Prepared {
  readonly proposal: PreparedProposal;
  readonly calibration: Calibration;
}

/** The kernel, and the way for what follows in the sweep to go on from where it has been. */
export interface MarginalCovarianceKernel extends Kernel {
  /**
   * Brings the likelihood to the chain's place and returns its relative factors there, without an evaluation where the
   * chain's last accepted point is the likelihood's memory. Null where the state was not left by this kernel.
   */
  revisit(state: State): readonly Float64Array[] | null;
}

/**
 * Draws (Sigma, sigma) with u and beta integrated out: an independence Metropolis-Hastings step whose proposal is
 * fitted to the marginal posterior once, before sampling, as a function of graph and data alone, and where that is
 * refused, a walk (see delayedRejection.ts). The chain keeps (phi, sigma, log weight, log proposal density).
 * A step tells how many of its tries were accepted, by the proposal or by a walk, by the proposal alone, and
 * `log_marginal`, the log weight, up to a constant: the log density of phi with u and beta integrated out, and sigma by
 * its conditional density, or where its proposal is another one, by the importance weight of the sigma at hand.
 * `typical` (q, and the coordinates of the residuals) is where phi's sds start the search for the mode; `propose` fits
 * the proposal, any that is right everywhere giving right draws. `moving` brings the likelihood to what it is given in
 * a state where that changes between sweeps: every step then begins with the density anew. A kernel that draws (u,
 * beta) given (Sigma, sigma) must follow it in every sweep (van Dyk & Park 2008, partially collapsed Gibbs).
 */
export function marginalCovarianceKernel(
  terms: readonly GroupTerm[],
  likelihood: MarginalLikelihood & { readonly memory?: Memory },
  typical: Float64Array,
  priors: readonly (readonly MovingPrior[])[],
  sigmaPrior: ScalePrior | null,
  propose: (target: MarginalTarget, typical: Float64Array) => Pausing<MarginalProposal> = (each, from) =>
    covarianceProposal(each, from, {
      ...priorSearch(terms, priors, sigmaPrior, from),
      written: residuals ? null : writtenCoordinates(terms, priors),
      further: residuals ? undefined : (share) => likelihoodStart(likelihood, terms, from, sigmaPrior !== null, share),
    }),
  residuals: ResidualCoordinates | null = null,
  moving: ((state: State) => void) | null = null,
): MarginalCovarianceKernel {
  const target = marginalTarget(likelihood, terms, priors, sigmaPrior, residuals);
  const coordinates = residuals ? null : writtenCoordinates(terms, priors);
  const { d, q } = target;
  const writer = covarianceWriter(terms);
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);
  const { memory } = likelihood;
  // The point in memory, with its relative factors; NaN is no point.
  const keptAt = new Float64Array(d).fill(Number.NaN);
  const kept = target.relative.map((each) => new Float64Array(each.length));
  // At the candidate: sigma, the log weight of both, the log density of phi's proposal.
  let sigma = 1;
  let weight = -Infinity;
  let density = 0;

  const fitted = fittedOnce<MarginalProposal, Prepared>(
    () => propose(target, typical),
    (found) => {
      const proposal = preparedProposal(found);
      return proposal && { proposal, calibration: target.calibration() };
    },
    ({ proposal, calibration }) => {
      target.restore(calibration);
      return takeProposal(proposal, coordinates);
    },
  );

  /** Keeps what the target's last `at` found at phi. */
  const keep = (phi: Float64Array): void => {
    if (!memory) return;
    memory.keep();
    for (let i = 0; i < d; i += 1) keptAt[i] = phi[i]!;
    for (let f = 0; f < kept.length; f += 1) kept[f]!.set(target.relative[f]!);
  };

  let walked: { readonly of: MarginalProposal; readonly walk: DifferenceWalk | null } | undefined;
  /** The walk along the differences of a proposal's cloud, where it has one. */
  const alongDifferences = (of: MarginalProposal): DifferenceWalk | null => {
    if (walked?.of !== of)
      walked = { of, walk: of.cloud ? writtenWalk(coordinates, differenceWalk(of.cloud, d, q)) : null };
    return walked.walk;
  };

  /** Takes up a sigma that another kernel has moved, the sds staying what they are: x_k = sqrt(tau_k / sigma). */
  const rescale = (state: State, latent: Float64Array, proposal: Proposal): void => {
    const own = sigmaPrior ? state.at['sigma']![0]! : latent[d]!;
    if (own === latent[d]) return;
    const factor = Math.sqrt(latent[d]! / own);
    for (let k = 0; k < q; k += 1) latent[k] = latent[k]! * factor;
    latent[d] = own;
    latent[d + 2] = proposal.logDensity(latent.subarray(0, d));
  };

  /** Draws sigma at the candidate and evaluates both. */
  const evaluate = (proposal: Proposal, rng: Rng): void => {
    weight = -Infinity;
    density = 0;
    if (!target.at(candidate)) return;
    sigma = target.drawSigma(rng);
    const value = target.logWeight(sigma);
    if (!Number.isFinite(value)) return;
    weight = value;
    density = proposal.logDensity(candidate);
  };

  /** Takes the candidate, where `target` was last evaluated, into the state. */
  const take = (state: State, latent: Float64Array): void => {
    latent.set(candidate);
    latent[d] = sigma;
    latent[d + 1] = weight;
    latent[d + 2] = density;
    if (sigmaPrior) state.at['sigma']![0] = sigma;
    writer.write(target, state, sigma);
    residuals?.write(state);
    keep(candidate);
  };

  return {
    name: NAME,
    updates: [...writer.names, ...(sigmaPrior ? ['sigma'] : []), ...(residuals?.names ?? [])],
    why: `${d} covariance parameter${d === 1 ? '' : 's'}: drawn${sigmaPrior ? ' with the residual sd' : ''} with all coefficients integrated out`,
    prepare: fitted.prepare,
    departs: (made) => poorProposal((made as Prepared).proposal),
    stats: ['acceptance_rate', 'independent_rate', 'log_marginal'],
    init(state, rng) {
      const { proposal, start } = fitted.get();
      moving?.(state);
      const latent = new Float64Array(d + 3);
      state.latent[LATENT] = latent;
      firstPoint(NAME, (last) => {
        if (last) candidate.set(start);
        else proposal.draw(rng, candidate);
        evaluate(proposal, rng);
        return weight > -Infinity;
      });
      take(state, latent);
    },
    step(state, rng, phase, info) {
      const made = fitted.get();
      const { proposal, walk, steps } = made;
      const along = alongDifferences(made);
      const latent = state.latent[LATENT]!;
      if (moving) {
        moving(state);
        rescale(state, latent, proposal);
        for (let i = 0; i < d; i += 1) candidate[i] = latent[i]!;
        if (!target.at(candidate)) throw new Error('the precision matrix of the coefficients is not positive definite');
        latent[d + 1] = target.logWeight(latent[d]!);
      }
      const tries = phase === 'warmup' ? 1 : steps;
      let independent = 0;
      let walks = 0;
      for (let s = 0; s < tries; s += 1) {
        const here = latent[d + 1]! - latent[d + 2]!;
        proposal.draw(rng, candidate);
        evaluate(proposal, rng);
        const refused = weight - density;
        const chance = independentChance(refused, here);
        if (rng.uniform() < chance) {
          take(state, latent);
          independent += 1;
          continue;
        }
        // Of any size: where the proposal is too light the posterior may be narrower than as a whole.
        let shift = 0;
        if (along) shift = along(latent, rng, candidate);
        else
          foldedWalk(latent, walk, q, exp(-SMALLEST_WALK * Math.max(0, 2 * rng.uniform() - 1)), rng, noise, candidate);
        evaluate(proposal, rng);
        if (takesWalk(weight - latent[d + 1]! + shift, weight - density, refused, chance, rng)) {
          take(state, latent);
          walks += 1;
        }
      }
      info[0] = (independent + walks) / tries;
      info[1] = independent / tries;
      info[2] = latent[d + 1]!;
    },
    revisit(state) {
      const latent = state.latent[LATENT];
      if (!latent || (sigmaPrior && latent[d] !== state.at['sigma']![0])) return null;
      let same = memory !== undefined;
      for (let i = 0; same && i < d; i += 1) same = latent[i] === keptAt[i];
      if (same) {
        memory!.recall();
        return kept;
      }
      for (let i = 0; i < d; i += 1) candidate[i] = latent[i]!;
      if (!target.at(candidate)) return null;
      keep(candidate);
      return target.relative;
    },
  };
}

/** Which proposal stands in for the one about the modes where that was poor, or how often its steps are repeated. */
function poorProposal({ table, steps, written }: PreparedProposal): string | null {
  if (steps <= USUAL_STEPS) return null;
  const other = written
    ? ', so that one fitted to the covariances of the columns as written was taken and'
    : table.kind === 'logMixture'
      ? ', so that one fitted in log scales was taken and'
      : ', so that';
  return `the proposal fitted about the modes was poor${other} every iteration takes ${steps} steps`;
}
