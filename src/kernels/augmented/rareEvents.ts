import type { Design } from '../../design/design.ts';

/**
 * Share of successes (or of failures) below which Pólya-Gamma Gibbs alone crawls (Johndrow, Smith, Pillai & Dunson
 * 2019).
 */
const RARE = 0.03;

/** Whether successes, or failures, are so few that Pólya-Gamma Gibbs needs whitened steps beside it. */
export function rareEvents({ response }: Design): boolean {
  let successes = 0;
  let trials = 0;
  for (let i = 0; i < response.y.length; i += 1) {
    const copies = response.weights ? response.weights[i]! : 1;
    successes += copies * response.y[i]!;
    trials += copies * (response.trials ? response.trials[i]! : 1);
  }
  return Math.min(successes, trials - successes) < RARE * trials;
}
