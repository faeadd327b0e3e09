/** The labels of the thresholds: `1|2` lies between the levels 1 and 2, as clmm prints them. */
export function thresholdLabels(levels: readonly string[]): string[] {
  return levels.slice(1).map((level, k) => `${levels[k]}|${level}`);
}
