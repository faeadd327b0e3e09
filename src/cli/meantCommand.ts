import { likelyNames } from '../input/nearestNames.ts';

/** What other programs call what a command does. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  fit: ['brm', 'stan_lmer', 'stan_glmer', 'sample', 'mcmc', 'bayes', 'run'],
  ml: ['lmer', 'glmer', 'lme', 'lm', 'glm', 'reml', 'mle', 'mixed', 'optimize'],
  summary: ['print', 'summarize', 'summarise', 'fixef', 'varcorr', 'confint', 'posterior_summary', 'stansummary'],
  check: ['diagnose', 'diagnostics', 'rhat', 'ess'],
  shrinkage: ['ranef', 'coef', 'blup', 'blups'],
  plot: ['pp_check', 'trace', 'traceplot', 'mcmc_plot'],
  loo: ['waic', 'psis'],
  kfold: ['cv', 'crossvalidate'],
  predict: ['posterior_predict', 'posterior_epred', 'fitted'],
  effects: ['marginaleffects', 'conditional_effects', 'slopes', 'ame'],
  margins: ['emmeans', 'lsmeans'],
  'r-squared': ['r2', 'bayes_r2', 'rsquared'],
  describe: ['prior_summary', 'get_prior', 'str', 'head', 'data'],
  dataset: ['datasets', 'sample_data', 'load', 'examples'],
  export: ['convert', 'draws', 'as_draws'],
};

/** The command that was likely meant by a word that is none; undefined where none is likely. */
export function meantCommand(word: string, names: readonly string[]): string | undefined {
  const asked = word.toLowerCase().replaceAll('-', '_');
  return names.find((name) => OTHERS[name]?.includes(asked)) ?? likelyNames(word, names, 1)[0];
}
