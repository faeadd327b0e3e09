import { type Draws, findVariable, scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';

/**
 * Shares that kernels tell of their steps (`Kernel.stats`): of those from a fitted proposal; and of all, with the walks
 * that follow where one is refused, or of the walks that are tried beside them.
 */
const STEPS = [
  { independent: 'independent_rate', all: 'acceptance_rate', what: 'independent steps' },
  { independent: 'block_independent_rate', all: 'block_acceptance_rate', what: 'independent steps of single groups' },
  {
    independent: 'covariance_independent_rate',
    walks: 'covariance_walk_rate',
    what: 'independent steps of the covariances',
  },
  { independent: 'jump_rate', what: 'jumps between the sides of the posterior' },
  { independent: 'occasion_independent_rate', what: 'independent steps of the covariances of occasions' },
] as const;

/**
 * What the kernels' steps of a fit came to, one line a kernel: of 100 steps how many were accepted, the mean over all
 * recorded iterations. Nothing of kernels that draw from conditional distributions, where nothing is refused, and of
 * fits in which it was not recorded. Then, a line a kernel, how its steps departed from what was planned.
 */
export function stepSentences({ sampling, sampleStats }: Fit): readonly string[] {
  if (sampleStats === null) return [];
  return sampling.kernels.flatMap(({ name, stats, departure }) => {
    const parts = STEPS.filter(({ independent }) => stats.includes(independent)).map((step) => {
      const independent = mean(sampleStats, step.independent);
      const accepted = `${ofHundred(independent)} of 100 ${step.what} accepted`;
      if (!('walks' in step || 'all' in step)) return accepted;
      if ('walks' in step) return `${accepted}, ${ofHundred(mean(sampleStats, step.walks))} of 100 walks`;
      // No walk is tried where nothing is refused.
      if (independent > 1 - 1e-12) return accepted;
      return `${accepted}, ${ofHundred(mean(sampleStats, step.all) - independent)} more by a walk`;
    });
    return [
      ...(parts.length > 0 ? [`${name}: ${parts.join('; ')}`] : []),
      ...(departure === undefined ? [] : [`${name}: ${departure}`]),
    ];
  });
}

function mean(sampleStats: Draws, name: string): number {
  const values = scalarDraws(sampleStats, findVariable(sampleStats, name)!.offset);
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** To whole steps, but neither none nor all where there were some and not all. */
function ofHundred(rate: number): string {
  // Rounding of a difference of means is no step.
  const count = 100 * Math.max(0, rate);
  if (count > 1e-9 && count < 0.5) return 'fewer than 1';
  if (count > 99.5 && count < 100) return 'more than 99';
  return count.toFixed(0);
}
