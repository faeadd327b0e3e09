import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { probability } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { drawsNotKept } from '../../mcmc/drawsNotKept.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawAnswer } from '../drawSummary.ts';
import { drawCount, groupDraws } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { residualVariances } from '../residualVariances.ts';
import { meanStructuredVariances } from '../structuredVariances.ts';
import { explainedByDraw } from './explainedByDraw.ts';
import { fixedVariance, meanGroupVariance } from './fixedVariance.ts';

/** A share of variance that is explained; null with a reason where there is none. */
export interface RSquaredRow {
  /** 'bayesian': Gelman et al. 2019; 'nakagawa': Nakagawa & Schielzeth 2013; 'byLevel': Gelman & Pardoe 2006. */
  readonly measure: 'bayesian' | 'nakagawa' | 'byLevel';
  /**
   * 'conditional', by coefficients and groups together; 'marginal', by coefficients alone; by level
   * `county[Intercept]`, a batch of group coefficients explained by level-2 predictors.
   */
  readonly part: string;
  /** Posterior mean, or the estimate. */
  readonly estimate: number | null;
  /** Posterior sd; null of a maximum likelihood fit. */
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly reason: string | null;
}

export interface RSquared {
  readonly level: number;
  readonly rows: readonly RSquaredRow[];
  readonly notes: readonly string[];
}

const NO_DRAWS = 'it is a share in every draw, and a maximum likelihood fit has none';

/**
 * How much of the variance is explained.
 *
 * 'bayesian' (Gelman, Goodrich, Gabry & Vehtari 2019, equation 3), in every draw, on the scale of the response:
 * Var_i(mu_i) / (Var_i(mu_i) + mean_i Var(y_i | mu_i)), conditional on the groups or with them integrated out of both
 * (`explainedByDraw`). 'nakagawa' (Nakagawa & Schielzeth 2013, equations 26 to 30; random slopes Johnson 2014; counts
 * Nakagawa, Johnson & Schielzeth 2017), on the scale of the linear predictor, V_f = Var_i(x_i'beta), V_u = sum over
 * factors of mean_i z_i'Sigma z_i, V_e as `icc` has it: marginal V_f / (V_f + V_u + V_e), conditional (V_f + V_u) /
 * (V_f + V_u + V_e); of draws in every draw. Where residuals have sds of their own V_e is the mean of their variances
 * over the rows; what they have in common is no part of what is explained. 'byLevel' (Gelman & Pardoe 2006, equation
 * 5), of draws: of each batch of group coefficients b_jk = gamma_k w_j + u_jk, 1 - E Var_j(u_jk) / E Var_j(b_jk).
 *
 * Throws `not-supported` for an ordered response, `needs-rows` and `option`.
 */
export function rSquared(fit: ModelFit, options: { readonly level?: number } = {}): RSquared {
  checkFit('rSquared', fit);
  checkOptions('rSquared', options, { level: probability });
  const { design } = fit;
  needsRows(design, 'shares of explained variance', 'moments');
  if (kindOf(design) === 'ordered') {
    const message =
      'rSquared: the levels of an ordered response have no variance to explain; icc has shares on the latent scale';
    throw new ModelError('not-supported', 'rSquared', message);
  }
  const { level = 0.9 } = options;
  const { probs } = intervalKeys(level);
  const answer = (values: Float64Array): Pick<RSquaredRow, 'estimate' | 'se' | 'lower' | 'upper' | 'reason'> => {
    if (fit.kind === 'maximumLikelihood') return { ...NONE, estimate: values[0]!, reason: null };
    return { ...drawAnswer(values, probs), reason: null };
  };
  const rows: RSquaredRow[] = [];
  const notes = new Set<string>();
  const add = (measure: RSquaredRow['measure'], part: string, found: Float64Array | string): void => {
    rows.push({ measure, part, ...(typeof found === 'string' ? { ...NONE, reason: found } : answer(found)) });
  };
  const unkept = fit.kind === 'mcmc' ? notKept(fit) : NO_DRAWS;
  for (const part of ['conditional', 'marginal'] as const) {
    const reason = fit.kind === 'mcmc' && part === 'marginal' ? null : unkept;
    add(
      'bayesian',
      part,
      fit.kind !== 'mcmc' || reason !== null ? reason! : shares(fit, part === 'conditional', notes),
    );
  }
  const fixed = fixedVariance(fit);
  const groups = design.groupTerms.map((_, f) => meanGroupVariance(fit, f));
  const between = fixed.map((_, s) => groups.reduce((sum, values) => sum + values[s]!, 0));
  const residual = design.residual ? meanStructuredVariances(fit, false) : residualVariances(fit, groups);
  const total = (s: number): number => fixed[s]! + between[s]! + residual![s]!;
  const none = 'the standard errors of the rows are known, so that there is no residual variance to compare with';
  add('nakagawa', 'conditional', residual ? fixed.map((value, s) => (value + between[s]!) / total(s)) : none);
  add('nakagawa', 'marginal', residual ? fixed.map((value, s) => value / total(s)) : none);
  for (const [f, { factor, labels }] of design.groupTerms.entries()) {
    labels.forEach((label, k) => {
      const part = `${factor}[${label}]`;
      if (fit.kind !== 'mcmc' || unkept !== null) add('byLevel', part, unkept!);
      else rows.push({ measure: 'byLevel', part, ...NONE, estimate: levelShare(fit, f, k), reason: null });
    });
  }
  return { level, rows, notes: [...notes] };
}

const NONE = { estimate: null, se: null, lower: null, upper: null };

function notKept(fit: Fit): string | null {
  const faults = fit.design.groupTerms.map(({ factor }) => drawsNotKept(fit, `u_${factor}`));
  return faults.find((fault) => fault !== null)?.message ?? null;
}

function shares(fit: Fit, withGroups: boolean, notes: Set<string>): Float64Array {
  const { fitted, residual, notes: own } = explainedByDraw(fit, withGroups);
  for (const note of own) notes.add(note);
  return fitted.map((value, s) => (residual[s] === Number.POSITIVE_INFINITY ? 0 : value / (value + residual[s]!)));
}

/** 1 - E Var_j(u_jk) / E Var_j(b_jk), over the draws. */
function levelShare(fit: Fit, f: number, k: number): number {
  const draws = groupDraws(fit, f);
  const S = drawCount(fit);
  const coefficient = new Float64Array(S);
  let own = 0;
  let whole = 0;
  const mean = [new Float64Array(S), new Float64Array(S)] as const;
  for (let j = 0; j < draws.term.J; j++) {
    const u = draws.u(j, k);
    draws.coefficient(j, k, coefficient);
    for (let s = 0; s < S; s++) {
      const [a, b] = [u[s]! - mean[0][s]!, coefficient[s]! - mean[1][s]!];
      mean[0][s]! += a / (j + 1);
      mean[1][s]! += b / (j + 1);
      own += (j / (j + 1)) * a * a;
      whole += (j / (j + 1)) * b * b;
    }
  }
  return whole > 0 ? 1 - own / whole : 0;
}
