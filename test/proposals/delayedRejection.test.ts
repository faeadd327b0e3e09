import { describe, expect, it } from 'vitest';
import { independentChance, takesWalk } from '../../src/proposals/delayedRejection.ts';
import { createRng, type Rng } from '../../src/random/rng.ts';

/** Log densities of target and proposal at four points, the last without a proposal. */
const LOG_PI = [-1.2, 0.4, -0.3, -2.0];
const LOG_Q = [-0.1, -2.5, 0.2, -Infinity];
const weight = (x: number): number => LOG_PI[x]! - LOG_Q[x]!;

/** The chance of a decision, by bisection over the uniform number that it draws. */
function chanceOf(decides: (rng: Rng) => boolean): number {
  const by = (u: number): boolean => decides({ ...createRng([1]), uniform: () => u });
  if (by(1 - 2 ** -53)) return 1;
  let [yes, no] = [0, 1];
  for (let i = 0; i < 60; i += 1) {
    const middle = 0.5 * (yes + no);
    if (by(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** Rate from x to y by a walk after z was refused, over what is common to both ways. */
function flow(x: number, y: number, z: number): number {
  const chance = independentChance(weight(z), weight(x));
  const taken = chanceOf((rng) => takesWalk(LOG_PI[y]! - LOG_PI[x]!, weight(y), weight(z), chance, rng));
  return Math.exp(LOG_PI[x]!) * (1 - chance) * taken;
}

describe('delayed rejection', () => {
  it('takes an independent point with the chance min(1, ratio of importance weights)', () => {
    expect(independentChance(weight(1), weight(0))).toBe(1);
    expect(independentChance(weight(0), weight(1))).toBeCloseTo(Math.exp(-1.1 - 2.9), 14);
    expect(independentChance(weight(0), weight(3))).toBe(0);
    expect(independentChance(-Infinity, weight(0))).toBe(0);
  });

  it('walks as often from x to y as back, whatever point was refused', () => {
    let flowing = 0;
    for (const z of [0, 1, 2]) {
      for (const [x, y] of [
        [0, 1],
        [0, 2],
        [1, 2],
        [0, 3],
        [1, 3],
        [2, 3],
      ] as const) {
        const there = flow(x, y, z);
        expect(there).toBeCloseTo(flow(y, x, z), 12);
        if (there > 0) flowing += 1;
      }
    }
    // Between points that both have more weight than z: from any other z is surely taken. Three pairs for z = 0, one
    // for z = 2.
    expect(flowing).toBe(4);
  });

  it('takes no walk to where the density is 0', () => {
    expect(chanceOf((rng) => takesWalk(-Infinity, -Infinity, weight(0), 0.5, rng))).toBe(0);
  });
});
