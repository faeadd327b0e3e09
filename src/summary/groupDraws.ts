import { type CorrelationPair, correlationPairs } from '../design/correlationPairs.ts';
import type { GroupTerm } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import { estimatedParameter, knownParameter } from '../families/ownParameter.ts';
import { findVariable, scalarDraws, type Variable } from '../mcmc/draws.ts';
import { drawsNotKept } from '../mcmc/drawsNotKept.ts';
import type { Fit } from '../mcmc/fit.ts';

/** The draws of one grouping factor, each a view of S = chains x iterations values, chain after chain. */
export interface GroupDraws {
  readonly term: GroupTerm;
  readonly pairs: readonly CorrelationPair[];
  /**
   * Deviation of group j, varying column k. Throws `draws-not-kept` where the fit has no draws of it; the others are
   * always there.
   */
  u(j: number, k: number): Float64Array;
  /** Group-level sd of column k. */
  tau(k: number): Float64Array;
  /** Correlation of pair number `pair`. */
  corr(pair: number): Float64Array;
  /** Writes the draws of b_jk = sum_l gamma_kl W_jl + u_jk to `out` (length S). */
  coefficient(j: number, k: number, out: Float64Array): void;
}

/** How many draws a fit has: chains x iterations. */
export function drawCount(fit: Fit): number {
  return fit.draws.chains * fit.draws.iterations;
}

/**
 * The variable of that name. Throws `unknown-variable` where the fit does not hold it, `draws-not-kept` where it was
 * told not to.
 */
export function variableOf(fit: Fit, name: string): Variable {
  const variable = findVariable(fit.draws, name);
  if (variable) return variable;
  const fault = drawsNotKept(fit, name);
  if (fault) throw fault;
  const known = fit.draws.variables.map((v) => v.name).join(', ');
  throw new ModelError('unknown-variable', name, `the fit holds no draws of "${name}"; it holds ${known}`);
}

/** The draws of one coefficient of X (0-based), a view. */
export function betaDraws(fit: Fit, column: number): Float64Array {
  return scalarDraws(fit.draws, variableOf(fit, 'beta').offset + column);
}

/**
 * The draws of the residual sd (the scale, of a Student-t response), or null where there is none: the standard errors
 * of the rows are known, or the family has none.
 */
export function sigmaDraws(fit: Fit): Float64Array | null {
  const { design, draws } = fit;
  if (design.response.standardErrors || familyOf(design).sigma === null) return null;
  return scalarDraws(draws, variableOf(fit, 'sigma').offset);
}

/**
 * The draws of the family's own parameter (degrees of freedom), each the number where it is known; null for a family
 * without.
 */
export function ownDraws(fit: Fit): Float64Array | null {
  const known = knownParameter(fit.design);
  if (known !== undefined) return new Float64Array(drawCount(fit)).fill(known);
  const parameter = estimatedParameter(fit.design);
  return parameter === null ? null : scalarDraws(fit.draws, variableOf(fit, parameter).offset);
}

/** The draws that belong to group term number `position` of the design. */
export function groupDraws(fit: Fit, position: number): GroupDraws {
  const term = fit.design.groupTerms[position]!;
  const { factor, q } = term;
  const pairs = correlationPairs(term.blocks);
  // Most answers do without the deviations, which need not be kept.
  let u: number | null = null;
  const tau = variableOf(fit, `tau_${factor}`).offset;
  const corr = pairs.length > 0 ? variableOf(fit, `corr_${factor}`).offset : 0;
  const { m, W, columns } = term.level2;
  const deviations = (j: number, k: number): Float64Array => {
    u ??= variableOf(fit, `u_${factor}`).offset;
    return scalarDraws(fit.draws, u + j * q + k);
  };
  return {
    term,
    pairs,
    u: deviations,
    tau: (k) => scalarDraws(fit.draws, tau + k),
    corr: (pair) => scalarDraws(fit.draws, corr + pair),
    coefficient(j, k, out) {
      out.set(deviations(j, k));
      for (let l = 0; l < m; l++) {
        const column = columns[k * m + l]!;
        const w = W[j * m + l]!;
        if (column < 0 || w === 0) continue;
        const beta = betaDraws(fit, column);
        for (let s = 0; s < out.length; s++) out[s]! += w * beta[s]!;
      }
    },
  };
}

/**
 * The line gamma_k w_j of group j and varying column k at the coefficients `beta` (length p): sum_l beta[columns_kl]
 * W_jl.
 */
export function populationLine(term: GroupTerm, beta: ArrayLike<number>, j: number, k: number): number {
  const { m, W, columns } = term.level2;
  let sum = 0;
  for (let l = 0; l < m; l++) {
    const column = columns[k * m + l]!;
    if (column >= 0) sum += beta[column]! * W[j * m + l]!;
  }
  return sum;
}
