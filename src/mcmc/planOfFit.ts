import type { Fit } from './fit.ts';
import { KEEP_ALL } from './keep.ts';
import { keeping, type Plan, planDesign } from './plan.ts';

/**
 * The plan by which a fit goes on. The statistics of its kernels' steps are recorded on where it has the same of the
 * draws so far: those of an older version has none, or others, and goes on without.
 */
export function planOfFit({ design, sampling, sampleStats }: Fit): Plan {
  const { rule, thin = KEEP_ALL.thin, keep: without = KEEP_ALL.without } = sampling;
  const model = keeping(planDesign(design, rule), { thin, without });
  const names = sampleStats?.variables.map(({ name }) => name) ?? [];
  const same = names.length === model.stats.length && names.every((name, i) => name === model.stats[i]);
  return same ? model : { ...model, stats: [] };
}
