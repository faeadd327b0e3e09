import { type Finding, number } from '../../../diagnostics/finding.ts';
import { familyOf } from '../../families/familyOf.ts';
import { gaussianGiven } from '../../kernels/marginal/gaussianStandIns.ts';
import { laplaceGiven } from '../../kernels/whitened/laplaceStandIns.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { movingModel } from '../../priors/movingModel.ts';
import { mixtureSides, sideDistance } from '../../priors/standIns.ts';
import { crossProducts } from '../../products/crossProducts.ts';
import { betaDraws, drawCount } from '../groupDraws.ts';
import { missedMode } from './places.ts';

/** Draws that a mode is compared with. */
const DRAWS = 1000;

/**
 * Modes that no chain visited, of coefficients with heavy-tailed priors: such a prior far from the data leaves one
 * where it is dense and one where the data are, and a chain on one side may never see the other. The modes are those
 * of `mixtureSides`, found without the draws; a draw is on the side whose coefficients its own are nearest to
 * (`sideDistance`), and a side without a draw was missed.
 */
export function missedSides(fit: Fit): Finding[] {
  const { design, priors } = fit;
  if (!priors.beta.mixtures || design.residual) return [];
  const { design: moving, priors: moved } = movingModel(design, priors);
  const given =
    familyOf(design).sigma === null
      ? laplaceGiven(moving, moved)
      : gaussianGiven(moving, crossProducts(moving, moved.beta), moved);
  const sides = mixtureSides(priors.beta, given);
  if (sides.length < 2) return [];
  const columns = Array.from({ length: design.p }, (_, k) => betaDraws(fit, k));
  const visited = new Set<number>();
  const step = Math.max(1, Math.floor(drawCount(fit) / DRAWS));
  for (let s = 0; s < drawCount(fit); s += step) {
    const x = Float64Array.from(columns, (values) => values[s]!);
    const distances = sides.map(({ mean }) => sideDistance(priors.beta, x, mean));
    visited.add(distances.indexOf(Math.min(...distances)));
  }
  const highest = Math.max(...[...visited].map((side) => sides[side]!.height));
  return sides.flatMap(({ mean, height }, side): Finding[] => {
    if (visited.has(side)) return [];
    const where = Array.from(mean, (value, k) => `beta[${design.columns[k]!.label}] = ${number(value)}`).filter(
      (_, k) => priors.beta.mixtures![k],
    );
    return [missedMode(where.join(', '), height, highest)];
  });
}
