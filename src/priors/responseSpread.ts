import type { Design } from '../design/design.ts';
import { observations } from '../design/observations.ts';
import { familyOf } from '../families/familyOf.ts';

/**
 * The scale of default priors: the sd of a gaussian response less its offset; of a Student-t one, whose outliers are
 * not to set it, 1.4826 times the median absolute deviation from the median, the same in normal data (its sd where more
 * than half of the rows are equal); 1 for a constant response and on the scales of logit, probit and log rates, where
 * there is no sigma.
 */
export function responseSpread(design: Design): number {
  const { y, offset } = design.response;
  const { sigma } = familyOf(design);
  if (sigma === null) return 1;
  const rest = offset ? y.map((value, i) => value - offset[i]!) : y;
  const robust = sigma === 'scale' ? NORMAL_MAD * medianDeviation(rest) : 0;
  if (robust > 0) return robust;
  const copies = design.response.copies;
  const n = observations(design);
  const count = (i: number): number => copies?.[i] ?? 1;
  const mean = rest.reduce((sum, value, i) => sum + (count(i) * value) / n, 0);
  let sum = 0;
  for (let i = 0; i < rest.length; i += 1) sum += count(i) * (rest[i]! - mean) * (rest[i]! - mean);
  const sd = Math.sqrt(sum / Math.max(1, n - 1));
  return sd > 0 ? sd : 1;
}

/** The sd of a normal distribution in units of its median absolute deviation. */
const NORMAL_MAD = 1.4826022185056018;

function medianDeviation(values: Float64Array): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : 0.5 * (sorted[half - 1]! + sorted[half]!);
}
