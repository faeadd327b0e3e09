import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { flatNames, seriesText } from './seriesText.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from './writtenDraws.ts';

/**
 * The draws as the `draws_list` of R's posterior in JSON: an array of chains, each `{ "beta[floor]": [draws], ... }`.
 * In R: `posterior::as_draws_list(jsonlite::fromJSON(file, simplifyDataFrame = FALSE))`. Throws `non-finite-draw`.
 */
export function toDrawsList(fit: Fit, options: DrawsOptions = {}): string {
  checkFit('toDrawsList', fit, 'mcmc');
  checkOptions('toDrawsList', options, DRAWS_OPTIONS);
  const draws = writtenDraws(fit, options);
  const names = flatNames(draws);
  const chains = Array.from({ length: draws.chains }, (_, chain) => {
    const fields = names.map(
      (name, scalar) => `${JSON.stringify(name)}:[${seriesText(draws, scalar, name, chain).join(',')}]`,
    );
    return `{${fields.join(',\n')}}`;
  });
  return `[${chains.join(',\n')}]\n`;
}
