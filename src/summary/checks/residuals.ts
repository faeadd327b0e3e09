import type { Design, GroupTerm } from '../../design/design.ts';
import { needsRows } from '../../design/needsRows.ts';
import { rowNumber } from '../../design/rowNumbers.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { meanLevel } from '../../families/orderedLink.ts';
import { oneOf, seedValue, text } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { fittedValues } from '../../likelihood/fittedValues.ts';
import { familyRows } from '../../products/familyRows.ts';
import { createRng } from '../../random/rng.ts';
import { normalQuantile } from '../../special/distributions.ts';
import { deviationSummary } from '../deviationSummary.ts';
import { drawMean, drawSummary } from '../drawSummary.ts';
import { groupDraws, sigmaDraws } from '../groupDraws.ts';
import { factorPosition, type ModelFit } from '../modelFit.ts';
import { pointEstimates } from '../pooling/pointEstimates.ts';
import { distributionFunction } from './distributionFunction.ts';
import { saturatedPredictor } from './saturatedPredictor.ts';
import { structuredResiduals } from './structuredResiduals.ts';

/** In what units a residual is. */
export type ResidualType = 'response' | 'pearson' | 'deviance' | 'quantile' | 'normalized';

/** Which residuals. */
export interface ResidualOptions {
  /** Default 'response'. */
  readonly type?: ResidualType;
  /** 1 (default): of the rows; 2: of the groups of a factor. */
  readonly level?: 1 | 2;
  /** The factor of level 2; needed where the model has several. */
  readonly factor?: string;
  /** Seed of what a quantile residual of counts draws; default the fit's, 1 of a maximum likelihood fit. */
  readonly seed?: number;
}

const RESIDUAL_OPTIONS: OptionTable<ResidualOptions> = {
  type: oneOf('response', 'pearson', 'deviance', 'quantile', 'normalized'),
  level: { words: '1 (rows) or 2 (groups)', accepts: (value) => value === 1 || value === 2 },
  factor: text,
  seed: seedValue,
};

/** A residual of a row. */
export interface RowResidual {
  /** Counted from 1 among the rows given, rows left out for missing values included. */
  readonly row: number;
  /** The mean of the row: of measured numbers eta, else the probability or the rate. */
  readonly fitted: number;
  readonly residual: number;
}

/** A residual of a group. */
export interface GroupResidual {
  readonly level: string;
  readonly term: string;
  /** Null where the rows of the group say nothing of it. */
  readonly residual: number | null;
}

/** Residuals of rows or, at level 2, of groups. */
export interface Residuals {
  readonly type: ResidualType;
  readonly level: 1 | 2;
  /** Of groups; null for rows. */
  readonly factor: string | null;
  /** Empty at level 2. */
  readonly rows: readonly RowResidual[];
  /** Empty at level 1. */
  readonly groups: readonly GroupResidual[];
}

/** Stream of randomised residuals, beyond the number of any chain. */
const STREAM = 4_000_000;

/** A variance of a deviation's estimate below this part of tau^2 is that of a group of which the rows say nothing. */
const NOTHING = 0.02;

/**
 * What the model leaves unexplained, at the posterior means, or the estimates, of coefficients, deviations and sigma.
 * Of rows, with mu_i the mean given the row's groups and n_i its trials or exposure (1 else): - `response`: y_i / n_i -
 * mu_i; - `pearson`: (y_i - n_i mu_i) / sqrt(Var(y_i)), residuals in sds; of measured numbers over sigma / sqrt(w_i) or
 * se_i,
 *   which of Student-t rows is their scale;
 * - `deviance`: the root of 2 (largest l_i, less l_i at mu_i), whose squares add up to the deviance, with the sign of
 * the
 *   eta of the largest less eta_i (McCullagh & Nelder 1989, section 2.4.3); the largest is at mu = y_i / n_i, save of
 *   beta-binomial rows, where it is nearer to the middle;
 * - `quantile`: Phi^-1(P(Y < y_i) + v P(Y = y_i)), v uniform: standard normal if the model is right, whatever the
 * family
 *   (Dunn & Smyth 1996, section 2). v is drawn where y is counted. `looPit` does not let a row speak for itself.
 * - `normalized`: of measured numbers C^-1 (y - mu), C C' the covariance of the residuals (of `cs` C symmetric, else
 *   lower triangular with the rows of a group in the order of their times): independent with sd 1 if the model is
 *   right (Pinheiro & Bates 2000, section 5.1.3; nlme's type of this name). Where residuals are independent it is
 *   `pearson`.
 * Where residuals depend on each other or have sds of their own, `pearson` divides each by its own sd, at posterior
 * means of correlations and log sds, and `deviance` and `quantile` are that too.
 * Of groups (level 2): `response` is the deviation u_jk, `pearson` u_jk / sqrt(tau_k^2 - Var(u_jk | y)), over the sd
 * that its estimate has under the model (Goldstein 2011, section 2.10), null of a group whose rows say nothing.
 *
 * Throws `unknown-factor`, `option`; `not-supported` for deviance and quantile residuals of groups, and for the first
 * three types of ordered answers, which have no mean; `needs-rows` of reduced data.
 */
export function residuals(fit: ModelFit, options: ResidualOptions = {}): Residuals {
  checkFit('residuals', fit);
  checkOptions('residuals', options, RESIDUAL_OPTIONS);
  const { type = 'response', level = 1, factor } = options;
  if (level === 1) {
    if (factor !== undefined)
      throw optionError('factor', factor, 'a factor with level: 2, the residuals of its groups');
    return { type, level, factor: null, rows: rowResiduals(fit, type, options.seed), groups: [] };
  }
  if (type !== 'response' && type !== 'pearson') {
    const message = `residuals: groups have residuals of type 'response' and 'pearson', and not of type '${type}'; a deviation is a latent number`;
    throw new ModelError('not-supported', 'type', message);
  }
  const f = factorPosition(fit.design, factor ?? onlyFactor(fit.design));
  return { type, level, factor: fit.design.groupTerms[f]!.factor, rows: [], groups: groupResiduals(fit, f, type) };
}

function onlyFactor({ groupTerms }: Design): string {
  if (groupTerms.length === 1) return groupTerms[0]!.factor;
  const known = groupTerms.map(({ factor }) => factor).join(', ');
  const there = groupTerms.length === 0 ? 'a model with a grouping factor; this one has none' : `one of ${known}`;
  throw optionError('factor', undefined, there);
}

function rowResiduals(fit: ModelFit, type: ResidualType, seed: number | undefined): RowResidual[] {
  const { design } = fit;
  needsRows(design, 'residuals', 'moments');
  if (kindOf(design) === 'ordered' && type !== 'quantile') {
    const message = `residuals: ${design.response.label} has ordered answers, which have no mean to be compared with; type 'quantile' they have`;
    throw new ModelError('not-supported', 'type', message);
  }
  const { family, y, size } = familyRows(design);
  if (type === 'normalized' && family.kind !== 'numbers') {
    const message = `residuals: type 'normalized' is of measured numbers, whose covariance has a factor, and ${design.response.label} is ${family.name}; type 'pearson' divides each by its sd`;
    throw new ModelError('not-supported', 'type', message);
  }
  const { beta, u, own, thresholds } = pointEstimates(fit);
  const sigma = residualSd(fit);
  const numbers = family.kind === 'numbers';
  if (design.residual) {
    const values = structuredResiduals(fit, fittedValues(design, beta, u), type);
    return Array.from(values, ({ fitted, residual }, i) => ({ row: rowNumber(design, i), fitted, residual }));
  }
  const rng = createRng([seed ?? (fit.kind === 'mcmc' ? fit.sampling.seed : 1), STREAM]);
  const out = new Float64Array(2);
  return Array.from(fittedValues(design, beta, u), (eta, i): RowResidual => {
    const [value, n] = [y[i]!, size[i]!];
    const fitted = family.ordered ? meanLevel(family.ordered, eta, thresholds!) : family.mean(eta);
    const observed = numbers ? value : value / n;
    const residual = (): number => {
      switch (type) {
        case 'response':
          return observed - fitted;
        case 'pearson':
        case 'normalized':
          return numbers
            ? ((value - fitted) * Math.sqrt(n)) / sigma
            : (value - n * fitted) / Math.sqrt(family.variance(n, eta, sigma, own));
        case 'deviance': {
          const saturated = saturatedPredictor(family, value, n, sigma, own);
          const excess = family.logLik(value, n, saturated, sigma, own) - family.logLik(value, n, eta, sigma, own);
          return Math.sign(saturated - eta) * Math.sqrt(Math.max(0, 2 * excess));
        }
        case 'quantile': {
          distributionFunction({ family, y: value, size: n })(eta, sigma, own, out, thresholds);
          return normalScore(out[0]! + (out[1]! > 0 ? rng.uniform() * out[1]! : 0));
        }
      }
    };
    return { row: rowNumber(design, i), fitted, residual: residual() };
  });
}

/** Phi^-1, of a probability that rounding made 0 or 1 the score of the next one. */
function normalScore(p: number): number {
  return normalQuantile(Math.min(1 - 2 ** -53, Math.max(Number.MIN_VALUE, p)));
}

function residualSd(fit: ModelFit): number {
  if (fit.kind === 'maximumLikelihood') return fit.sigma ?? 1;
  const sigma = sigmaDraws(fit);
  return sigma ? drawMean(sigma) : 1;
}

function groupResiduals(fit: ModelFit, f: number, type: 'response' | 'pearson'): GroupResidual[] {
  const term = fit.design.groupTerms[f]!;
  const deviation = deviations(fit, f, term);
  return term.levels.flatMap((level, j) =>
    term.labels.map((label, k): GroupResidual => {
      const { mean, variance, tau2 } = deviation(j, k);
      if (type === 'response') return { level, term: label, residual: mean };
      const own = tau2 - variance;
      const told = term.counts[j]! > 0 && own > NOTHING * tau2;
      return { level, term: label, residual: told ? mean / Math.sqrt(own) : null };
    }),
  );
}

/** Estimate of a deviation, its variance given the data, and the variance of the deviations. */
function deviations(
  fit: ModelFit,
  f: number,
  { q }: GroupTerm,
): (j: number, k: number) => { readonly mean: number; readonly variance: number; readonly tau2: number } {
  if (fit.kind === 'maximumLikelihood') {
    const { modes, conditionalCov, tau } = fit.groups[f]!;
    return (j, k) => ({
      mean: modes[j * q + k]!,
      variance: conditionalCov[(j * q + k) * q + k]!,
      tau2: tau[k]! * tau[k]!,
    });
  }
  const kept = deviationSummary(fit, f);
  const draws = groupDraws(fit, f);
  const tau2 = Array.from({ length: q }, (_, k) => drawMean(draws.tau(k).map((value) => value * value)));
  return (j, k) => {
    const { mean, sd } = kept ? kept.deviation(j, k, []) : drawSummary(draws.u(j, k), []);
    return { mean, variance: sd * sd, tau2: tau2[k]! };
  };
}
