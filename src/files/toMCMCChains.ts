import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { flatNames, seriesText } from './seriesText.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from './writtenDraws.ts';

/**
 * The draws in the JSON of Julia's MCMCChains (what its JSON extension writes and reads): `size` [iterations,
 * parameters, chains], `value_flat` in Julia's column-major order (iteration fastest, then parameter, then chain),
 * `iterations`, `parameters`, `chains`, `logevidence`, `name_map`, `info`. In Julia: `using MCMCChains, JSON;
 * JSON.parsefile(file, Chains)`. Throws `non-finite-draw`.
 */
export function toMCMCChains(fit: Fit, options: DrawsOptions = {}): string {
  checkFit('toMCMCChains', fit, 'mcmc');
  checkOptions('toMCMCChains', options, DRAWS_OPTIONS);
  const draws = writtenDraws(fit, options);
  const names = flatNames(draws);
  const { chains, iterations } = draws;
  const values: string[] = [];
  for (let chain = 0; chain < chains; chain += 1) {
    names.forEach((name, scalar) => {
      values.push(seriesText(draws, scalar, name, chain).join(','));
    });
  }
  const count = (length: number): number[] => Array.from({ length }, (_, i) => i + 1);
  const { seed, warmup } = fit.sampling;
  const parts = [
    `"size":${JSON.stringify([iterations, names.length, chains])}`,
    `"value_flat":[${values.join(',\n')}]`,
    `"iterations":${JSON.stringify(count(iterations))}`,
    `"parameters":${JSON.stringify(names)}`,
    `"chains":${JSON.stringify(count(chains))}`,
    '"logevidence":null',
    `"name_map":${JSON.stringify({ parameters: names })}`,
    `"info":${JSON.stringify({ seed, warmup })}`,
  ];
  return `{${parts.join(',\n')}}\n`;
}
