import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { lkj, type Prior, uniform } from '../../../src/graph/priors.ts';
import { scalarDraws } from '../../../src/mcmc/draws.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';

/** J groups of m rows, x about `shift`. */
function slopes(J: number, m: number, shift: number, seed: number) {
  const rng = createRng([95, seed]);
  return Array.from({ length: J }, (_, j) => {
    const u = rng.normal();
    return Array.from({ length: m }, () => {
      const x = rng.normal();
      return { g: `g${j}`, x: x + shift, y: 2 + u + 0.5 * x + rng.normal() };
    });
  }).flat();
}

describe('bounds of a uniform prior that leave little room', () => {
  // Shift of the column; bounds of the two sds, and of sigma.
  const ranges: [string, number, Prior, Prior, Prior][] = [
    ['of the columns as written, far from zero', 40, uniform(0, 12.7), uniform(4.15, 4.29), uniform(0, 48)],
    [
      'of the columns as written, far from zero, sigma in a narrow one',
      -20,
      uniform(3, 90),
      uniform(2, 2.1),
      uniform(2.1, 2.11),
    ],
    ['near zero, sigma far from its residuals', 0, uniform(1.94, 5.19), uniform(0, 0.135), uniform(2.1, 2.11)],
    ['near zero, all far above the data', 0, uniform(194, 195), uniform(0, 13), uniform(210, 211)],
  ];
  const families = ['gaussian', 'studentT'] as const;
  const cases = families.flatMap((family) =>
    ranges.map(([name, ...each]) => [`${family}, ${name}`, family, ...each] as const),
  );
  it.each(cases)('are kept to, and have a chain start: %s', (_name, family, shift, intercept, slope, sigma) => {
    const priors = { 'tau_g[Intercept]': intercept, 'tau_g[x]': slope, corr_g: lkj(2), sigma };
    const rows = slopes(9, 4, shift, 1);
    const graph = formula('y ~ x + (1 + x | g)', { family, priors });
    const { draws } = sampleSync(graph, { rows }, { seed: 3, chains: 2, iterations: 200, warmup: 50 });
    const all = (name: string, k: number): Float64Array =>
      scalarDraws(draws, draws.variables.find((variable) => variable.name === name)!.offset + k);
    for (const [values, prior] of [
      [all('tau_g', 0), intercept],
      [all('tau_g', 1), slope],
      [all('sigma', 0), sigma],
    ] as const) {
      if (prior.distribution !== 'uniform') throw new Error('not bounded');
      const { low, high } = prior;
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
      expect(Math.max(...values)).toBeLessThanOrEqual(high);
      expect(new Set(values).size).toBeGreaterThan(20);
    }
  });
});
