import { quantile } from '../../../diagnostics/quantile.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import {
  CONTRAST_OPTIONS,
  type ContrastOptions,
  contrastDraws,
  estimableCombination,
  contrast as waldTest,
} from '../../likelihood/inference/contrast.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { ModelFit } from '../modelFit.ts';

/** A linear combination of population-level coefficients, from either engine. */
export interface ContrastRow {
  readonly label: string;
  /** Maximum likelihood estimate, or posterior mean. */
  readonly estimate: number;
  /** Standard error, or posterior sd. */
  readonly se: number;
  /** Confidence or credible interval. */
  readonly lower: number;
  readonly upper: number;
  /** Of the Wald test by Satterthwaite's degrees of freedom; null for draws. */
  readonly df: number | null;
  readonly t: number | null;
  readonly pValue: number | null;
  /** Posterior probability that the combination exceeds what it is held against; null for an ML or REML fit. */
  readonly probability: number | null;
}

/**
 * Estimates a linear hypothesis of population-level coefficients, such as `ses + ses:sectorCatholic` (against 0) or
 * `(floor + uranium) / 2 = -0.5`: a Wald test for an ML or REML fit, the posterior of the combination for a fit of
 * draws (equal-tailed interval of `level`, default 0.9). `jointContrast` tests several at once.
 * Throws a `ModelError` where the text does not parse, and `not-estimable` where columns that were left out keep the
 * rows from determining it.
 */
export function contrast(fit: ModelFit, text: string, options: ContrastOptions = {}): ContrastRow {
  checkFit('contrast', fit);
  checkOptions('contrast', options, CONTRAST_OPTIONS);
  if (fit.kind !== 'mcmc') {
    const { label, estimate, standardError, df, t, pValue, lower, upper } = waldTest(fit, text, options);
    return { label, estimate, se: standardError, lower, upper, df, t, pValue, probability: null };
  }
  const labels = fit.design.columns.map((column) => column.label);
  const combination = estimableCombination(text, fit.design);
  const { offset } = fit.draws.variables.find(({ name }) => name === 'beta')!;
  const draws = contrastDraws(
    labels.map((_, k) => scalarDraws(fit.draws, offset + k)),
    combination,
  );
  const S = draws.length;
  let mean = 0;
  let above = 0;
  for (const value of draws) {
    mean += value / S;
    if (value > combination.against) above += 1;
  }
  let squares = 0;
  for (const value of draws) squares += (value - mean) * (value - mean);
  const tail = (1 - (options.level ?? 0.9)) / 2;
  const [lower, upper] = quantile([draws], [tail, 1 - tail]);
  return {
    label: combination.label,
    estimate: mean,
    se: Math.sqrt(squares / (S - 1)),
    lower: lower!,
    upper: upper!,
    df: null,
    t: null,
    pValue: null,
    probability: above / S,
  };
}
