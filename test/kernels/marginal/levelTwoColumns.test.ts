import { describe, expect, it } from 'vitest';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../../src/mcmc/draws.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';

/** Groups whose means go with a column of theirs, beside a column of rows; every other one with one row far off. */
function levelTwoRows(seed: number) {
  const rng = createRng([seed]);
  const J = 4 + Math.floor(8 * rng.uniform());
  const each = 4 + Math.floor(10 * rng.uniform());
  const tau = [0, 0.05, 0.5, 2][seed % 4]!;
  const column = Array.from({ length: J }, (_, j) => (seed % 3 === 0 ? 1.5 * j : rng.normal()));
  const deviation = Array.from({ length: J }, () => tau * rng.normal());
  const rows = Array.from({ length: J * each }, (_, i) => {
    const j = i % J;
    const y = column[j]! + deviation[j]! + rng.normal();
    return { g: `g${j}`, h: `h${Math.floor(i / J) % 3}`, x: rng.normal(), z: column[j]!, y };
  });
  if (seed % 2 === 0) rows[Math.floor(rows.length / 2)]!.y = 80;
  return rows;
}

/**
 * Of 15 or more degrees of freedom the posterior of sigma lies about the REML estimate: its median is within a factor
 * of 2 of it. Where a level-2 column loses its digits at sds 1e9 times sigma, a fit that took the failed factor for one
 * of no residual had sigma at 1e-162 in half of these.
 */
describe('a level-2 column beside a column of rows', () => {
  it.each(['y ~ x + z + (1 | g)', 'y ~ x * z + (1 + x | g)', 'y ~ x + z + (1 | g) + (1 | h)'])(
    'leaves sigma where the rows have it: %s',
    (text) => {
      for (let seed = 1; seed <= 6; seed += 1) {
        const rows = levelTwoRows(seed);
        const reml = maximumLikelihood(text, rows).sigma!;
        const { draws } = sampleSync(text, rows, { seed: 1, chains: 1, warmup: 100, iterations: 100 });
        const { offset } = draws.variables.find(({ name }) => name === 'sigma')!;
        const median = scalarDraws(draws, offset).slice().sort()[50]! / reml;
        expect(median, `seed ${seed}`).toBeGreaterThan(0.5);
        expect(median, `seed ${seed}`).toBeLessThan(2);
      }
    },
  );
});
