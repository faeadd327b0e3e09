import { normalQuantile } from '../../src/special/distributions.ts';
import { jointCases } from './jointCases.ts';
import { type JointResult, jointDistribution } from './jointDistribution.ts';
import { type JointRule, jointRules } from './jointKernels.ts';
import { priorModel } from './modelCase.ts';

/** Which transition of which case: a whole sweep, or one kernel of it. */
export interface JointTransition {
  readonly index: number;
  readonly rule: JointRule;
  readonly kernel: string | undefined;
}

/** Level over all quantities of a run together. */
export const FAMILY_LEVEL = 0.01;

/** The z beyond which one of `count` quantities is a finding. */
export function jointBound(count: number): number {
  return normalQuantile(1 - FAMILY_LEVEL / (2 * count));
}

/**
 * The sweeps of every rule of the family on every case, and on the Gaussian cases named every kernel by itself. The
 * marginal covariance kernel leaves the joint density of (Sigma, sigma) alone invariant, so that it is tested with the
 * draw of the coefficients that has to follow it; the sweeps of the other families are one kernel each.
 */
export function jointTransitions(alone: readonly number[]): JointTransition[] {
  return jointCases.flatMap((given, index) => {
    const model = priorModel(given);
    const sweeps = jointRules(model).map((rule) => ({ index, rule, kernel: undefined }));
    if (!alone.includes(index) || given.family) return sweeps;
    const factors = model.design.groupTerms.length;
    const gibbs = ['coefficients', 'interweaving', 'covariance', ...(model.priors.sigma ? ['residualScale'] : [])];
    return [
      ...sweeps,
      ...gibbs.map((kernel) => ({ index, rule: 'gibbs' as const, kernel })),
      { index, rule: 'marginal' as const, kernel: factors === 1 ? 'groupCoefficients' : 'coefficients' },
    ];
  });
}

/**
 * Whitened kernels and those of crossed rows that are not normal, whose approximation is fitted to every data set, have
 * fewer starts, and one transition from each with this many sweeps.
 */
const SWEEPS = 8;

/** Starts of a whitened kernel at least; its approximation may be so dear that a short run has fewer. */
const WHITENED_STARTS = 80;

/** A transition's results by its title. */
export function runJoint(
  { index, rule, kernel }: JointTransition,
  starts: number,
  steps: number,
  seed: number,
  fewest = WHITENED_STARTS,
): { readonly title: string; readonly results: readonly JointResult[] } {
  const given = jointCases[index]!;
  const size =
    rule === 'whitened' || (rule === 'crossed' && given.family)
      ? { starts: Math.max(fewest, Math.round(0.4 * starts)), steps: 1, sweeps: SWEEPS }
      : { starts, steps };
  return {
    title: `${given.name}: ${kernel ? `${kernel} of ${rule}` : rule}`,
    results: jointDistribution(given, { rule, kernel, ...size, seed }),
  };
}
