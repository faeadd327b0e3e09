import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { logScaleDensity, type MovingPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { type CrossProducts, gather, scatter } from '../../products/crossProducts.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';
import type { Kernel, State } from '../kernel.ts';
import { crossedLayout } from './crossedLayout.ts';
import { crossedSweep } from './crossedSweep.ts';
import { factorCovariance } from './factorCovariance.ts';
import { sweepRate, sweepsPerDraw } from './sweepRate.ts';

/**
 * Draws everything of a Gaussian model with two or more large factors, one large factor f at a time, in this order (see
 * the room's README):
 * 1. Sigma_f, then sigma, with u_f integrated out, given the other large factors, the border w and Sigma_g of the small
 *    factors;
 * 2. Sigma_g of the small factors with w and u_f integrated out;
 * 3. w = (u_g, beta) with u_f integrated out, then u_f.
 * u_f is stale from 1 to 3, w from 2 to 3; nothing there reads them. No factorisation beyond the border's, no pass over
 * the rows.
 */
export function crossedKernel(design: Design, products: CrossProducts, priors: MovingPriors): Kernel {
  const { groupTerms } = design;
  // Of the data: rows that were reduced stand for more than they are.
  const { n } = products;
  const { size, reference, borderOffsets, knownScale, coordinates, c0, rss0, p } = products;
  const prior = workingCoefficientPrior(products, priors.beta);
  const layout = crossedLayout(products);
  const rate = sweepRate(layout, products, prior);
  const sweeps = sweepsPerDraw(rate);
  const sweep = crossedSweep(layout, products, prior, c0, rss0);
  const covariances = groupTerms.map((term, f) => factorCovariance(term, priors.groups[f]!, coordinates.groups[f]!));
  const Lambda = groupTerms.map(({ q }) => new Float64Array(q * q));
  const small = layout.small.map((f) => Lambda[f]!);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => sweep.x);
  const most = layout.large.reduce((widest, { J, q }) => Math.max(widest, J * q), 0);
  const z = new Float64Array(most);
  const zBorder = new Float64Array(sweep.border.W);
  const sigmaPrior = priors.sigma;
  const beta = borderOffsets[groupTerms.length]!;
  let sigma = 1;
  let rest = 0;
  let pass = sweep.passes[0]!;
  let f = 0;
  let coordinate = 0;

  /** Along one coordinate of a large factor's covariance, u_f integrated out. */
  const alongLarge = (value: number): number => {
    covariances[f]!.coordinates[coordinate] = value;
    const height = covariances[f]!.logPrior();
    if (height === -Infinity) return height;
    covariances[f]!.factor(sigma, Lambda[f]!);
    return height + pass.logIntegral(Lambda[f]!, sigma);
  };
  const alongSigma = (value: number): number => {
    const s = exp(value);
    if (!(s > 1e-150 && s < 1e150)) return -Infinity;
    const height = logScaleDensity(sigmaPrior!, s);
    if (height === -Infinity) return height;
    covariances[f]!.factor(s, Lambda[f]!);
    return height + value + pass.logIntegral(Lambda[f]!, s) - n * value - (0.5 * rest) / (s * s);
  };
  /** Along one coordinate of a small factor's covariance, w and u_f integrated out. */
  const alongSmall = (value: number): number => {
    covariances[f]!.coordinates[coordinate] = value;
    const height = covariances[f]!.logPrior();
    if (height === -Infinity) return height;
    covariances[f]!.factor(sigma, Lambda[f]!);
    return height + sweep.border.factor(small, sigma);
  };
  const moveCovariance = (density: (value: number) => number, rng: Rng): void => {
    const { coordinates: at, widths } = covariances[f]!;
    for (coordinate = 0; coordinate < at.length; coordinate += 1)
      at[coordinate] = slice(density, at[coordinate]!, widths[coordinate]!, rng);
    covariances[f]!.logPrior();
    covariances[f]!.factor(sigma, Lambda[f]!);
  };
  /** Everything, or the coefficients alone, one large factor at a time. */
  const one = (rng: Rng, all: boolean): void => {
    for (let k = 0; k < layout.large.length; k += 1) {
      const own = layout.large[k]!;
      pass = sweep.passes[k]!;
      f = own.f;
      pass.shift(sweep.x, c0);
      if (all) {
        pass.residuals(sweep.w);
        moveCovariance(alongLarge, rng);
        if (sigmaPrior) {
          rest = Math.max(0, sweep.restOfSquares(k));
          sigma = exp(slice(alongSigma, log(sigma), Math.sqrt(2 / n), rng));
        }
      }
      refresh();
      sweep.formBorder(k, Lambda[own.f]!);
      if (all) {
        for (let g = 0; g < small.length; g += 1) {
          f = layout.small[g]!;
          moveCovariance(alongSmall, rng);
        }
      }
      if (sweep.border.factor(small, sigma) === -Infinity)
        throw new Error('the precision matrix of the coefficients is not positive definite');
      rng.fillNormals(zBorder, sweep.border.W);
      rng.fillNormals(z, own.J * own.q);
      sweep.draw(k, Lambda[own.f]!, small, sigma, zBorder, z);
    }
  };
  /** The relative factors at the covariances and sigma of now. */
  const refresh = (): void => {
    for (let g = 0; g < covariances.length; g += 1) {
      covariances[g]!.logPrior();
      covariances[g]!.factor(sigma, Lambda[g]!);
    }
  };
  const load = (state: State): void => {
    for (let g = 0; g < uNames.length; g += 1) views[g] = state.at[uNames[g]!]!;
    gather(products, views, state.at['beta']!, sweep.x);
    for (let k = beta; k < size; k += 1) sweep.x[k] = sweep.x[k]! - reference[k]!;
    sweep.readBorder();
    sigma = knownScale ? 1 : state.at['sigma']![0]!;
    for (const covariance of covariances) covariance.read(state);
  };
  const store = (state: State): void => {
    for (let k = beta; k < size; k += 1) sweep.x[k] = sweep.x[k]! + reference[k]!;
    scatter(products, sweep.x, views, state.at['beta']!);
  };

  return {
    name: 'crossed',
    updates: [
      ...covariances.flatMap(({ names }) => names),
      ...uNames,
      ...(p > 0 ? ['beta'] : []),
      ...(knownScale ? [] : ['sigma']),
    ],
    why: sentence(
      layout.large.map(({ f: each }) => groupTerms[each]!.factor),
      rate,
      sweeps,
    ),
    stats: [],
    init(state, rng) {
      // Far from coefficients that fit, a slice along log tau reaches sds that no digits are left for: a chain starts
      // from a draw of them.
      load(state);
      one(rng, false);
      one(rng, false);
      store(state);
    },
    step(state, rng) {
      load(state);
      for (let s = 0; s < sweeps; s += 1) one(rng, true);
      for (const covariance of covariances) covariance.write(state);
      if (!knownScale) state.at['sigma']![0] = sigma;
      store(state);
    },
  };
}

function sentence(large: readonly string[], rate: number, sweeps: number): string {
  const times = sweeps === 1 ? 'one sweep a draw' : `${sweeps} sweeps a draw`;
  return `${large.join(', ')} in turn given the others, with beta and the small factors, so that nothing large is factored; the slowest direction keeps ${rate.toFixed(2)} of itself a sweep, hence ${times}`;
}
