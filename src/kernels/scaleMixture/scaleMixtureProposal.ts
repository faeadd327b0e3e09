import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPrior } from '../../priors/priors.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { climb } from '../../proposals/simplex.ts';
import { affordableShare } from '../marginal/factorCost.ts';
import { marginalDensity } from '../marginal/marginalDensity.ts';
import { type MarginalProposal, marginalProposal } from '../marginal/marginalProposal.ts';
import type { MarginalTarget } from '../marginal/marginalTarget.ts';
import { priorStarts } from '../marginal/priorStarts.ts';
import { typicalScales } from '../marginal/typicalScales.ts';
import type { MixtureRows } from './mixtureRows.ts';
import { expectedMixing, type ResidualTails, type ResidualTailsStep } from './residualTails.ts';

/** What is fitted before sampling, as a function of graph and data alone. */
export interface ScaleMixtureProposal {
  /** Of the covariances given typical row precisions. */
  readonly proposal: MarginalProposal;
  /** lambda_i w_i at the mode (length n). */
  readonly typical: Float64Array;
  /** Whether it was fitted anew to what a pilot chain has found. */
  readonly refitted?: boolean;
}

/** Alternations of mode and row precisions. */
const TURNS = 8;
/** Degrees of freedom from which the search for those of the rows starts. */
const FIRST_NU = 10;
/**
 * Finds row precisions typical of the posterior, by turns (ECM; Liu & Rubin 1995): the covariances of highest density
 * given the row precisions, u and beta at their means there, sigma and nu of highest density given the residuals, the
 * expected mixing variables. Then fits an independence proposal to the covariances given those precisions, from where
 * the likelihood has its mode and, under priors of the columns as written, from theirs. What it is fitted to makes only
 * for acceptance.
 */
export function* scaleMixtureProposal(
  design: Design,
  rows: MixtureRows,
  target: MarginalTarget,
  step: ResidualTailsStep,
  { nu }: ResidualTails,
  priors: readonly (readonly MovingPrior[])[],
): Pausing<ScaleMixtureProposal> {
  const { d } = target;
  const { n, size, likelihood, weight } = rows;
  const fixed = design.response.nu !== undefined;
  const typical = weight.slice();
  const square = new Float64Array(n);
  const x = new Float64Array(size);
  const meanWeight = weight.reduce((sum, value) => sum + value, 0) / n;
  const mode = new Float64Array(d);
  mode.set(typicalScales(design, new Float64Array(n).fill(meanWeight)));
  const logDensity = marginalDensity(target);
  const tails: ResidualTails = { sigma: 1, nu: fixed ? nu : FIRST_NU };
  const point = new Float64Array(fixed ? 1 : 2);
  const ofTails = (at: Float64Array): number => {
    tails.sigma = exp(at[0]!);
    if (!fixed) tails.nu = exp(at[1]!);
    return step.logDensity(square, tails);
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    rows.fill(typical);
    target.calibrate(mode);
    if (d > 0) yield* climb(logDensity, mode, turn === 0 ? 0.3 : 0.1, 30 * (d + 1));
    if (!target.at(mode)) break;
    x.set(likelihood.side);
    backwardSolveArrow(likelihood.arrow, x);
    const mean = new Float64Array(size);
    scaleBy(rows.products, likelihood.working, x, mean);
    rows.squares(mean, square);
    if (turn === 0) {
      // The spread of the residuals without the largest ones.
      const middle = square.slice().sort()[Math.floor(n / 2)]!;
      point[0] = 0.5 * log(middle > 0 ? middle / 0.45 : square.reduce((sum, value) => sum + value, 0) / n || 1);
      if (!fixed) point[1] = log(FIRST_NU);
    }
    yield* climb(ofTails, point, turn === 0 ? 0.3 : 0.1, 40 * (point.length + 1));
    ofTails(point);
    expectedMixing(square, weight, tails, typical);
  }
  return yield* proposalGiven(design, rows, target, priors, typical, mode);
}

/**
 * The independence proposal of the covariances given row precisions `typical`, looked for from phi = `from`. Leaves the
 * rows with those precisions.
 */
export function* proposalGiven(
  design: Design,
  rows: MixtureRows,
  target: MarginalTarget,
  priors: readonly (readonly MovingPrior[])[],
  typical: Float64Array,
  from: Float64Array,
): Pausing<ScaleMixtureProposal> {
  rows.fill(typical);
  const starts = priorStarts(design.groupTerms, priors, from);
  const share = affordableShare(rows.products.pattern);
  return { proposal: yield* marginalProposal(target, from, { share, starts }), typical };
}
