import { correlationPairs } from '../design/correlationPairs.ts';
import type { GroupTerm } from '../design/design.ts';
import { exp } from '../elementary.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import type { State } from '../kernels/kernel.ts';
import { boundedStarts } from '../kernels/marginal/priorStarts.ts';
import { choleskyFromPartials } from '../kernels/state/partialCorrelations.ts';
import { identity } from '../linalg/smallMatrix.ts';
import { covarianceDensity } from '../priors/covariancePrior.ts';
import { drawParameter, LEAST } from '../priors/parameterPrior.ts';
import type { MovingPrior, ScalePrior } from '../priors/priors.ts';
import { responseSpread } from '../priors/responseSpread.ts';
import type { Rng } from '../random/rng.ts';
import type { Plan } from './plan.ts';

/** The first sd of log sds of groups, about. */
const FIRST_OMEGA = 0.3;

/**
 * Overdispersed starting values: sigma around the spread s of the response and tau_k around s / (2 rms of its column),
 * each times a log-normal factor, the family's own parameter from its prior, correlations and log sds of groups 0 (all
 * in the coordinates that chains move in), coefficients 0 (every sweep draws them first or from the covariance alone).
 * Values stay inside bounded priors.
 */
export function initialValues({ moving: { design, priors } }: Plan, state: State, rng: Rng): void {
  const spread = responseSpread(design);
  if (priors.sigma) state.at['sigma']![0] = inside(priors.sigma, spread * exp(0.5 * rng.normal()), rng);
  const { omega } = priors.residual ?? {};
  if (omega) state.at[omega.name]![0] = inside(omega.prior, FIRST_OMEGA * exp(0.5 * rng.normal()), rng);
  const parameter = estimatedParameter(design);
  if (parameter) state.at[parameter]![0] = drawParameter(priors[parameter]!, LEAST[parameter], rng);
  design.groupTerms.forEach((term, f) => {
    const tau = state.at[`tau_${term.factor}`]!;
    term.blocks.forEach((block, b) => {
      const prior = priors.groups[f]![b]!;
      for (let k = block.start; k < block.start + block.size; k += 1) {
        let sum = 0;
        for (let i = 0; i < design.n; i += 1) sum += term.Z[i * term.q + k]! * term.Z[i * term.q + k]!;
        const rms = Math.sqrt(sum / design.n) || 1;
        const value = ((0.5 * spread) / rms) * exp(0.7 * rng.normal());
        tau[k] = prior.kind === 'separation' ? inside(prior.tau[k - block.start]!, value, rng) : value;
      }
    });
    takeUsual(term, priors.groups[f]!, state);
  });
}

/**
 * Where a prior is of the columns as written, far from zero, and bounds leave such values none, the sds and
 * correlations that the factor's priors call usual: from a point of density 0 no slice moves.
 */
function takeUsual(term: GroupTerm, priors: readonly MovingPrior[], { at }: State): void {
  const tau = at[`tau_${term.factor}`]!;
  const possible = term.blocks.every(({ start, size }, b) => {
    if (priors[b]!.kind !== 'mapped') return true;
    return covarianceDensity(priors[b]!, size)(tau.slice(start, start + size), 0, identity(size, 1)) > -Infinity;
  });
  const usual = possible ? undefined : boundedStarts([term], [priors], null)[0];
  if (!usual) return;
  let partials = term.q;
  const factors = term.blocks.map(({ start, size }) => {
    for (let k = start; k < start + size; k += 1) tau[k] = usual[k]! * usual[k]!;
    const L = new Float64Array(size * size);
    choleskyFromPartials(usual, partials, size, L);
    partials += (size * (size - 1)) / 2;
    return L;
  });
  correlationPairs(term.blocks).forEach(({ block, row, column }, i) => {
    const { size } = term.blocks[block]!;
    let sum = 0;
    for (let k = 0; k <= column; k += 1) sum += factors[block]![row * size + k]! * factors[block]![column * size + k]!;
    at[`corr_${term.factor}`]![i] = sum;
  });
}

function inside(prior: ScalePrior, value: number, rng: Rng): number {
  if (prior.distribution !== 'uniform' || (value > prior.low && value < prior.high)) return value;
  return prior.low + (prior.high - prior.low) * rng.uniform();
}
