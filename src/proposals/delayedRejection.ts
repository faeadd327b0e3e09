import { exp } from '../elementary.ts';
import type { Rng } from '../random/rng.ts';

/*
 * Delayed rejection (Tierney & Mira 1999, section 2): an independent proposal z is tried first, and where it is
 * refused, a walk from x to y that is symmetric, or as likely forth as back under a density f (f = 1 where symmetric).
 * The chain needs walks only where the proposal's density is too small, and there nearly every independent point is
 * refused. Arguments are logarithms: of importance weights pi / q, and of ratios of pi, all up to one constant.
 */

/** a(x, z) = min(1, w(z) / w(x)): the chance that the independent point is taken, w = pi / q. */
export function independentChance(at: number, here: number): number {
  return exp(Math.min(0, at - here));
}

/**
 * Whether the walk to y is taken after z was refused: with chance min(1, h(y) (1 - a(y, z)) / (h(x) (1 - a(x, z)))), h
 * = pi / f, as a walk back would come only after the same refusal. `height` is log h(y) / h(x), `there` log w(y),
 * `refused` log w(z), `chance` a(x, z).
 */
export function takesWalk(height: number, there: number, refused: number, chance: number, rng: Rng): boolean {
  return rng.uniform() * (1 - chance) < exp(height) * (1 - independentChance(refused, there));
}
