import type { Design } from '../design/design.ts';
import { exp } from '../elementary.ts';
import type { Rng } from '../random/rng.ts';
import { sdClasses } from '../residual/sdClasses.ts';
import { levinson } from '../residual/toeplitz.ts';
import { drawBlock, drawScale } from './priorDraw.ts';
import type { Priors } from './priors.ts';

/**
 * Returns a function that sets the parameters of the residuals, by name in `at`, to a draw from their prior, and sigma,
 * which was drawn at the means of the columns of sigma, to what it is where these are 0; null where residuals are
 * independent with one sigma. Where occasions have sds of their own all of sigma is drawn.
 */
export function residualDraw(
  design: Design,
  { residual, sigma: sigmaPrior }: Pick<Priors, 'residual' | 'sigma'>,
  at: Readonly<Record<string, Float64Array>>,
  rng: Rng,
): (() => void) | null {
  if (!residual) return null;
  const { correlation, correlations, delta, omega } = residual;
  const { centre } = sdClasses(design.n, design.residual?.sigma ?? null);
  const sigma = at['sigma']!;
  const rho = at['rho'] ?? new Float64Array(0);
  const T = sigma.length;
  const R = new Float64Array(T * T);
  const partials = new Float64Array(rho.length);
  const byLag = new Float64Array(rho.length + 1).fill(1);
  const jacobian = new Float64Array((rho.length + 1) * rho.length);
  const recurse = levinson(rho.length);
  const deviations = at[`delta_${design.residual?.sigmaGroups?.factor}`];
  return () => {
    if (omega && deviations) {
      const spread = drawScale(omega.prior, omega.name, rng);
      at[omega.name]![0] = spread;
      for (let j = 0; j < deviations.length; j++) deviations[j] = spread * rng.normal();
    }
    if (correlation) at[correlation.name]![0] = correlation.low + (correlation.high - correlation.low) * rng.uniform();
    if (correlations?.kind === 'lkj' && sigmaPrior && sigmaPrior.distribution !== 'flat') {
      const names = Array.from(sigma, () => 'sigma');
      const tau = names.map(() => sigmaPrior);
      drawBlock({ kind: 'separation', tau, eta: correlations.eta }, names, rng, sigma, R);
      let pair = 0;
      for (let a = 0; a < T; a++) for (let b = a + 1; b < T; b++) rho[pair++] = R[b * T + a]!;
    }
    if (correlations?.kind === 'partial') {
      for (let k = 0; k < partials.length; k++) partials[k] = 2 * rng.uniform() - 1;
      recurse(partials, byLag, jacobian);
      rho.set(byLag.subarray(1));
    }
    delta.forEach(({ mean, sd }, k) => {
      const change = mean + sd * rng.normal();
      at['delta']![k] = change;
      for (let t = 0; t < T; t++) sigma[t]! *= exp(-change * centre[k]!);
    });
  };
}
