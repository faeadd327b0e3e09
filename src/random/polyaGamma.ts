import { exp, log1p } from '../elementary.ts';
import { ModelError } from '../errors.ts';
import { polyaGammaAlternate, polyaGammaPieces } from './polyaGammaAlternate.ts';
import { polyaGammaDevroye } from './polyaGammaDevroye.ts';
import { polyaGammaGammas } from './polyaGammaGammas.ts';
import type { Rng } from './rng.ts';

export interface PolyaGammaOptions {
  /** Forbids approximation: every draw is a sum of exact pieces, at a cost that grows with n. Default false. */
  readonly exact?: boolean;
}

/**
 * While n log(1 + exp(-|z|)) is at most this, one exact piece takes at most e proposals on average: as quick as gammas.
 */
const ONE_PIECE = 1;
/** From these n on one, two, three gammas are taken in place of PG(n, z). */
const THREE_GAMMAS = 4;
const TWO_GAMMAS = 12;
const ONE_GAMMA = 1000;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

function draw(n: number, z: number, exact: boolean, rng: Rng): number {
  if (n === 1) return polyaGammaDevroye(z, rng);
  if (n < 1) return polyaGammaAlternate(n, z, rng);
  const size = Math.abs(z);
  const power = exp(-size);
  const decay = log1p(power);
  if (exact || n < THREE_GAMMAS || n * decay <= ONE_PIECE) return polyaGammaPieces(n, size, decay, rng);
  return polyaGammaGammas(n, size, power, n < TWO_GAMMAS ? 3 : n < ONE_GAMMA ? 2 : 1, rng);
}

function wrongArgument(place: string, value: number, accepted: string): ModelError {
  return new ModelError('polya-gamma', place, `polyaGamma: ${place} is ${value}; ${accepted}`);
}

function isShape(n: number): boolean {
  return n > 0 && n < Number.POSITIVE_INFINITY;
}

const SHAPE = 'it is a positive finite number';
const TILT = 'it is a finite number';

/**
 * A draw from the Polya-Gamma distribution PG(n, z), any real n > 0 and any z (Polson, Scott & Windle 2013): Laplace
 * transform cosh(z / 2)^n / cosh(sqrt(z^2 / 4 + t / 2))^n, mean n tanh(z / 2) / (2 z). Never 0.
 *
 * | regime | method | error |
 * |---|---|---|
 * | n = 1 | series rejection (polyaGammaDevroye) | none |
 * | n < 4, n log(1 + exp(-abs(z))) <= 1, or `exact` | sum of pieces by the alternate method (polyaGammaPieces) | none |
 * | 4 <= n < 12 | three gammas and a constant, seven cumulants right (polyaGammaGammas) | H^2 <= 3e-10 |
 * | 12 <= n < 1000 | two, five cumulants right | H^2 <= 1e-9 |
 * | n >= 1000 | one, three cumulants right | H^2 <= 1e-9 |
 *
 * H^2 is the squared Hellinger distance of a draw. At 1e-9 a million draws are within total variation sqrt(2e6 H^2) =
 * 0.045 of a million from PG(n, z): whatever a test looks at, it rejects with at most that much more than its level.
 * The exact methods replace those of Windle, Polson & Scott (2014) below n = 13, the gammas their saddlepoint and
 * normal approximations.
 * Throws a ModelError when n is not positive and finite, or z is not finite.
 */
export function polyaGamma(n: number, z: number, rng: Rng, options?: PolyaGammaOptions): number {
  if (!isShape(n)) throw wrongArgument('n', n, SHAPE);
  if (!Number.isFinite(z)) throw wrongArgument('z', z, TILT);
  return Math.max(draw(n, z, options?.exact ?? false, rng), SMALLEST_NORMAL);
}

/**
 * out[i] ~ PG(n[i], z[i]), independent, for every i of `out`; the same stream as `polyaGamma` called in turn. Allocates
 * nothing.
 * Throws a ModelError when `n` or `z` is shorter than `out`, or as `polyaGamma` does, with `out` filled up to the entry
 * it names.
 */
export function polyaGammaFill(
  n: ArrayLike<number>,
  z: ArrayLike<number>,
  out: Float64Array,
  rng: Rng,
  options?: PolyaGammaOptions,
): void {
  const count = out.length;
  if (n.length < count) throw wrongArgument('n.length', n.length, `out has ${count} entries, n has as many`);
  if (z.length < count) throw wrongArgument('z.length', z.length, `out has ${count} entries, z has as many`);
  const exact = options?.exact ?? false;
  for (let i = 0; i < count; i++) {
    const shape = n[i]!;
    const tilt = z[i]!;
    if (!isShape(shape)) throw wrongArgument(`n[${i}]`, shape, SHAPE);
    if (!Number.isFinite(tilt)) throw wrongArgument(`z[${i}]`, tilt, TILT);
    out[i] = Math.max(draw(shape, tilt, exact, rng), SMALLEST_NORMAL);
  }
}
