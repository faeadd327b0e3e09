import { likelyNames } from './nearestNames.ts';

/** What other programs call an option of ours, in lower case and without '_', '.', '-'. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    iterations: [
      'draws',
      'iter',
      'niter',
      'samples',
      'nsamples',
      'numsamples',
      'nsim',
      'nsims',
      'ndraws',
      'numdraws',
      'itersampling',
    ],
    draws: ['iterations', 'iter', 'samples', 'nsim', 'nsims', 'ndraws', 'nsamples', 'numsamples'],
    simulations: ['nsim', 'nsims', 'nboot', 'boot', 'replicates', 'b'],
    warmup: ['burnin', 'burn', 'nburnin', 'tune', 'ntune', 'adapt', 'numwarmup', 'nwarmup', 'iterwarmup'],
    thin: ['thinning', 'nthin', 'thinby'],
    chains: ['nchains', 'numchains'],
    workers: ['cores', 'ncores', 'parallel', 'threads', 'nthreads', 'njobs', 'parallelchains', 'mccores', 'numworkers'],
    seed: ['randomseed', 'setseed', 'rng', 'randomstate'],
    probs: ['quantiles', 'quantile', 'probabilities', 'percentiles'],
    level: [
      'prob',
      'ci',
      'credmass',
      'hdiprob',
      'conflevel',
      'confidence',
      'interval',
      'width',
      'alpha',
      'credibility',
    ],
    missing: ['naaction', 'na', 'narm', 'nanpolicy', 'dropna', 'naomit', 'dropmissing'],
    method: ['reml', 'estimator'],
    points: ['nagq', 'quadrature'],
    priors: ['prior', 'priorintercept', 'priorcovariance', 'prioraux', 'setprior'],
    family: ['likelihood', 'distribution', 'link'],
    residual: ['correlation', 'autocor', 'corstr', 'rcov'],
    newdata: ['data', 'newrows'],
    groups: ['reformula', 'reform', 'includegroups', 'includegroupspecific'],
    newGroups: ['allownewlevels', 'samplenewlevels', 'newlevels', 'samplenewgroups'],
    kind: ['type', 'scale', 'transform'],
    kernels: ['sampler', 'kernel', 'algorithm', 'step'],
    keep: ['savepars', 'pars', 'saveranef', 'varnames', 'monitor', 'params'],
    onProgress: ['callback', 'callbacks', 'verbose', 'silent', 'quiet', 'refresh', 'progressbar', 'progress'],
    signal: ['abort', 'abortsignal', 'abortcontroller', 'timeout', 'cancel'],
    variables: ['pars', 'parameters', 'params', 'varnames', 'vars', 'variable'],
    by: ['group', 'groupby', 'strata'],
  })
    .flatMap(([own, others]) => others.map((other) => [other, own] as const))
    .reduce((map, [other, own]) => map.set(other, [...(map.get(other) ?? []), own]), new Map<string, string[]>()),
);

/**
 * The option that was likely meant by a name that is none: by what other programs call it, or by its spelling.
 * Undefined where none is likely.
 */
export function meantOption(name: string, accepted: readonly string[]): string | undefined {
  const meant = SYNONYMS.get(name.toLowerCase().replace(/[_.-]/g, '')) ?? [];
  return [...meant.filter((own) => accepted.includes(own)), ...likelyNames(name, accepted, 1)][0];
}
