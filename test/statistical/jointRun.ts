import { normalQuantile } from '../../diagnostics/special.ts';
import { simulator } from './gaussianCase.ts';
import { jointCases } from './jointCases.ts';
import { type JointResult, jointDistribution } from './jointDistribution.ts';

/** Which transition of which case: a whole sweep, or one kernel of it. */
export interface JointTransition {
  readonly index: number;
  readonly rule: 'gibbs' | 'marginal';
  readonly kernel: string | undefined;
}

/** Level over all quantities of a run together. */
export const FAMILY_LEVEL = 0.01;

/** The z beyond which one of `count` quantities is a finding. */
export function jointBound(count: number): number {
  return normalQuantile(1 - FAMILY_LEVEL / (2 * count));
}

/**
 * Both rules' sweeps on every case, and every kernel by itself on the cases named; the marginal covariance kernel leaves the joint density of
 * (Sigma, sigma) alone invariant, so that it is tested with the draw of the coefficients that has to follow it.
 */
export function jointTransitions(alone: readonly number[]): JointTransition[] {
  return jointCases.flatMap((given, index) => {
    const sweeps = (['gibbs', 'marginal'] as const).map((rule) => ({ index, rule, kernel: undefined }));
    if (!alone.includes(index)) return sweeps;
    const model = simulator(given);
    const factors = model.design.groupTerms.length;
    const gibbs = ['coefficients', 'interweaving', 'covariance', ...(model.priors.sigma ? ['residualScale'] : [])];
    return [
      ...sweeps,
      ...gibbs.map((kernel) => ({ index, rule: 'gibbs' as const, kernel })),
      { index, rule: 'marginal' as const, kernel: factors === 1 ? 'groupCoefficients' : 'coefficients' },
    ];
  });
}

/** A transition's results by its title. */
export function runJoint(
  { index, rule, kernel }: JointTransition,
  starts: number,
  steps: number,
  seed: number,
): { readonly title: string; readonly results: readonly JointResult[] } {
  const given = jointCases[index]!;
  return {
    title: `${given.name}: ${kernel ? `${kernel} of ${rule}` : rule}`,
    results: jointDistribution(given, { rule, kernel, starts, steps, seed }),
  };
}
