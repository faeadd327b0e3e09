import { psis } from '../../../diagnostics/psis.ts';
import { checkFit } from '../../input/checkFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { logLikelihood as drawLogLikelihood } from '../../mcmc/logLikelihood.ts';
import { drawVariables } from '../drawVariables.ts';
import { isDeviation } from '../isDeviation.ts';
import { pooledDraws } from '../pooledDraws.ts';
import { cumulativeDistance } from './cumulativeDistance.ts';
import { distinctRows } from './distinctRows.ts';
import { rowsLogLikelihood } from './logLikelihood.ts';
import { logPriorDraws } from './logPriorDraws.ts';
import { type PriorPart, priorParts } from './priorInfluence.ts';

/** What the sensitivities of a quantity say of it. */
export type SensitivityDiagnosis =
  /** It moves with the prior and with the likelihood: they pull it different ways, or both are strong. */
  | 'priorDataConflict'
  /** It moves with the prior and not with the likelihood: the data say little of it. */
  | 'weakLikelihood'
  /** It does not move with the prior. */
  | 'none';

/** How one quantity answers to the prior and to the likelihood. */
export interface SensitivityRow {
  readonly variable: string;
  /** Change of the posterior, in `cumulativeDistance`, per doubling of the prior's power; below 0.05 is little. */
  readonly prior: number;
  /** The same of the likelihood's. */
  readonly likelihood: number;
  readonly diagnosis: SensitivityDiagnosis;
}

/** What halving the scale of one prior would do to the quantity that has it. */
export interface HalvedPriorRow {
  readonly variable: string;
  /** The prior as it is, as text: `half_t(3, 2.5)`. */
  readonly prior: string;
  readonly mean: number;
  /** The mean with the scale halved; null where draws cannot be weighted that far (`paretoK` above 0.7). */
  readonly halved: number | null;
  /** The change in posterior sds; null likewise. */
  readonly change: number | null;
  readonly paretoK: number;
}

/** What `sensitivity` finds. */
export interface Sensitivity {
  readonly rows: readonly SensitivityRow[];
  readonly halved: readonly HalvedPriorRow[];
  /**
   * Pareto k of the weights for the prior and for the likelihood, the larger of both powers: below 0.7, to be relied
   * on.
   */
  readonly paretoK: { readonly prior: number; readonly likelihood: number };
}

/** The powers that prior and likelihood are raised to, and the change that counts, as in the R package priorsense. */
const POWER = 1.01;
const THRESHOLD = 0.05;
/** From here on importance weights are not to be relied on (Vehtari, Simpson, Gelman, Yao & Gabry 2024). */
const RELIABLE = 0.7;

/**
 * How far the answer depends on the priors: prior and likelihood are raised to the powers 1 / 1.01 and 1.01 by
 * Pareto-smoothed importance weights of the draws, and the change of every coefficient, sd and correlation per doubling
 * is (D(1.01) + D(1 / 1.01)) / (2 log2 1.01), D the `cumulativeDistance` (Kallioinen, Paananen, Bürkner & Vehtari 2024,
 * Statistics and Computing 34). The prior is that of the parameters (see `logPriorDraws`), the likelihood that of the
 * rows given the group deviations (of all together, where residuals depend on each other). Beside it, for every prior
 * with a scale, what halving that scale would make of the posterior mean. Throws `not-a-fit`.
 */
export function sensitivity(fit: Fit): Sensitivity {
  checkFit('sensitivity', fit, 'mcmc');
  const prior = scaledBy(logPriorDraws(fit));
  const likelihood = scaledBy(fit.design.residual ? wholeLogLikelihood(fit) : allRows(fit));
  const variables = drawVariables(fit).filter(({ name }) => !isDeviation(fit.design, name));
  const rows = variables.map((variable): SensitivityRow => {
    const draws = pooledDraws(variable);
    const order = Int32Array.from(draws.keys()).sort((a, b) => draws[a]! - draws[b]!);
    const sorted = Float64Array.from(order, (s) => draws[s]!);
    const moved = ({ weights }: Scaled): number =>
      weights.reduce(
        (sum, own) =>
          sum +
          cumulativeDistance(
            sorted,
            Float64Array.from(order, (s) => own[s]!),
          ),
        0,
      ) /
      (2 * Math.log2(POWER));
    const [byPrior, byLikelihood] = [moved(prior), moved(likelihood)];
    return {
      variable: variable.name,
      prior: byPrior,
      likelihood: byLikelihood,
      diagnosis: diagnosis(byPrior, byLikelihood),
    };
  });
  return {
    rows,
    halved: priorParts(fit).flatMap((part) => halvedRow(fit, part) ?? []),
    paretoK: { prior: prior.paretoK, likelihood: likelihood.paretoK },
  };
}

function diagnosis(prior: number, likelihood: number): SensitivityDiagnosis {
  if (prior < THRESHOLD) return 'none';
  return likelihood < THRESHOLD ? 'weakLikelihood' : 'priorDataConflict';
}

interface Scaled {
  /** Normalised weights of the draws for the powers 1 / 1.01 and 1.01. */
  readonly weights: readonly Float64Array[];
  readonly paretoK: number;
}

/** Weights of the draws where a part of the log posterior (one value a draw) is scaled. */
function scaledBy(part: Float64Array): Scaled {
  const made = [1 / POWER, POWER].map((power) => psis(part.map((value) => (power - 1) * value)));
  return {
    weights: made.map(({ logWeights }) => logWeights.map(Math.exp)),
    paretoK: Math.max(...made.map(({ paretoK }) => paretoK)),
  };
}

/** Of all rows together, which residuals that depend on each other have alone. */
function wholeLogLikelihood({ design, draws }: Fit): Float64Array {
  const { chains, iterations } = draws;
  return Float64Array.from({ length: chains * iterations }, (_, s) =>
    drawLogLikelihood(design, draws, Math.floor(s / iterations), s % iterations),
  );
}

/** Of all rows, each independent of the others: equal ones are gone through once. */
function allRows(fit: Fit): Float64Array {
  const { index, first } = distinctRows(fit.design);
  const { values, draws, observations } = rowsLogLikelihood(fit, first);
  const copies = new Float64Array(observations);
  for (const column of index) copies[column]! += 1;
  return Float64Array.from({ length: draws }, (_, s) => {
    let sum = 0;
    for (let i = 0; i < observations; i++) sum += copies[i]! * values[s * observations + i]!;
    return sum;
  });
}

/** Null where the prior has no scale. */
function halvedRow(fit: Fit, { parameter, text, logRatios }: PriorPart): HalvedPriorRow | null {
  if (logRatios === null) return null;
  const draws = pooledDraws(drawVariables(fit, parameter)[0]!);
  const mean = average(draws);
  const sd = Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws.length - 1));
  const { logWeights, paretoK } = psis(logRatios(0.5));
  const reliable = paretoK < RELIABLE;
  const halved = reliable ? logWeights.reduce((sum, weight, s) => sum + Math.exp(weight) * draws[s]!, 0) : null;
  return {
    variable: parameter,
    prior: text,
    mean,
    halved,
    change: halved === null ? null : (halved - mean) / sd,
    paretoK,
  };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
