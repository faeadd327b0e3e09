import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import type { Prior } from '../graph/priors.ts';
import type { Rng } from '../random/rng.ts';
import { defaultThresholds } from './defaultCoefficients.ts';
import type { CoefficientPriors, OrderedPrior } from './priors.ts';

/**
 * The prior of a design's thresholds; null where there are none. Unless given it is normal(0, 5) at the means of the
 * columns and of the offset; the user's is on the columns as written.
 * Throws ModelError `improper-prior` for a flat one: where a level has few rows or none the likelihood does not bound
 * its thresholds; `prior-kind` for any other kind.
 */
export function thresholdPrior(
  design: Design,
  name: string,
  prior: (name: string) => Prior | undefined,
): OrderedPrior | null {
  if (familyOf(design).ordered === undefined) return null;
  const node = prior(name);
  switch (node?.distribution ?? 'default') {
    case 'default':
      return { ...defaultThresholds(design), source: 'default' };
    case 'normal': {
      const { mean, sd } = node as Prior & { readonly mean: number; readonly sd: number };
      return { mean, sd, about: null, source: name };
    }
    case 'flat':
      throw new ModelError(
        'improper-prior',
        name,
        `${name} has a flat prior, under which thresholds of levels with few rows or none have no bounds; give ${name} normal(mean, sd), or leave it to its default`,
      );
    default:
      throw new ModelError(
        'prior-kind',
        name,
        `${name} has the prior ${node!.distribution}; the thresholds of an ordered answer take normal(mean, sd)`,
      );
  }
}

/** The priors of the columns of `thresholdRows`: thresholds less `start`, then beta. */
export function withThresholds(
  beta: CoefficientPriors,
  thresholds: OrderedPrior | null | undefined,
  start: Float64Array,
): CoefficientPriors {
  if (!thresholds || start.length === 0) return beta;
  const { mean, sd, about, source } = thresholds;
  const p = beta.mean.length;
  const width = start.length + p;
  const combinations = new Float64Array(width * width);
  for (let k = 0; k < width; k += 1) {
    combinations[k * width + k] = 1;
    for (let c = 0; c < p; c += 1) {
      const at = k * width + start.length + c;
      if (k < start.length) combinations[at] = about ? -about[c]! : 0;
      else if (beta.combinations) combinations[at] = beta.combinations[(k - start.length) * p + c]!;
    }
  }
  return {
    mean: Float64Array.of(...start.map((value) => mean - value), ...beta.mean),
    sd: Float64Array.of(...start.map(() => sd), ...beta.sd),
    source: [...Array.from(start, () => source), ...beta.source],
    ...(beta.mixtures ? { mixtures: [...Array.from(start, () => null), ...beta.mixtures] } : {}),
    combinations,
  };
}

/** Thresholds drawn from their prior at the coefficients `beta`, to `out`: a sorted sample. */
export function drawThresholds(
  { mean, sd, about }: OrderedPrior,
  beta: ArrayLike<number>,
  rng: Rng,
  out: Float64Array,
): void {
  for (let k = 0; k < out.length; k += 1) out[k] = mean + sd * rng.normal();
  out.sort();
  const line = centreLine(about, beta);
  for (let k = 0; k < out.length; k += 1) out[k] = out[k]! + line;
}

/** about'beta. */
export function centreLine(about: Float64Array | null, beta: ArrayLike<number>): number {
  let line = 0;
  if (about) for (let c = 0; c < about.length; c += 1) line += about[c]! * beta[c]!;
  return line;
}

/** Log prior density of thresholds that ascend, up to a constant; `line` is about'beta. */
export function logThresholdDensity({ mean, sd }: OrderedPrior, line: number, thresholds: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < thresholds.length; k += 1) sum -= 0.5 * ((thresholds[k]! - line - mean) / sd) ** 2;
  return sum;
}
