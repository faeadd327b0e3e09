import { log } from '../../elementary.ts';
import { horseshoes } from '../../priors/horseshoe.ts';
import type { CoefficientPriors } from '../../priors/priors.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { inverseGamma } from '../../random/inverseGamma.ts';
import { inverseGaussian } from '../../random/inverseGaussian.ts';
import type { Kernel, State } from '../kernel.ts';
import { horseshoeStep } from './horseshoeStep.ts';

/** The latent entry: the prior variances of beta (p), of a flat prior Infinity. */
const LATENT = 'coefficientVariances';
/** The latent entry that counts the sweeps in which a chain has kept its first variances. */
const KEPT = 'coefficientVariancesKept';
/**
 * So many of the warm-up's first sweeps keep them, until sds and sigma are where the data have them: under a sigma of
 * the response's spread coefficients would be drawn to the mode that heavy tails leave about their location.
 */
const KEEPS = 30;
/** The latent entry of horseshoes: of each in turn log tau, log c^2, then log lambda of its columns. */
const SCALES = 'horseshoeScales';

/**
 * Brings a prior to the variances that a chain's state has, to those of the stand-in priors where it has none; does
 * nothing where every prior is normal.
 */
export function followVariances({ setVariances }: WorkingCoefficientPrior, { latent }: State): void {
  if (setVariances) setVariances(latent[LATENT] ?? null);
}

/** The variances (p) that the last sweep left in a state. */
export function variancesOf({ latent }: State): Float64Array {
  return latent[LATENT]!;
}

/**
 * Draws the variances v of coefficients whose priors are scale mixtures of normals, x ~ N(m, v), given the
 * coefficients; the other kernels take x as normal with the variances of the last sweep (`followVariances`).
 *
 *     studentT     v ~ InverseGamma((df + 1) / 2, (df scale^2 + (x - m)^2) / 2); cauchy has df = 1
 *     laplace      1 / v ~ InverseGaussian(1 / (scale |x - m|), 1 / scale^2)          (Park & Casella 2008)
 *     horseshoe    `horseshoeStep`
 *
 * It is the last of a sweep, so that a chain has drawn coefficients before: at the start they are 0, where a horseshoe
 * would be left without a scale. Chains start at the variances of the priors that stand in (`withStandIns`), where the
 * posterior has several sides each on one at random, so that they disagree where they cannot cross.
 */
export function coefficientVariancesKernel(beta: CoefficientPriors): Kernel {
  const mixtures = beta.mixtures ?? [];
  const shared = horseshoes(beta);
  const kinds = [...new Set(mixtures.flatMap((prior) => (prior ? [prior.distribution] : [])))];
  const steps = shared.map(horseshoeStep);
  return {
    name: 'coefficientVariances',
    updates: [LATENT, ...(shared.length > 0 ? [SCALES] : [])],
    why: `coefficients with a ${kinds.join(' or ')} prior are normal given a variance each, drawn given them${shared.length > 0 ? ', and so are the scales a horseshoe has in common' : ''}`,
    stats: [],
    init(state, rng) {
      const { sides } = beta;
      const side = sides ? sides[Math.floor(rng.uniform() * sides.length)] : undefined;
      state.latent[LATENT] = side ? side.variance.slice() : beta.sd.map((sd) => sd * sd);
      state.latent[KEPT] = new Float64Array(1);
      if (shared.length === 0) return;
      state.latent[SCALES] = Float64Array.from(
        shared.flatMap(({ prior, columns }) => [
          log(prior.globalScale),
          2 * log(prior.slabScale),
          ...columns.map(() => 0),
        ]),
      );
    },
    step(state, rng, phase) {
      const kept = state.latent[KEPT]!;
      if (phase === 'warmup' && kept[0]! < KEEPS) {
        kept[0] = kept[0]! + 1;
        return;
      }
      const x = state.at['beta']!;
      const variances = state.latent[LATENT]!;
      const scales = state.latent[SCALES];
      for (let h = 0, at = 0; h < steps.length; h += 1) {
        steps[h]!(x, scales!, at, variances, rng);
        at += 2 + shared[h]!.columns.length;
      }
      for (let k = 0; k < mixtures.length; k += 1) {
        const prior = mixtures[k];
        if (!prior || prior.distribution === 'horseshoe') continue;
        const distance = Math.abs(x[k]! - prior.location);
        const scale2 = prior.scale * prior.scale;
        if (prior.distribution === 'laplace') {
          variances[k] = 1 / inverseGaussian(1 / (prior.scale * distance), 1 / scale2, rng);
        } else {
          const df = prior.distribution === 'cauchy' ? 1 : prior.df;
          variances[k] = inverseGamma(0.5 * (df + 1), 0.5 * (df * scale2 + distance * distance), rng);
        }
      }
    },
  };
}
