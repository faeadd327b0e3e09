import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { csvCell, flatNames, seriesText } from './seriesText.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from './writtenDraws.ts';

/**
 * The draws in long form: the columns `chain,iteration,variable,value`, one row per draw of one quantity, chains and
 * iterations from 1, numbers in digits that read back to the same doubles. Throws `non-finite-draw`.
 */
export function toTidyCsv(fit: Fit, options: DrawsOptions = {}): string {
  checkFit('toTidyCsv', fit, 'mcmc');
  checkOptions('toTidyCsv', options, DRAWS_OPTIONS);
  const draws = writtenDraws(fit, options);
  const blocks = ['chain,iteration,variable,value\n'];
  flatNames(draws).forEach((name, scalar) => {
    const cell = csvCell(name);
    for (let chain = 0; chain < draws.chains; chain += 1) {
      const rows = seriesText(draws, scalar, name, chain);
      for (let i = 0; i < rows.length; i += 1) rows[i] = `${chain + 1},${i + 1},${cell},${rows[i]}\n`;
      blocks.push(rows.join(''));
    }
  });
  return blocks.join('');
}
