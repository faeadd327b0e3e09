/** Reasons that many mutants share. */
export const SAME_BY_BOTH =
  'both branches give the same number: the other one is quicker, or keeps its digits elsewhere';
export const NULL_EVENT = 'the two differ only where two computed real numbers are equal, which rounding alone decides';
export const PAST_END =
  'the entry more is written past the end of a typed array, which is ignored, or is overwritten by the next row';
export const TOLERANCE =
  'a tolerance: its order of magnitude is meant, and the results agree to what the docstring states';
export const PROPOSAL =
  'shapes the first guess of a proposal, which later rounds fit to the density; any proposal leaves the posterior invariant';
export const EFFORT = 'decides how much work is done, not what comes out: what follows reaches the same optimum';
