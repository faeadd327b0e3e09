import { quote } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { guessHint } from '../guessHint.ts';
import { joinedStatistics, type SamplerRun } from './samplerRun.ts';
import { checkLengths } from './tableDraws.ts';

/**
 * The chains of several files as one run, hints guessed; `nameOf` is what errors call a file. Throws DiagnosticsError
 * `no-variables`, `bad-csv` where a file lacks a variable of the first, `unequal-chains`.
 */
export function joinedRun(
  files: readonly SamplerRun[],
  nameOf: (place: number) => string = (place) => `file ${place + 1}`,
): SamplerRun {
  const [first] = files;
  if (first === undefined || first.variables.length === 0) {
    throw new DiagnosticsError('no-variables', 'the CSV holds no variables; give one column of draws per variable');
  }
  const byName = files.map(({ variables }) => new Map(variables.map(({ name, chains }) => [name, chains])));
  const variables = first.variables.map(({ name, hint }) => ({
    name,
    ...(hint === undefined ? {} : { hint }),
    chains: byName.flatMap((file, f) => {
      const chains = file.get(name);
      if (chains !== undefined) return chains;
      throw new DiagnosticsError(
        'bad-csv',
        `${nameOf(f)} has no column ${quote(name)}, which ${nameOf(0)} has; all must hold the same variables`,
      );
    }),
  }));
  checkLengths(variables);
  return { variables: guessHint(variables), sampler: joinedStatistics(files.map(({ sampler }) => sampler)) };
}
