/**
 * How far from the start of an interval of this width a density has the mass `rest` behind it, that is `near` at the
 * start and rises by `slope`: the root of near s + slope s^2 / 2 = rest in the form that does not cancel.
 */
export function linearQuantile(near: number, slope: number, rest: number, width: number): number {
  const root = Math.sqrt(Math.max(0, near * near + 2 * slope * rest));
  return near + root > 0 ? Math.min(width, Math.max(0, (2 * rest) / (near + root))) : 0;
}
