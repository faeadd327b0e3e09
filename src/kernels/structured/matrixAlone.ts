import type { Design } from '../../design/design.ts';
import type { MovingPriors } from '../../priors/priors.ts';

/** Most occasions whose sds and correlations are proposed with all other sds. */
const FEW = 3;

/** Whether the sds and correlations of occasions are drawn by a step of their own, given the coefficients. */
export function matrixAlone({ residual }: Design, { residual: priors, sigma }: MovingPriors): boolean {
  return priors?.correlations?.kind === 'lkj' && sigma !== null && residual!.groups!.occasions.length > FEW;
}
