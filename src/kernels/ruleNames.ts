/**
 * The names of the rules of `kernelRules.ts`, in its order: apart from the kernels, so that a program that only reads
 * fits need not load what draws.
 */
export const RULE_NAMES = [
  'whitened',
  'marginal',
  'crossed',
  'polyaGamma',
  'albertChib',
  'scaleMixture',
  'gibbs',
  'structured',
] as const;
