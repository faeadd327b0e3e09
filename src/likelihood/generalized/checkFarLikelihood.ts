import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { toWorking } from '../../products/coordinates.ts';
import { finerPoints } from './approximationMessages.ts';
import { farLikelihood } from './farLikelihood.ts';
import { generalizedCriterion } from './generalizedCriterion.ts';
import type { Glm } from './glm.ts';
import type { GeneralizedState } from './marginalDeviance.ts';
import { quadratureDeviance } from './quadrature.ts';

/** Quadrature beside the limit of an infinite sd has `finerPoints` of these. */
const FINE = 25;

/**
 * Throws where one varying coefficient and the population part predict every row, and the likelihood in the limit of an
 * infinite sd is above that at the estimate, at a half and a quarter of it, and without the sd (`pooled`): by many
 * points of quadrature, since Laplace's approximation is poor there.
 */
export function checkFarLikelihood(
  { response: { label } }: Design,
  merged: Design,
  state: GeneralizedState,
  pooled: Pick<Glm, 'working' | 'logLik'>,
  at: { readonly lambdas: readonly Float64Array[]; readonly estimates: Float64Array; readonly tau: number },
): void {
  if (!(at.tau > 0)) return;
  const direction = at.estimates.map((value) => value / at.tau);
  toWorking(state.predictor.coordinates.beta, direction);
  const limit = farLikelihood(merged, state.rows, state.X, direction);
  if (limit === Number.POSITIVE_INFINITY) return;
  const start = pooled.working;
  const exact = generalizedCriterion(merged, quadratureDeviance(state, finerPoints(FINE)), start);
  const shift = at.lambdas.at(-1)!;
  const best = [1, 0.5, 0.25].reduce((least, by) => {
    const lambdas = at.lambdas.map((L) => L.map((entry) => by * entry));
    lambdas[lambdas.length - 1] = shift.map((value, k) =>
      k < start.length ? by * (start[k]! + value) - start[k]! : value,
    );
    return Math.min(least, exact.at(lambdas));
  }, -2 * pooled.logLik);
  if (!(limit < best)) return;
  const { factor, labels } = merged.groupTerms[0]!;
  throw new ModelError(
    'no-optimum',
    label,
    `${label}: the levels of ${factor} and the population part predict every row, and the likelihood is highest as the sd of ${labels[0]} among levels goes to infinity (a deviance of ${limit.toFixed(3)}, and ${best.toFixed(3)} at the best sd that was found), so that no estimate exists; give a prior and sample`,
  );
}
