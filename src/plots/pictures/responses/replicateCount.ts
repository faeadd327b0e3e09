/** Replicates that statistics are taken of; of tables with many rows fewer, but no fewer than densities are drawn. */
const REPLICATES = 400;
const FEWEST = 40;
/** Numbers that replicates may be made of: 160 MB, one to three seconds. */
const MOST_NUMBERS = 2e7;

/** How many replicates of so many rows are drawn, and whether these are fewer than the draws of the fit would allow. */
export function replicateCount(rows: number, draws: number): { readonly draws: number; readonly fewer: boolean } {
  const wanted = Math.min(REPLICATES, draws);
  const afforded = Math.min(wanted, Math.max(FEWEST, Math.floor(MOST_NUMBERS / rows)));
  return { draws: afforded, fewer: afforded < wanted };
}
