import { satterthwaite } from '../../likelihood/inference/satterthwaite.ts';
import { varianceParameters } from '../../likelihood/inference/varianceParameter.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { quadraticForm } from '../../linalg/smallMatrix.ts';
import { studentQuantile, studentTwoSided } from '../../special/distributionFunctions.ts';
import { populationLine } from '../groupDraws.ts';
import { jointCovariance, type WeightedDeviation } from '../jointCovariance.ts';
import type { Quantity } from '../quantity.ts';

/** A function of the estimates with its standard error; without one the reason. */
export interface DeltaRow {
  readonly estimate: number;
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly df: number | null;
  readonly pValue: number | null;
  readonly reason: string | null;
}

const NO_SE =
  'the estimates of sds and correlations are skewed, so that a standard error by the delta method would mislead; intervals has profile and bootstrap intervals, and a fit of draws answers it';

/**
 * g at the estimates and its standard error by the delta method, the gradient by central differences of 1e-4 of the
 * uncertainty of each quantity (exact for what is linear, an error of order 1e-8 else). `value` evaluates g over
 * columns of n values by name.
 */
export function deltaMethod(
  fit: MaximumLikelihoodFit,
  quantities: ReadonlyMap<string, Quantity>,
  value: (columns: ReadonlyMap<string, Float64Array>, n: number) => Float64Array,
  level: number,
  test: boolean,
): DeltaRow {
  const at = new Map([...quantities].map(([name, quantity]) => [name, estimateOf(fit, quantity)]));
  const estimate = value(new Map([...at].map(([name, own]) => [name, Float64Array.of(own)])), 1)[0]!;
  if ([...quantities.values()].some(({ kind }) => kind === 'variation')) {
    return { estimate, se: null, lower: null, upper: null, df: null, pValue: null, reason: NO_SE };
  }
  const names = [...quantities.keys()];
  const h = names.map((name) => 1e-4 * (spread(fit, quantities.get(name)!) || 1));
  const columns = new Map(
    names.map((name, c) => {
      const own = new Float64Array(2 * names.length).fill(at.get(name)!);
      own[2 * c]! += h[c]!;
      own[2 * c + 1]! -= h[c]!;
      return [name, own];
    }),
  );
  const values = value(columns, 2 * names.length);
  const x = new Float64Array(fit.design.p);
  const deviations: WeightedDeviation[] = [];
  names.forEach((name, c) => {
    const [up, down] = [columns.get(name)![2 * c]!, columns.get(name)![2 * c + 1]!];
    addGradient(fit, quantities.get(name)!, (values[2 * c]! - values[2 * c + 1]!) / (up - down), x, deviations);
  });
  const own = deviations.length > 0;
  const df = own ? Number.POSITIVE_INFINITY : satterthwaite(fit, [x])[0]!;
  const se = own ? jointCovariance(fit).sdOf(deviations, x) : Math.sqrt(quadraticForm(fit.fixef.vcov, x));
  const reach = studentQuantile((1 + level) / 2, df) * se;
  const pValue = test ? studentTwoSided(estimate / se, df) : null;
  return { estimate, se, lower: estimate - reach, upper: estimate + reach, df, pValue, reason: null };
}

function estimateOf(fit: MaximumLikelihoodFit, quantity: Quantity): number {
  switch (quantity.kind) {
    case 'beta':
      return fit.fixef.estimates[quantity.column]!;
    case 'u':
    case 'b': {
      const { f, j, k } = quantity;
      const term = fit.design.groupTerms[f]!;
      const mode = fit.groups[f]!.modes[j * term.q + k]!;
      return quantity.kind === 'u' ? mode : mode + populationLine(term, fit.fixef.estimates, j, k);
    }
    case 'variation':
      return varianceParameters(fit).find(({ name }) => name === quantity.name)!.estimate;
  }
}

/** How far a quantity is uncertain, roughly: what a step of the gradient is measured by. */
function spread(fit: MaximumLikelihoodFit, quantity: Quantity): number {
  if (quantity.kind === 'beta') return fit.fixef.standardErrors[quantity.column]!;
  return quantity.kind === 'variation' ? 0 : fit.groups[quantity.f]!.tau[quantity.k]!;
}

function addGradient(
  fit: MaximumLikelihoodFit,
  quantity: Quantity,
  slope: number,
  x: Float64Array,
  deviations: WeightedDeviation[],
): void {
  if (quantity.kind === 'variation') return;
  if (quantity.kind === 'beta') {
    x[quantity.column]! += slope;
    return;
  }
  const { f, j, k, kind } = quantity;
  deviations.push({ f, j, k, weight: slope });
  if (kind === 'u') return;
  const { m, W, columns } = fit.design.groupTerms[f]!.level2;
  for (let l = 0; l < m; l++) {
    const column = columns[k * m + l]!;
    if (column >= 0) x[column]! += slope * W[j * m + l]!;
  }
}
