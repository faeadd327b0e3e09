import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Variable } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { FIT_FILE_WRITER } from './fitFile.ts';
import { seriesText } from './seriesText.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from './writtenDraws.ts';

/** One column of the file. */
interface StanColumn {
  readonly name: string;
  readonly scalar: number;
  readonly label: string;
}

/**
 * The draws as CmdStan writes them, one text per chain, for `cmdstanr::read_cmdstan_csv`, ArviZ's `from_cmdstan` and
 * everything else that reads Stan CSV.
 *
 * Columns are flattened as CmdStan flattens them: `beta.1`, `u_county.12.2` (positions from 1, the first index
 * fastest); a comment line per column says which quantity it is (`readDraws` names it so again). A name that is no Stan
 * identifier has its odd characters replaced by underscores. The header says `algorithm = fixed_param`, as CmdStan does
 * where no Hamiltonian sampler ran, so that readers expect no divergences or tree depths; as there, `lp__` is 0 and
 * `accept_stat__` 1 throughout. Throws `non-finite-draw`.
 */
export function toStanCsv(fit: Fit, options: DrawsOptions = {}): string[] {
  checkFit('toStanCsv', fit, 'mcmc');
  checkOptions('toStanCsv', options, DRAWS_OPTIONS);
  const draws = writtenDraws(fit, options);
  const columns = stanColumns(draws.variables);
  const { warmup, seed } = fit.sampling;
  const labels = columns.map(({ name, label }) => `# ${name} is ${commentText(label)}`);
  const titles = ['lp__', 'accept_stat__', ...columns.map(({ name }) => name)].join(',');
  return Array.from({ length: draws.chains }, (_, chain) => {
    const head = [
      `# written by ${FIT_FILE_WRITER.name} ${FIT_FILE_WRITER.version}`,
      '# model = partial_pooling',
      '# method = sample',
      `#   num_samples = ${draws.iterations}`,
      `#   num_warmup = ${warmup}`,
      '#   save_warmup = 0',
      '#   thin = 1',
      '#   algorithm = fixed_param',
      `# id = ${chain + 1}`,
      `# seed = ${seed}`,
      ...labels,
    ];
    const series = columns.map(({ scalar, label }) => seriesText(draws, scalar, label, chain));
    const rows = Array.from(
      { length: draws.iterations },
      (_unused, iteration) => `0,1,${series.map((values) => values[iteration]).join(',')}`,
    );
    return `${[...head, titles, ...rows].join('\n')}\n`;
  });
}

/** A name in a line of a comment: as it is, or as JSON where it would break the line or reads as JSON. */
function commentText(label: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}]|^"|^\s|\s$/u.test(label) ? JSON.stringify(label) : label;
}

/** Every scalar with its Stan name, first index fastest within a variable. */
function stanColumns(variables: readonly Variable[]): StanColumn[] {
  const taken = new Set<string>();
  return variables.flatMap((variable) => {
    const base = identifier(variable.name, taken);
    const labels = scalarNames(variable);
    const shape = variable.coords.map((coordinates) => coordinates.length);
    const columns: StanColumn[] = [];
    const index = shape.map(() => 0);
    for (let count = 0; count < variable.size; count += 1) {
      const position = index.reduce((sum, i, d) => sum * shape[d]! + i, 0);
      const name = [base, ...index.map((i) => i + 1)].join('.');
      columns.push({ name, scalar: variable.offset + position, label: labels[position]! });
      for (let d = 0; d < shape.length; d += 1) {
        index[d]! += 1;
        if (index[d]! < shape[d]!) break;
        index[d] = 0;
      }
    }
    return columns;
  });
}

/**
 * A Stan identifier like `name`, not taken yet: letters, digits and underscores, a letter first, no two underscores
 * last.
 */
function identifier(name: string, taken: Set<string>): string {
  const letters = name.replace(/[^A-Za-z0-9_]/gu, '_').replace(/_{2,}$/u, '_');
  const base = /^[A-Za-z]/u.test(letters) ? letters : `v${letters}`;
  let unique = base;
  for (let count = 2; taken.has(unique); count += 1) unique = `${base}_${count}`;
  taken.add(unique);
  return unique;
}
