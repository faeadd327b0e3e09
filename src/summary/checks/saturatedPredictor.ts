import type { Family } from '../../families/family.ts';

/** Linear predictors that stand for an end of the mean's range, where the likelihood has its limit. */
const END = 700;

/**
 * The linear predictor at which the likelihood of one row by itself is largest, its limit at an end of the range: what
 * a deviance is counted from (McCullagh & Nelder 1989, section 2.3). That is where the mean is y / size (y, of
 * numbers), save in beta-binomial rows, whose likelihood is largest nearer to the middle (a single row of trials that
 * hang together says little of its chance): there it is the root of the score, which falls through 0 once, for l is
 * concave in the mean.
 */
export function saturatedPredictor(
  family: Family,
  y: number,
  size: number,
  sigma: number,
  own: number | undefined,
): number {
  if (family.kind === 'numbers') return y;
  const mean = Math.max(-END, Math.min(END, family.linkOf(y / size)));
  if (!family.stepInformation || Math.abs(mean) === END) return mean;
  const out = new Float64Array(4);
  let [low, high] = [-END, END];
  for (let middle = mean; high - low > 1e-9 * (1 + Math.abs(middle)); middle = (low + high) / 2) {
    family.derivatives(y, size, middle, sigma, out, own);
    if (out[1]! > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
