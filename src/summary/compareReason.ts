import { drawSummary } from './drawSummary.ts';

/** What is known of one parameter on which a posterior and a likelihood fit are compared. */
export interface ComparedParameter {
  readonly kind: 'beta' | 'tau' | 'corr' | 'sigma';
  readonly method: string;
  readonly ml: number | null;
  /** All draws, and how many independent ones they are worth for the mean. */
  readonly draws: Float64Array;
  readonly ess: number;
  /** Log prior density at the posterior mean less that at the ML estimate, and how the prior is written. */
  readonly priorPull: { readonly log: number; readonly text: string } | null;
  /** Groups of the factor; null where the parameter belongs to none. */
  readonly J: number | null;
  readonly factor: string | null;
  /** Whether the posterior is of Student-t rows, where the estimates are of normal ones. */
  readonly robust: boolean;
  /** Names of the covariance parameters that the likelihood fit has on the boundary. */
  readonly boundary: readonly string[];
}

/** Differences up to half a posterior sd need no reason. */
const NOTABLE = 0.5;
/** Skewness from which a posterior mean and a maximum part visibly. */
const SKEWED = 0.5;
/** A log density ratio from which the prior is said to pull. */
const PULL = 0.5;
const FEW_GROUPS = 10;

/** Whether an sd or a correlation stands on the boundary of its range; `scale` is the size of ordinary values. */
export function onBoundary(kind: 'tau' | 'corr', value: number, scale: number): boolean {
  return kind === 'tau' ? value <= 1e-5 * scale : Math.abs(value) >= 1 - 1e-6;
}

/**
 * Why posterior mean and ML estimate part, computed from the two fits; null where they do not (within half a posterior sd, off the boundary). In
 * order: the boundary (and what the posterior says instead); Monte Carlo error; the weight of the prior; skewness of the posterior; few groups; rows of another distribution;
 * a variance that another parameter rests on being on the boundary; ML taking no account of the estimation of beta.
 */
export function compareReason(parameter: ComparedParameter): string | null {
  const { kind, method, ml, draws } = parameter;
  const { mean, sd, quantiles } = drawSummary(draws);
  const range = `the posterior has 90% between ${short(quantiles[0]!)} and ${short(quantiles[2]!)}, median ${short(quantiles[1]!)}`;
  if (ml === null) {
    if (kind === 'corr' && parameter.boundary.length > 0) {
      return `not defined for ${method}, which puts ${parameter.boundary.join(' and ')} on the boundary; ${range}`;
    }
    return 'the other fit has no such parameter';
  }
  if ((kind === 'tau' || kind === 'corr') && onBoundary(kind, ml, mean)) {
    return `boundary: ${method} puts it at ${short(Math.abs(ml) < 0.5 ? 0 : ml)}; ${range}`;
  }
  const difference = (mean - ml) / sd;
  if (!(Math.abs(difference) > NOTABLE)) return null;
  const reasons: string[] = [];
  if (Math.abs(difference) * Math.sqrt(parameter.ess) < 3) {
    reasons.push(`Monte Carlo error: ${short(parameter.ess)} effective draws`);
  }
  const pull = parameter.priorPull;
  if (pull !== null && pull.log > PULL) {
    reasons.push(
      `weight of the prior ${pull.text}: its density at the posterior mean is ${ratio(pull.log)} that at the estimate`,
    );
  }
  const skew = skewness(draws, mean);
  if (Math.abs(skew) >= SKEWED && Math.sign(skew) === Math.sign(difference)) {
    reasons.push(`skewness: the posterior is skewed (${skew.toFixed(1)}), its mean lies beyond its mode`);
  }
  if (parameter.J !== null && parameter.J <= FEW_GROUPS && kind !== 'beta') {
    reasons.push(`few groups: ${parameter.J} of ${parameter.factor}`);
  }
  if (reasons.length === 0 && parameter.boundary.length > 0) {
    reasons.push(
      `boundary: ${method} puts ${parameter.boundary.join(' and ')} on the boundary, the posterior averages over it`,
    );
  }
  if (parameter.robust)
    reasons.push('the estimates are of normal rows, which outliers move, the posterior of Student-t rows');
  if (reasons.length === 0 && method === 'ML' && kind !== 'beta') {
    reasons.push('ML takes no account of the estimation of the coefficients; REML does');
  }
  if (reasons.length === 0 && (method === 'laplace' || method === 'agq') && kind !== 'beta') {
    reasons.push('maximum likelihood takes no account of the estimation of the coefficients');
  }
  if (reasons.length === 0) {
    reasons.push(
      'no single cause: the posterior averages over the covariance parameters, the estimate takes them as known',
    );
  }
  return reasons.join('; ');
}

/** Third standardised moment. */
function skewness(draws: Float64Array, mean: number): number {
  let m2 = 0;
  let m3 = 0;
  for (const value of draws) {
    const d = value - mean;
    m2 += d * d;
    m3 += d * d * d;
  }
  return m3 / draws.length / (m2 / draws.length) ** 1.5;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function ratio(log: number): string {
  return log > 6.9 ? 'more than 1000 times' : `${short(Math.exp(log))} times`;
}
