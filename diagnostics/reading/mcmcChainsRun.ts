import { DiagnosticsError } from '../diagnosticsError.ts';
import { isArray, isRecord, type Json, jsonNumber } from './jsonValues.ts';
import { type SamplerRun, samplerStatistics } from './samplerRun.ts';

/**
 * The draws in the JSON of Julia's MCMCChains: `size` [iterations, parameters, chains] and `value_flat`, the iteration
 * fastest, then the parameter, then the chain. What `name_map` has under internals is the sampler's and no quantity of
 * the model. Throws `bad-shape`, `not-numeric`.
 */
export function mcmcChainsRun(json: { readonly [key: string]: Json }): SamplerRun {
  const { size, value_flat: flat, parameters, name_map: map } = json;
  const [iterations, count, chains] = isArray(size) ? size : [];
  const numbers = [iterations, count, chains].every((n) => typeof n === 'number' && Number.isInteger(n) && n > 0);
  const [N, P, M] = [Number(iterations), Number(count), Number(chains)];
  if (!numbers || !isArray(flat) || !isArray(parameters) || parameters.length !== P || flat.length !== N * P * M) {
    throw new DiagnosticsError(
      'bad-shape',
      'the JSON looks as MCMCChains writes it, but size [iterations, parameters, chains] is not that of parameters and value_flat',
    );
  }
  const internals = isRecord(map) && isArray(map['internals']) ? map['internals'] : [];
  const series = parameters.map((parameter, p) => {
    const name = String(parameter);
    return {
      name,
      chains: Array.from({ length: M }, (_, c) =>
        Float64Array.from({ length: N }, (_unused, i) =>
          jsonNumber(flat[(c * P + p) * N + i], `draw ${i + 1} of chain ${c + 1} of ${JSON.stringify(name)}`),
        ),
      ),
    };
  });
  const isInternal = (name: string): boolean => internals.includes(name);
  return {
    variables: series.filter(({ name }) => !isInternal(name)),
    sampler: samplerStatistics(
      new Map(series.filter(({ name }) => isInternal(name)).map(({ name, chains: values }) => [name, values])),
    ),
  };
}
