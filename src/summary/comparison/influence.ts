import { paretoKThreshold } from '../../../diagnostics/psis.ts';
import { dependentColumns } from '../../design/columns/dependentColumns.ts';
import type { Design } from '../../design/design.ts';
import { designOfRows } from '../../design/designOfRows.ts';
import { needsRows } from '../../design/needsRows.ts';
import { levelObservations } from '../../design/observations.ts';
import { ModelError } from '../../errors.ts';
import { checkFit } from '../../input/checkFit.ts';
import { fitParameters } from '../../likelihood/inference/fitParameters.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { cholesky, choleskySolve } from '../../linalg/cholesky.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalarNames } from '../../mcmc/layout.ts';
import { drawMean, drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { checkIntegrable } from '../integrated/unitLogLikelihood.ts';
import { type Units, unitsOf } from '../integrated/units.ts';
import { isDeviation } from '../isDeviation.ts';
import type { ModelFit } from '../modelFit.ts';
import { groupLogLikelihood } from './groupLogLikelihood.ts';
import { leftOutWeights } from './leftOutWeights.ts';

/** What leaving one group out does to one quantity. */
export interface InfluenceRow {
  readonly level: string;
  /** `beta[floor]`, `threshold[1|2]`, `tau_county[Intercept]`, `sigma`, `shape`. */
  readonly parameter: string;
  /** Of all groups, and without this one: estimate or posterior mean; null where it cannot be estimated. */
  readonly estimate: number | null;
  readonly without: number | null;
  /** (estimate - without) over the standard error or posterior sd of all groups; null for sds, shape of an ML fit. */
  readonly change: number | null;
}

/** How much the coefficients depend on one group. */
export interface GroupInfluence {
  readonly level: string;
  /** Rows of the group. */
  readonly n: number;
  /**
   * (b - b_(j))' V^-1 (b - b_(j)) / p, V the covariance of the coefficients b of all groups; null without an answer.
   */
  readonly cooksDistance: number | null;
  /** Of the weights of the draws; null for a fit that was made anew. */
  readonly paretoK: number | null;
  /** Why there is no answer, or why it is not to be trusted; null where it is. */
  readonly reason: string | null;
}

/** What leaving out each group of a factor does to coefficients and sds. */
export interface Influence {
  readonly factor: string;
  /** Whether the answers are of fits without the group, or of draws weighted as if they were. */
  readonly by: 'refit' | 'weights';
  /** The groups that have rows. */
  readonly groups: readonly GroupInfluence[];
  /** Groups x quantities. */
  readonly rows: readonly InfluenceRow[];
}

/**
 * What leaving out each group of a factor does to coefficients, thresholds, group-level sds, sigma and a parameter of
 * the family (Belsley, Kuh & Welsch 1980; Demidenko & Stukel 2005; R's influence.ME and lme4::influence). A maximum
 * likelihood fit is made anew without the rows of each group, its method and starting values those of the fit: exact
 * (lme4's Cook's distance has V of the fit without the group). Draws are weighted by the Pareto-smoothed
 * 1 / p(y_j | draw s), the group's deviations integrated out (`groupLogLikelihood`): means of the posterior without the
 * group, with Pareto k to say how far to trust them. Where residuals depend on each other the factor has to hold the
 * groups of their structure whole, and may be theirs. Throws `unknown-factor`, `needs-rows`, and what
 * `groupLogLikelihood` does.
 */
export function influence(fit: ModelFit, factor: string): Influence {
  checkFit('influence', fit);
  const units = unitsOf(fit.design, factor);
  needsRows(fit.design, 'fits without some of the rows', 'moments');
  if (fit.design.residual) checkIntegrable(fit.design, units);
  return fit.kind === 'maximumLikelihood' ? byRefits(fit, factor, units) : byWeights(fit, factor, units);
}

/** Correlations and deviations are no rows of the answer. */
function isRow(design: Design, name: string): boolean {
  return !name.startsWith('corr_') && !isDeviation(design, name);
}

/** Rows of the data in each unit. */
function unitSizes(design: Design, factor: string, { levels, index }: Units): ArrayLike<number> {
  const term = design.groupTerms.find((each) => each.factor === factor);
  if (term) return levelObservations(design, term);
  const sizes = new Int32Array(levels.length);
  for (const j of index) sizes[j]! += 1;
  return sizes;
}

function byRefits(fit: MaximumLikelihoodFit, factor: string, units: Units): Influence {
  const { design, method, points, fixef } = fit;
  const { levels, index } = units;
  const sizes = unitSizes(design, factor, units);
  const all = fitParameters(fit).filter(({ name }) => isRow(design, name));
  const parameters = all.map(({ name }) => name);
  const values = all.map(({ estimate }) => known(estimate));
  const errors = all.map(({ variance }) => (variance === null ? null : Math.sqrt(variance)));
  const distance = cooksDistance(fixef.vcov, design.p);
  const groups: GroupInfluence[] = [];
  const rows: InfluenceRow[] = [];
  levels.forEach((level, j) => {
    if (sizes[j] === 0) return;
    const others = Int32Array.from(index.keys()).filter((i) => index[i] !== j);
    const found = refitted(fit, others);
    // A column that the other rows do not determine was left out: its coefficient is not there.
    const there = new Map(
      found instanceof ModelError ? [] : fitParameters(found).map(({ name, estimate }) => [name, estimate]),
    );
    const without = parameters.map((parameter) => known(there.get(parameter)));
    const own = values.slice(0, design.p);
    const gone = without.slice(0, design.p);
    const lost = parameters.slice(0, design.p).filter((_, k) => gone[k] === null);
    groups.push({
      level,
      n: sizes[j]!,
      cooksDistance: lost.length > 0 ? null : distance(own.map((value, k) => value! - gone[k]!)),
      paretoK: null,
      reason:
        found instanceof ModelError
          ? found.message
          : lost.length > 0
            ? `without it the rows do not determine ${lost.join(', ')}`
            : found.convergence.converged
              ? null
              : 'the fit without it did not converge',
    });
    rows.push(...influenceRows(level, parameters, values, without, errors));
  });
  return { factor, by: 'refit', groups, rows };

  function known(estimate: number | undefined): number | null {
    return estimate !== undefined && Number.isFinite(estimate) ? estimate : null;
  }

  function refitted(whole: MaximumLikelihoodFit, others: Int32Array): MaximumLikelihoodFit | ModelError {
    try {
      return fitDesign(withDependent(designOfRows(whole.design, others)), method, whole, points);
    } catch (error) {
      if (error instanceof ModelError) return error;
      throw error;
    }
  }
}

/** The design with the columns noted that its rows do not determine, which a fit leaves out. */
function withDependent(design: Design): Design {
  const { n, p, X, columns } = design;
  const given = columns.map(({ label, parts }, k) => ({
    label,
    parts,
    values: Float64Array.from({ length: n }, (_, i) => X[i * p + k]!),
  }));
  const dependent = dependentColumns(given, n).map((each) => ({ ...each, emptyCell: false }));
  if (dependent.length === 0) return design;
  return { ...design, deficiency: { columns, dependent, cells: [], cellCount: 0, leftOut: false } };
}

function byWeights(fit: Fit, factor: string, units: Units): Influence {
  const { design, draws } = fit;
  const { levels } = units;
  const J = levels.length;
  const sizes = unitSizes(design, factor, units);
  const { values, draws: S } = groupLogLikelihood(fit, factor);
  const taken = draws.variables.filter(({ name }) => isRow(design, name));
  const scalars = taken.flatMap((variable) =>
    scalarNames(variable).map((parameter, i) => ({ parameter, of: scalarDraws(draws, variable.offset + i) })),
  );
  const parameters = scalars.map(({ parameter }) => parameter);
  const summaries = scalars.map(({ of }) => drawSummary(of, []));
  const [means, sds] = [summaries.map(({ mean }) => mean), summaries.map(({ sd }) => sd)];
  const coefficients = parameters.flatMap((parameter, k) => (parameter.startsWith('beta[') ? [k] : []));
  const distance = cooksDistance(drawCovariance(coefficients.map((k) => scalars[k]!.of)), coefficients.length);
  const threshold = paretoKThreshold(drawCount(fit));
  const groups: GroupInfluence[] = [];
  const rows: InfluenceRow[] = [];
  const own = new Float64Array(S);
  levels.forEach((level, j) => {
    if (sizes[j] === 0) return;
    for (let s = 0; s < S; s++) own[s] = values[s * J + j]!;
    const { logWeights, paretoK } = leftOutWeights(own, draws.chains);
    const weights = logWeights.map(Math.exp);
    // About the mean, so that a large one costs no digits.
    const without = scalars.map(({ of }, k) => {
      let sum = 0;
      for (let s = 0; s < S; s++) sum += weights[s]! * (of[s]! - means[k]!);
      return means[k]! + sum;
    });
    groups.push({
      level,
      n: sizes[j]!,
      cooksDistance: distance(coefficients.map((k) => means[k]! - without[k]!)),
      paretoK,
      reason:
        paretoK > threshold
          ? `Pareto k is ${paretoK.toFixed(2)}, above ${threshold.toFixed(2)}: the draws cannot tell what a fit without it would be`
          : null,
    });
    rows.push(...influenceRows(level, parameters, means, without, sds));
  });
  return { factor, by: 'weights', groups, rows };
}

function influenceRows(
  level: string,
  parameters: readonly string[],
  values: readonly (number | null)[],
  without: readonly (number | null)[],
  errors: readonly (number | null)[],
): InfluenceRow[] {
  return parameters.map((parameter, k) => {
    const [estimate, gone, error] = [values[k]!, without[k]!, errors[k]!];
    const known = estimate !== null && gone !== null && error !== null && error > 0;
    return { level, parameter, estimate, without: gone, change: known ? (estimate - gone) / error : null };
  });
}

/** d' V^-1 d / p as a function of d; null where V is singular, or p is 0. */
function cooksDistance(V: Float64Array, p: number): (d: readonly number[]) => number | null {
  const factor = V.slice();
  if (p === 0 || !cholesky(factor, p)) return () => null;
  return (d) => {
    const solved = Float64Array.from(d);
    choleskySolve(factor, p, solved);
    return d.reduce((sum, value, k) => sum + value * solved[k]!, 0) / p;
  };
}

/** The covariance of draws, p x p. */
function drawCovariance(draws: readonly Float64Array[]): Float64Array {
  const p = draws.length;
  const centred = draws.map((of) => {
    const centre = drawMean(of);
    return of.map((value) => value - centre);
  });
  return Float64Array.from({ length: p * p }, (_, at) => {
    const [a, b] = [centred[Math.floor(at / p)]!, centred[at % p]!];
    return a.reduce((sum, value, s) => sum + value * b[s]!, 0) / Math.max(1, a.length - 1);
  });
}
