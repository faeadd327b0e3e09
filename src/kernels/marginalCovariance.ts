import type { GroupTerm } from '../design/design.ts';
import { createRng } from '../random/rng.ts';
import { adaptiveProposal } from './adaptiveProposal.ts';
import { correlationPairs } from './correlationPairs.ts';
import { gridProposal } from './gridProposal.ts';
import type { Kernel, State } from './kernel.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';
import { marginalTarget } from './marginalTarget.ts';
import type { BlockPrior, ScalePrior } from './priors.ts';
import type { Proposal } from './proposal.ts';
import { climb } from './simplex.ts';

/** The latent entry: phi, sigma, log weight, log proposal density. */
const LATENT = 'marginal';
/** Share of random-walk steps: enough to make the support complete, few enough to cost nothing. */
const WALK_SHARE = 0.05;
/**
 * Independence steps per recorded draw, which remove most repeats. With one covariance parameter a step costs a fraction of the
 * coefficients' draw, so that there are three.
 */
const STEPS = 2;
const STEPS_OF_ONE = 3;

/** What is fitted to the marginal posterior before sampling. */
interface Fitted {
  readonly proposal: Proposal;
  readonly walk: Float64Array;
  readonly start: Float64Array;
}

/**
 * Draws (Sigma, sigma) with u and beta integrated out: an independence Metropolis-Hastings step whose proposal is fitted to the
 * marginal posterior once, before sampling, as a function of graph and data alone. The chain keeps (phi, sigma, log weight, log proposal density).
 * `typical` (q) is where phi's sds start the search for the mode.
 * A kernel that draws (u, beta) given (Sigma, sigma) must follow it in every sweep (van Dyk & Park 2008, partially collapsed Gibbs).
 */
export function marginalCovarianceKernel(
  terms: readonly GroupTerm[],
  likelihood: MarginalLikelihood,
  typical: Float64Array,
  priors: readonly (readonly BlockPrior[])[],
  sigmaPrior: ScalePrior | null,
): Kernel {
  const target = marginalTarget(likelihood, terms, priors, sigmaPrior);
  const { d, q } = target;
  const places = terms.map((term, f) => ({
    tau: `tau_${term.factor}`,
    corr: `corr_${term.factor}`,
    q: term.q,
    offset: terms.slice(0, f).reduce((sum, before) => sum + before.q, 0),
    blocks: term.blocks,
    pairs: correlationPairs(term.blocks),
  }));
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);
  let fitted: Fitted | undefined;

  const logDensity = (phi: Float64Array): number => {
    for (let k = 0; k < q; k += 1) if (!(phi[k]! > 0)) return -Infinity;
    return target.at(phi) ? target.logMarginal() : -Infinity;
  };

  /** The proposal is fitted when a first chain starts, and shared by all. */
  const prepare = (): Fitted => {
    fitted ??= fitProposal();
    return fitted;
  };

  const fitProposal = (): Fitted => {
    const mode = new Float64Array(d);
    mode.set(typical);
    target.calibrate(mode);
    if (d === 1) {
      const scale = mode[0]!;
      const scalar = (x: number): number => {
        candidate[0] = x;
        return logDensity(candidate);
      };
      // The first table finds the mode, where the power of sigma is then set.
      const rough = gridProposal(scalar, scale);
      const stream = createRng([1]);
      let best = -Infinity;
      for (let i = 0; i < 40; i += 1) {
        rough.draw(stream, noise);
        const value = scalar(noise[0]!);
        if (value > best) {
          best = value;
          mode[0] = noise[0]!;
        }
      }
      target.calibrate(mode);
      return { proposal: gridProposal(scalar, scale), walk: Float64Array.of(0.5 * mode[0]!), start: mode };
    }
    climb(logDensity, mode, 0.3, 150 * (d + 1));
    target.calibrate(mode);
    climb(logDensity, mode, 0.1, 50 * (d + 1));
    const { proposal, walk } = adaptiveProposal(logDensity, mode, q, createRng([1]));
    return { proposal, walk, start: mode };
  };

  /** Takes the point that `target` was last evaluated at, with its sigma, into the state. */
  const write = (state: State, sigma: number): void => {
    if (sigmaPrior) state.at['sigma']![0] = sigma;
    for (let f = 0; f < places.length; f += 1) {
      const { tau, corr, q: columns, offset, blocks, pairs } = places[f]!;
      const sds = state.at[tau]!;
      for (let k = 0; k < columns; k += 1) sds[k] = target.lambda[offset + k]! * sigma;
      for (let i = 0; i < pairs.length; i += 1) {
        const { block, row, column } = pairs[i]!;
        const size = blocks[block]!.size;
        const L = target.factors[f]![block]!;
        let sum = 0;
        for (let t = 0; t <= column; t += 1) sum += L[row * size + t]! * L[column * size + t]!;
        state.at[corr]![i] = sum;
      }
    }
  };

  return {
    name: 'marginalCovariance',
    updates: [
      ...places.flatMap(({ tau, corr, pairs }) => (pairs.length > 0 ? [tau, corr] : [tau])),
      ...(sigmaPrior ? ['sigma'] : []),
    ],
    why: `${d} covariance parameter${d === 1 ? '' : 's'}: drawn${sigmaPrior ? ' with the residual sd' : ''} with all coefficients integrated out`,
    init(state, rng) {
      const { proposal, start } = prepare();
      const latent = new Float64Array(d + 3);
      state.latent[LATENT] = latent;
      for (let attempt = 0; attempt < 100; attempt += 1) {
        proposal.draw(rng, candidate);
        if (attempt === 99) candidate.set(start);
        if (!target.at(candidate)) continue;
        const sigma = target.drawSigma(rng);
        const weight = target.logWeight(sigma);
        if (!Number.isFinite(weight)) continue;
        latent.set(candidate);
        latent[d] = sigma;
        latent[d + 1] = weight;
        latent[d + 2] = proposal.logDensity(candidate);
        write(state, sigma);
        return;
      }
    },
    step(state, rng, phase) {
      const { proposal, walk } = prepare();
      const latent = state.latent[LATENT]!;
      const steps = phase === 'warmup' ? 1 : d === 1 ? STEPS_OF_ONE : STEPS;
      for (let s = 0; s < steps; s += 1) {
        const walking = rng.uniform() < WALK_SHARE;
        if (walking) {
          for (let i = 0; i < d; i += 1) noise[i] = rng.normal();
          for (let i = 0; i < d; i += 1) {
            let sum = latent[i]!;
            for (let j = 0; j <= i; j += 1) sum += walk[i * d + j]! * noise[j]!;
            candidate[i] = i < q ? Math.abs(sum) : sum;
          }
        } else {
          proposal.draw(rng, candidate);
        }
        if (!target.at(candidate)) continue;
        const sigma = target.drawSigma(rng);
        const weight = target.logWeight(sigma);
        const density = proposal.logDensity(candidate);
        const ratio = walking ? weight - latent[d + 1]! : weight - density - (latent[d + 1]! - latent[d + 2]!);
        if (ratio >= 0 || rng.uniform() < Math.exp(ratio)) {
          for (let i = 0; i < d; i += 1) latent[i] = candidate[i]!;
          latent[d] = sigma;
          latent[d + 1] = weight;
          latent[d + 2] = density;
          write(state, sigma);
        }
      }
    },
  };
}
