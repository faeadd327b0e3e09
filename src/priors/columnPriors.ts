import type { Design } from '../design/design.ts';
import { log } from '../elementary.ts';
import { familyOf } from '../families/familyOf.ts';
import { blockStandardisation } from '../products/blockStandardisation.ts';
import { meanOverRows, rowCounts } from '../products/rowCounts.ts';
import type { CoefficientPriors } from './priors.ts';

/** Priors of all coefficients before it is known which of them were given. */
export type ColumnPriors = Pick<CoefficientPriors, 'mean' | 'sd' | 'combinations'>;

/** Sds of the priors of a slope for a column of sd 1 and of the intercept at the means, and where that one is. */
export interface PriorScales {
  readonly slope: number;
  readonly intercept: number;
  readonly centre: number;
}

/** A column whose spread is below this share of its size is constant up to rounding. */
const CONSTANT = 1e-13;

/**
 * Proper priors of the coefficients that neither origin nor unit of a column moves: in columns taken about their means
 * (`blockStandardisation`) slopes are normal(0, slope / sd of their column, less what its margins say of it), the
 * linear predictor at the mean of the columns and of the offset is normal(centre, intercept). With all levels of a
 * factor in place of an intercept, each has that prior. Without either there is no centring, and a constant column has
 * normal(0, intercept / its value). Of ordered answers the thresholds stand for the intercept: the priors are those
 * beside one.
 */
export function columnPriors(design: Design, scales: PriorScales): ColumnPriors {
  if (familyOf(design).ordered === undefined) return ofColumns(design, scales);
  const { mean, sd, combinations } = ofColumns(withConstant(design), scales);
  const { p } = design;
  const own = combinations && Float64Array.from({ length: p * p }, (_, at) => combinations[place(at, p)]!);
  return { mean: mean.slice(1), sd: sd.slice(1), combinations: own };
}

/** The linear predictor at the centre of the data where thresholds stand for the intercept: its mean and weights. */
export function centreOfThresholds(
  design: Design,
  scales: PriorScales,
): { readonly mean: number; readonly about: Float64Array | null } {
  const { mean, combinations } = ofColumns(withConstant(design), scales);
  return { mean: mean[0]!, about: combinations ? combinations.slice(1, design.p + 1) : null };
}

/** Where entry `at` of a p x p matrix stands in one with a row and a column before it. */
function place(at: number, p: number): number {
  return (Math.floor(at / p) + 1) * (p + 1) + (at % p) + 1;
}

/** The design with a constant as its first column. */
function withConstant(design: Design): Design {
  const { n, p, X, columns } = design;
  const wide = new Float64Array(n * (p + 1)).fill(1);
  for (let i = 0; i < n; i += 1) for (let k = 0; k < p; k += 1) wide[i * (p + 1) + k + 1] = X[i * p + k]!;
  return { ...design, p: p + 1, X: wide, columns: [{ label: 'Intercept', term: '1', parts: [] }, ...columns] };
}

function ofColumns(design: Design, { slope, intercept, centre }: PriorScales): ColumnPriors {
  const { p, columns, response, X, n } = design;
  const mean = new Float64Array(p);
  const counts = rowCounts(design);
  const total = counts ? counts.reduce((sum, count) => sum + count, 0) : n;
  const population = { Z: X, q: p, parts: columns.map(({ parts }) => parts) };
  const { toMeans, unit, levels, atOrigin } = blockStandardisation(population, { start: 0, size: p }, counts);
  // `unit` is twice the sd with divisor `total`.
  const sample = Math.sqrt(Math.max(1, total - 1) / total);
  const sd = new Float64Array(p);
  const { offset: known, exposure } = response;
  const shift = (i: number) => (known ? known[i]! : 0) + (exposure ? log(exposure[i]!) : 0);
  const offset = known || exposure ? meanOverRows(n, counts, shift) : 0;
  for (let k = 0; k < p; k += 1) {
    const { parts } = columns[k]!;
    const constant = parts.length === 0 || levels.has(k);
    if (constant) {
      sd[k] = intercept;
      mean[k] = centre - offset;
      continue;
    }
    const own = meanOverRows(n, counts, (i) => X[i * p + k]!);
    const isConstant = atOrigin && spreadless(X, p, k, own);
    sd[k] = isConstant ? intercept / (Math.abs(own) || 1) : (2 * slope * sample) / unit[k]!;
  }
  return { mean, sd, combinations: atOrigin ? null : toMeans };
}

/** Whether a column has one value, up to rounding. */
function spreadless(X: Float64Array, p: number, k: number, mean: number): boolean {
  for (let at = k; at < X.length; at += p) if (Math.abs(X[at]! - mean) > CONSTANT * Math.abs(mean)) return false;
  return true;
}
