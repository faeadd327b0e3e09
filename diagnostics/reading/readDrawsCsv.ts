import { quote, type Variable } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { csvRun } from './csvRun.ts';
import { joinedRun } from './joinedRun.ts';

/**
 * Draws from CSV text: one column per variable and a column `chain` (`.chain`, `chain__`, `chain_id`) that numbers the
 * chains, or the long form with the columns variable, value and chain; of tidybayes both forms with its columns of
 * indices. Without a chain column the text is one chain; an array of texts is one chain per text, as CmdStan writes
 * them. An iteration (else draw) column puts the draws of each chain in order.
 *
 * Lines starting with # are skipped, as are columns without a name, Stan's sampler columns (`stepsize__`; `lp__` stays,
 * but not of fixed_param), Turing's internals, and the warm-up rows of a Stan file that says save_warmup. In a Stan
 * file `theta.1.2` is named `theta[1,2]`. NA and NaN become NaN, Inf and -Inf infinities. Hints are guessed as
 * `guessHint` says. Throws DiagnosticsError `bad-csv`, `not-numeric`, `unequal-chains`, `no-variables`, naming the
 * place.
 */
export function readDrawsCsv(text: string | readonly string[]): Variable[] {
  const files: readonly unknown[] = Array.isArray(text) ? text : [text];
  if (files.length === 0 || !files.every((file) => typeof file === 'string')) {
    const odd = files.find((file) => typeof file !== 'string');
    throw new DiagnosticsError(
      'bad-csv',
      `expected the text of a file of draws, or an array of them, not ${quote(odd ?? text)}`,
    );
  }
  return joinedRun(files.map((file) => csvRun(file as string))).variables;
}
