import { drawSummary } from '../drawSummary.ts';
import type { Alternative } from './alternativeEstimates.ts';
import { type BoundaryParameter, meanNearBoundary, onBoundary } from './boundaryParameters.ts';
import type { LikelihoodEstimates } from './likelihoodEstimates.ts';
import { posteriorMode } from './posteriorMode.ts';
import type { PriorPart, Relaxed } from './priorInfluence.ts';

/** What is known of one parameter on which a posterior and a likelihood fit are compared. */
export interface ComparedParameter {
  /** Flat name. */
  readonly name: string;
  /** `correlation` is one of residuals, `delta` a change of log sigma. */
  readonly kind: 'beta' | 'tau' | 'corr' | 'sigma' | 'threshold' | 'correlation' | 'delta';
  readonly method: string;
  readonly ml: number | null;
  /** All draws, and how many independent ones they are worth for the mean. */
  readonly draws: Float64Array;
  readonly ess: number;
  /** The priors of the fit (see `priorParts`). */
  readonly priors: readonly PriorPart[];
  /** Groups of the factor; null where the parameter belongs to none. */
  readonly J: number | null;
  readonly factor: string | null;
  /** The covariance parameters that the likelihood fit has on the boundary, those of the factor where it has one. */
  readonly boundary: readonly BoundaryParameter[];
  readonly alternatives: readonly Alternative[];
  /** The parameter in other estimates. */
  readonly of: (estimates: LikelihoodEstimates) => number | null;
}

/** Differences up to half a posterior sd need no reason. */
const NOTABLE = 0.5;
/**
 * The share of the difference that a cause has to take away to be named. Of a prior that could be widened by less than
 * 3, which shows a part of what it does, a change of so many posterior sds towards the estimate instead.
 */
const SHARE = 0.25;
const WIDE = 3;
/** Priors named at most. */
const MOST_PRIORS = 2;
const FEW_GROUPS = 10;

/**
 * Why posterior mean and ML estimate part; null where they do not (within half a posterior sd, off the boundary) and
 * where nothing that was tried is the cause. On the boundary the reason is what the posterior says instead. Everything
 * else is named only after it was computed that without it the difference is smaller by a quarter at least: Monte Carlo
 * error; each prior, by widening it; the skewness of the posterior, by its mode; the other criteria of
 * `alternativeEstimates`, by fitting them; a variance on the boundary that others rest on, by the draws near there.
 */
export function compareReason(parameter: ComparedParameter): string | null {
  const { kind, method, ml, draws, ess, boundary } = parameter;
  const { mean, sd, quantiles } = drawSummary(draws);
  const middle = `the posterior has 90% between ${short(quantiles[0]!)} and ${short(quantiles[2]!)}, median ${short(quantiles[1]!)}`;
  const names = boundary.map(({ name }) => name).join(' and ');
  if (ml === null) {
    if (kind === 'corr' && boundary.length > 0) {
      return `not defined for ${method}, which puts ${names} on the boundary; ${middle}`;
    }
    return 'the other fit has no such parameter';
  }
  if ((kind === 'tau' || kind === 'corr') && onBoundary(kind, ml, mean)) {
    return `boundary: ${method} puts it at ${short(Math.abs(ml) < 0.5 ? 0 : ml)}; ${middle}`;
  }
  const gap = ml - mean;
  if (!(Math.abs(gap) > NOTABLE * sd)) return null;
  /**
   * The share of the difference that a value in place of the posterior mean takes away; less than nothing where it adds
   * to it.
   */
  const closes = (value: number): number => 1 - Math.abs(ml - value) / Math.abs(gap);
  const reasons: string[] = [];
  if ((Math.abs(gap) / sd) * Math.sqrt(ess) < 3) reasons.push(`Monte Carlo error: ${short(ess)} effective draws`);
  reasons.push(...priorReasons(parameter, mean, sd, gap));
  const [low, high] = range(kind);
  const mode = posteriorMode(draws, low, high);
  if (closes(mode) >= 0.5) {
    const skew = skewness(draws, mean).toFixed(1);
    const few =
      parameter.J !== null && parameter.J <= FEW_GROUPS ? ` (few groups: ${parameter.J} of ${parameter.factor})` : '';
    reasons.push(`skewness: the posterior is skewed (${skew})${few}, and its mode is ${short(mode)}`);
  }
  for (const alternative of parameter.alternatives) {
    if ((kind === 'beta' && !alternative.coefficients) || alternative.held === parameter.name) continue;
    const found = alternative.estimates();
    const estimate = found === null ? null : parameter.of(found);
    if (estimate !== null && Math.abs(mean - estimate) <= (1 - SHARE) * Math.abs(gap)) {
      reasons.push(`${alternative.text} ${short(estimate)}`);
    }
  }
  for (const each of boundary) {
    const near = meanNearBoundary(each, draws);
    // A tenth of the draws has a mean that is known to sqrt(10) times the error of the whole.
    if (closes(near) < SHARE || Math.abs(near - mean) < 3 * sd * Math.sqrt(10 / ess)) continue;
    reasons.push(
      `boundary: ${method} puts ${each.name} on the boundary, and the tenth of the draws nearest to it has the mean ${short(near)}`,
    );
  }
  return reasons.length > 0 ? reasons.join('; ') : null;
}

/** Where values of a kind lie. */
function range(kind: ComparedParameter['kind']): [] | [number] | [number, number] {
  switch (kind) {
    case 'corr':
    case 'correlation':
      return [-1, 1];
    case 'beta':
    case 'threshold':
    case 'delta':
      return [];
    case 'tau':
    case 'sigma':
      return [0];
  }
}

/**
 * The priors that take away most of the difference when they are widened, the parameter's own first where it is one of
 * them.
 */
function priorReasons(
  { name, priors, draws, ess }: ComparedParameter,
  mean: number,
  sd: number,
  gap: number,
): string[] {
  const found = priors.flatMap((part) => {
    const relaxed = part.relaxed(draws, ess);
    if (relaxed === null) return [];
    const change = relaxed.mean - mean;
    const share = change / gap;
    const enough = relaxed.factor >= WIDE ? share >= SHARE : share > 0 && Math.abs(change) >= SHARE * sd;
    return enough && Math.abs(change) > 3 * relaxed.error ? [{ part, relaxed, share }] : [];
  });
  return found
    .sort((a, b) => Number(b.part.parameter === name) - Number(a.part.parameter === name) || b.share - a.share)
    .slice(0, MOST_PRIORS)
    .map(({ part, relaxed }) => {
      const whose = part.parameter === name ? '' : ` of ${part.parameter}`;
      return `weight of the prior ${part.text}${whose}: ${without(relaxed)}`;
    });
}

function without({ mean, factor }: Relaxed): string {
  if (factor === Number.POSITIVE_INFINITY) {
    return `without it, by the covariance of the draws, the posterior mean would be about ${short(mean)}`;
  }
  return `${factor} times as wide it would put the posterior mean at ${short(mean)}`;
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
