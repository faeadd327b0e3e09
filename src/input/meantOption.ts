import { likelyNames } from './nearestNames.ts';

/** What other programs call an option of ours. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    iterations: ['draws', 'iter', 'niter', 'samples', 'nsamples', 'num_samples', 'n_samples', 'nsim', 'nsims'],
    draws: ['iterations', 'iter', 'samples', 'nsim', 'nsims', 'ndraws', 'n_draws'],
    warmup: ['burnin', 'burn', 'burn_in', 'tune', 'adapt', 'num_warmup', 'nburnin'],
    chains: ['nchains', 'n_chains', 'num_chains'],
    workers: ['cores', 'parallel', 'threads', 'n_jobs', 'parallel_chains', 'mc_cores'],
    seed: ['random_seed', 'set_seed', 'rng'],
    probs: ['quantiles', 'probabilities', 'percentiles'],
    level: ['prob', 'ci', 'cred_mass', 'hdi_prob', 'conf_level', 'confidence', 'interval', 'width'],
    missing: ['na_action', 'na', 'na.action', 'nan_policy'],
    method: ['reml', 'estimator'],
    points: ['nagq', 'quadrature'],
    priors: ['prior'],
    family: ['likelihood', 'distribution'],
    newdata: ['data', 'new_data'],
    groups: ['re_formula', 're.form', 're_form', 'include_groups'],
    newGroups: ['allow_new_levels', 'allow.new.levels', 'sample_new_levels', 'new_levels'],
    kind: ['type'],
    kernels: ['sampler', 'kernel', 'algorithm', 'step'],
  })
    .flatMap(([own, others]) => others.map((other) => [other, own] as const))
    .reduce((map, [other, own]) => map.set(other, [...(map.get(other) ?? []), own]), new Map<string, string[]>()),
);

/**
 * The option that was likely meant by a name that is none: by what other programs call it, or by its spelling.
 * Undefined where none is likely.
 */
export function meantOption(name: string, accepted: readonly string[]): string | undefined {
  const meant = SYNONYMS.get(name.toLowerCase()) ?? [];
  return [...meant.filter((own) => accepted.includes(own)), ...likelyNames(name, accepted, 1)][0];
}
