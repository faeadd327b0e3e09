import { type Point, varyingAt } from '../design/build/varyingAt.ts';
import type { Design, GroupTerm } from '../design/design.ts';
import { familyOf, kindOf } from '../families/familyOf.ts';
import { graphParts } from '../graph/formulaText.ts';
import { anyValue } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { drawSummary } from './drawSummary.ts';
import { knownErrors, type PosteriorQuantiles, quantiles } from './estimates.ts';
import { groupVariances } from './groupCovariance.ts';
import type { ModelFit } from './modelFit.ts';
import { residualVariances } from './residualVariances.ts';
import { structuredVariances } from './structuredVariances.ts';

/** A proportion of variance: posterior mean and sd, or the estimate. */
export interface VarianceShare extends PosteriorQuantiles {
  readonly estimate: number;
  readonly se: number | null;
}

/** An intraclass correlation; null with a reason where there is none. */
export interface IccRow extends PosteriorQuantiles {
  readonly factor: string;
  /** The correlation of two rows of one level of the factor, those of the factors it is nested in shared as well. */
  readonly estimate: number | null;
  readonly se: number | null;
  /**
   * The part of the variance that lies among levels of this factor alone: less than the correlation where the factor is
   * nested in another. Null with the correlation.
   */
  readonly share: VarianceShare | null;
  /** The factors of the model that each level of this one lies in one level of. */
  readonly nestedIn: readonly string[];
  /**
   * Where, as in `Days = 9`: with varying slopes variances depend on the columns. Null where nothing but intercepts
   * varies.
   */
  readonly at: string | null;
  /** How the variance of a row is had where the scale of the linear predictor has none of its own, as of counts. */
  readonly approximation?: string;
  /**
   * Where residuals depend on each other: what rows of one group have in common besides, which the correlation leaves
   * out; it is that of two rows whose residuals are independent.
   */
  readonly besides?: string;
  readonly reason: string | null;
}

export interface IccOptions {
  /**
   * Values of data columns, `{ Days: 9 }`; a varying column that reads a column not given is taken as 0, and `at` of
   * the rows says so.
   */
  readonly at?: Point;
}

/**
 * Intraclass correlation and variance share of every factor, computed draw by draw. With v_f = z_f' Sigma_f z_f the
 * variance among levels of factor f of a row whose varying columns are z, and T = sum over factors v_f + sigma^2, the
 * share is v_f / T, and the correlation of two such rows of one level of f is the sum of v_g over f and the factors it
 * is nested in, over T (Snijders & Bosker 2012, section 4.8; for slopes Goldstein, Browne & Rasbash 2002, equation 3).
 *
 * In a logit or probit model T is that of the latent scale, where a success is a latent variable above 0 and sigma^2 is
 * pi^2 / 3 (logit) or 1 (probit); on the scale of probabilities it would depend on the mean. Of a Student-t response
 * sigma^2 is the residual variance sigma^2 nu / (nu - 2), infinite for nu <= 2, where the correlation is 0. A row of
 * weight 1 is meant. Of counts sigma^2 is that of the log of a count by the log-normal approximation of Nakagawa,
 * Johnson & Schielzeth (2017, table 2): log(1 + Var(y) / lambda^2), lambda = exp(m + v / 2) the mean count, m the mean
 * over the rows of the linear predictor without deviations (and of the log of the exposure) and v the sum of the v_f.
 * Where the residual sd depends on terms sigma is that of a row whose columns of sigma are as `at` says, and where
 * every occasion has its own it is that of the occasion given; what residuals have in common is left out (`besides`).
 * Where groups have residual sds of their own it is that of a group of mean log sd (delta_j = 0).
 * Without `at` the varying columns are 0, so that intercepts alone vary. Null with a reason for a factor that does not
 * vary there where the standard errors of the rows are known, and for a family whose rows have no variance on that
 * scale. Throws what `varyingAt` does.
 */
export function icc(fit: ModelFit, options: IccOptions = {}): IccRow[] {
  checkFit('icc', fit);
  checkOptions('icc', options, { at: anyValue });
  const { design } = fit;
  const { groupTerms } = design;
  const point = varyingAt(design, options.at);
  const { z, text } = point;
  const variances = groupTerms.map((_, f) => groupVariances(fit, f, z[f]!));
  const residual = design.residual ? structuredVariances(fit, point) : residualVariances(fit, variances);
  const among = design.residual?.groups;
  const total = variances.reduce((sum, v) => sum.map((value, s) => value + v[s]!), residual ?? new Float64Array(0));
  return groupTerms.map((term, f) => {
    const { factor } = term;
    const outer = groupTerms.flatMap((other, g) => (g !== f && nested(term, other) ? [g] : []));
    const common = {
      factor,
      nestedIn: outer.map((g) => groupTerms[g]!.factor),
      at: text,
      ...(kindOf(design) === 'counts' ? { approximation: LOG_NORMAL } : {}),
      ...(among ? { besides: `the correlation of residuals by ${among.structure} within ${among.factor}` } : {}),
    };
    const reason =
      residual === null && among
        ? `each occasion has a residual sd of its own: say at which, as in at: { ${timeOf(design)}: ${among.occasions[0]} }`
        : reasonFor(design, term, z[f]!, options.at === undefined ? null : text);
    if (reason !== null) return { ...common, estimate: null, se: null, share: null, reason };
    const shared = outer.reduce((sum, g) => sum.map((value, s) => value + variances[g]![s]!), variances[f]!);
    const part = (v: Float64Array): VarianceShare => {
      const values = v.map((value, s) => value / total[s]!);
      if (fit.kind === 'maximumLikelihood') return { estimate: values[0]!, se: null };
      const summary = drawSummary(values);
      return { estimate: summary.mean, se: summary.sd, ...quantiles(summary) };
    };
    return { ...common, ...part(shared), share: part(variances[f]!), reason: null };
  });
}

function reasonFor(design: Design, { factor, labels }: GroupTerm, z: Float64Array, at: string | null): string | null {
  const { name, kind, sigma, latentVariance } = familyOf(design);
  if (design.response.standardErrors) return knownErrors;
  if (sigma === null && latentVariance === null && kind !== 'counts')
    return `rows of ${name} have no variance on the scale of the linear predictor`;
  if (z.some((value) => value !== 0)) return null;
  if (at === null && !labels.includes('Intercept')) return `${factor} has no varying intercept`;
  return `nothing varies by ${factor} at ${at}`;
}

function timeOf({ graph }: Design): string {
  return graphParts(graph).response.residual!.time!;
}

const LOG_NORMAL = 'log-normal approximation (Nakagawa, Johnson & Schielzeth 2017)';

/** Whether all rows of each level of one factor lie in one level of the other. */
function nested(inner: GroupTerm, outer: GroupTerm): boolean {
  const parent = new Int32Array(inner.J).fill(-1);
  return inner.index.every((j, i) => {
    if (parent[j] === -1) parent[j] = outer.index[i]!;
    return parent[j] === outer.index[i];
  });
}
