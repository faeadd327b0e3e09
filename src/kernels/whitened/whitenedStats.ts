/**
 * Of a sweep: the shares of its steps A that were accepted, by the proposal or by a walk, and by the proposal alone;
 * the same of the levels that are accepted one by one, blocks and branches (1 without); and the log posterior density
 * of (phi, xi) at its end, up to a constant.
 */
export const whitenedStats: readonly string[] = [
  'acceptance_rate',
  'independent_rate',
  'block_acceptance_rate',
  'block_independent_rate',
  'lp',
];
