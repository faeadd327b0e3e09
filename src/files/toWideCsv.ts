import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { csvCell, flatNames, seriesText } from './seriesText.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from './writtenDraws.ts';

/**
 * The draws in wide form: `.chain,.iteration,.draw` and one column per quantity, one row per iteration of each chain,
 * as `as_draws_df` of R's posterior has them. In R: `posterior::as_draws_df(read.csv(file, check.names = FALSE))`.
 * Throws `non-finite-draw`.
 */
export function toWideCsv(fit: Fit, options: DrawsOptions = {}): string {
  checkFit('toWideCsv', fit, 'mcmc');
  checkOptions('toWideCsv', options, DRAWS_OPTIONS);
  const draws = writtenDraws(fit, options);
  const names = flatNames(draws);
  const blocks = [['.chain', '.iteration', '.draw', ...names].map(csvCell).join(',')];
  for (let chain = 0; chain < draws.chains; chain += 1) {
    const series = names.map((name, scalar) => seriesText(draws, scalar, name, chain));
    for (let i = 0; i < draws.iterations; i += 1) {
      const draw = chain * draws.iterations + i + 1;
      blocks.push(`${chain + 1},${i + 1},${draw},${series.map((values) => values[i]).join(',')}`);
    }
  }
  return `${blocks.join('\n')}\n`;
}
