import { familyOf } from '../../families/familyOf.ts';
import { probability } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { quadraticForm } from '../../linalg/smallMatrix.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { gaussianProducts } from '../../products/gaussianProducts.ts';
import { studentQuantile, studentTwoSided } from '../../special/distributionFunctions.ts';
import { coefficientCovariance } from '../gaussian/coefficientCovariance.ts';
import { type ProfiledDeviance, profiledDeviance } from '../gaussian/profiledDeviance.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { differenceHessian } from '../search/optimize.ts';
import { structuredAt } from '../structured/structuredAt.ts';

/** One population-level coefficient with its t test. */
export interface CoefficientTest {
  readonly label: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Satterthwaite's degrees of freedom; Infinity where no variance is estimated. */
  readonly df: number;
  readonly t: number;
  /** Two-sided. */
  readonly pValue: number;
  /** The interval of probability `level`: estimate -+ t quantile times standard error. */
  readonly lower: number;
  readonly upper: number;
}

const TEST_OPTIONS = { level: probability };

/**
 * A t test of every population-level coefficient with Satterthwaite's degrees of freedom, and its interval of
 * probability `level`, default 0.9. Throws `option` for a level outside (0, 1).
 */
export function coefficientTests(
  fit: MaximumLikelihoodFit,
  options: { readonly level?: number } = {},
): CoefficientTest[] {
  checkFit('coefficientTests', fit, 'maximumLikelihood');
  checkOptions('coefficientTests', options, TEST_OPTIONS);
  const upperTail = (1 + (options.level ?? 0.9)) / 2;
  const { labels, estimates, standardErrors } = fit.fixef;
  const p = labels.length;
  const unit = labels.map((_, k) => Float64Array.from({ length: p }, (_unused, l) => (l === k ? 1 : 0)));
  const dfs = satterthwaite(fit, unit);
  return labels.map((label, k) => {
    const t = estimates[k]! / standardErrors[k]!;
    const df = dfs[k]!;
    const estimate = estimates[k]!;
    const standardError = standardErrors[k]!;
    const reach = studentQuantile(upperTail, df) * standardError;
    const pValue = studentTwoSided(t, df);
    return { label, estimate, standardError, df, t, pValue, lower: estimate - reach, upper: estimate + reach };
  });
}

/**
 * Satterthwaite's degrees of freedom of linear combinations l'beta: 2 v^2 / (g'A g), v(psi) = l'Cov(beta; psi) l with
 * gradient g by the variance parameters psi = (relative factors, those of the residuals, log sigma), A = 2 H^-1 their
 * asymptotic covariance, H the Hessian of the deviance (Giesbrecht & Burns 1985; Kuznetsova, Brockhoff & Christensen
 * 2017). Directions in which the deviance is flat or curves down carry no information and are left out, as lmerTest
 * does. Infinity for binomial and probit responses. `combinations` are vectors of length p.
 */
export function satterthwaite(fit: MaximumLikelihoodFit, combinations: readonly ArrayLike<number>[]): number[] {
  const { design, method } = fit;
  // Without a residual sd to estimate, tests of binomial and probit coefficients are z tests.
  if (familyOf(design).conjugate !== 'normal') return combinations.map(() => Number.POSITIVE_INFINITY);
  const profiled = fit.residual ? structuredAt(fit) : profiledDeviance(gaussianProducts(design), design, method);
  const { factors } = profiled;
  const known = profiled.system.crossProducts.knownScale;
  const psi = new Float64Array(factors.size + (known ? 0 : 1));
  psi.set(factors.toSearch(factors.fromTheta(fit.theta)));
  if (!known) psi[factors.size] = Math.log(fit.residual?.unit ?? fit.sigma!);
  const d = psi.length;
  if (d === 0) return combinations.map(() => Number.POSITIVE_INFINITY);
  const variances = (z: Float64Array): number[] => {
    const vcov = coefficientCovariance(profiled, design.p, known ? 1 : Math.exp(z[factors.size]!));
    return combinations.map((l) => quadraticForm(vcov, l));
  };
  // At the points of the Hessian's differences the variances are there too: of each coordinate the last on either side.
  const nowhere: { readonly step: number; readonly variances: readonly number[] } = { step: 0, variances: [] };
  const beside = Array.from({ length: d }, () => ({ above: nowhere, below: nowhere }));
  const hessian = differenceHessian((z, gradient) => {
    const value = unprofiled(profiled, z, gradient);
    const k = z.findIndex((entry, i) => entry !== psi[i]);
    const step = z[k]! - psi[k]!;
    beside[k]![step > 0 ? 'above' : 'below'] = { step, variances: variances(z) };
    return value;
  }, psi);
  const { values, vectors } = symmetricEigen(hessian, d);
  const floor = 1e-8 * Math.abs(values[d - 1]!);
  profiled.at(factors.fromSearch(psi), known ? 1 : Math.exp(psi[factors.size]!));
  const at = variances(psi);
  const gradients = combinations.map(() => new Float64Array(d));
  for (let k = 0; k < d; k++) {
    const { above, below } = beside[k]!;
    combinations.forEach((_, c) => {
      gradients[c]![k] = (above.variances[c]! - below.variances[c]!) / (above.step - below.step);
    });
  }
  return combinations.map((_, c) => {
    let spread = 0;
    for (let k = 0; k < d; k++) {
      if (!(values[k]! > floor)) continue;
      let along = 0;
      for (let i = 0; i < d; i++) along += vectors[i * d + k]! * gradients[c]![i]!;
      spread += (2 * along * along) / values[k]!;
    }
    // A variance that no parameter moves is known.
    return spread > 0 ? (2 * at[c]! * at[c]!) / spread : Number.POSITIVE_INFINITY;
  });
}

type Unprofiled = Pick<ProfiledDeviance, 'factors' | 'divisor' | 'search'> & {
  readonly system: Pick<ProfiledDeviance['system'], 'r2'>;
};

/** The deviance at (search coordinates, log sigma), nothing profiled but beta, with its gradient. */
function unprofiled(profiled: Unprofiled, z: ArrayLike<number>, gradient: Float64Array): number {
  const { factors, divisor, system } = profiled;
  const known = z.length === factors.size;
  const sigma = known ? 1 : Math.exp(z[factors.size]!);
  const value = profiled.search(z, gradient, sigma);
  if (!known) gradient[factors.size] = 2 * divisor - (2 * system.r2) / (sigma * sigma);
  return value;
}
