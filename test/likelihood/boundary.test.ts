import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../src/random/rng.ts';

/** A fit whose third deviation is the first less the second, and +-`apart` in turn beside. */
function fitOf(apart: number) {
  const rng = createRng([5]);
  const rows: { g: string; x: number; z: number; y: number }[] = [];
  for (let j = 0; j < 40; j++) {
    const [a, b] = [rng.normal(), rng.normal()];
    const c = a - b + (j % 2 === 0 ? apart : -apart);
    for (const [x, z] of [-1, 1].flatMap((s) => [-1, 1].map((t) => [s, t] as const))) {
      // Noise that is balanced within groups tells nothing of the deviations.
      for (const e of [-0.5, 0.5]) rows.push({ g: `g${j}`, x, z, y: 1 + a + b * x + c * z + e });
    }
  }
  return maximumLikelihood(formula('y ~ x + z + (1 + x + z | g)'), { rows });
}

const RANK_2 =
  'g: the covariance of Intercept, x, z is estimated with rank 2 of 3, the boundary: some combination of them does not vary.';

describe('an sd without end', () => {
  it('of a slope whose sign tells all successes of each level has no estimate, and says so', () => {
    const x = [-2, -1, 1, 2, -2, -1, 1, 2, -1, 1, -1, 1];
    const rows = { y: [0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0], x, g: [...'aaaabbbbccdd'] };
    const fit = () =>
      maximumLikelihood(
        formula('y ~ x + (0 + x | g)', { family: 'binomialLogit' }),
        { rows },
        { method: 'agq', points: 15 },
      );
    expect(fit).toThrow(
      /^y: the rows of every level of g that x acts on are, with x above 0 as with x below 0, only successes or only failures, so that the likelihood does not fall however large the sd of x/,
    );
  });
});

describe('the boundary of a covariance of three', () => {
  it('a third deviation made of the other two leaves rank 2, said in one sentence', () => {
    const fit = fitOf(0);
    expect(fit.boundary).toEqual([RANK_2]);
    const { Sigma } = fit.groups[0]!;
    for (let k = 0; k < 3; k++) expect(Math.abs(Sigma[6 + k]! - Sigma[k]! + Sigma[3 + k]!)).toBeLessThan(1e-6);
    expect(Sigma[0]).toBeGreaterThan(0.3);
    expect(Sigma[4]).toBeGreaterThan(0.3);
  });

  it('a variance so near 0 that the deviance tells it from 0 by less than 1e-7 is put there, and one a little larger is not', () => {
    // Beyond 0.391907 the third deviation varies by itself more than noise would have it.
    const near = fitOf(0.391904);
    expect(near.boundary).toEqual([RANK_2]);
    expect(near.theta[5]).toBe(0);
    const beyond = fitOf(0.3923);
    expect(beyond.boundary).toEqual([]);
    expect(beyond.theta[5]).toBeGreaterThan(0.01);
  });
});
