import { pathToFileURL } from 'node:url';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { effects } from '../../src/summary/effects/effects.ts';
import type { EffectGroups } from '../../src/summary/effects/pointSums.ts';

const GROUPS: readonly EffectGroups[] = ['average', 'population', 'new'];
const LEVEL = 0.9;
const [BETA, SLOPE, TAU] = [-0.5, 0.8, 0.8];
const [J, EACH] = [30, 12];

const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));
const steepness = (eta: number): number => logistic(eta) * logistic(-eta);
/** E steepness(eta + tau z) by the trapezoidal rule. */
const averaged = (eta: number): number => {
  let sum = 0;
  for (let k = -80; k <= 80; k++) sum += (Math.exp(-((k / 10) ** 2) / 2) / 10) * steepness(eta + (TAU * k) / 10);
  return sum / Math.sqrt(2 * Math.PI);
};

/** How many of the intervals of `count` data sets held the average marginal effect that the data were made with. */
export function effectsCoverage(engine: 'ml' | 'draws', count: number, seed: number): Record<EffectGroups, number> {
  const held: Record<EffectGroups, number> = { average: 0, population: 0, new: 0 };
  const model = formula('y ~ x + (1 | g)', { family: 'binomial' });
  for (let set = 0; set < count; set++) {
    const rng = createRng([seed, set]);
    const u = Array.from({ length: J }, () => TAU * rng.normal());
    const rows = u.flatMap((deviation, j) =>
      Array.from({ length: EACH }, () => {
        const x = rng.normal();
        const p = logistic(BETA + SLOPE * x + deviation);
        return { x, g: `g${j}`, y: rng.uniform() < p ? 1 : 0 };
      }),
    );
    const mean = (of: (x: number, j: number) => number): number =>
      rows.reduce((sum, { x }, i) => sum + (SLOPE * of(x, Math.floor(i / EACH))) / rows.length, 0);
    const truth: Record<EffectGroups, number> = {
      average: mean((x, j) => steepness(BETA + SLOPE * x + u[j]!)),
      population: mean((x) => steepness(BETA + SLOPE * x)),
      new: mean((x) => averaged(BETA + SLOPE * x)),
    };
    const fit =
      engine === 'ml'
        ? maximumLikelihood(model, { rows })
        : sampleSync(model, { rows }, { seed: set, chains: 1, warmup: 200, iterations: 500 });
    for (const groups of GROUPS) {
      const { lower, upper } = effects(fit, 'x', { groups, level: LEVEL }).rows[0]!;
      if (lower! <= truth[groups] && truth[groups] <= upper!) held[groups] += 1;
    }
  }
  return held;
}

// npx tsx test/statistical/effectsCoverage.ts [ml|draws] [data sets, 500] [seed, 1]
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const engine = process.argv[2] === 'draws' ? 'draws' : 'ml';
  const count = Number(process.argv[3] ?? 500);
  const held = effectsCoverage(engine, count, Number(process.argv[4] ?? 1));
  for (const groups of GROUPS) console.log(`${groups}: ${held[groups]} of ${count} intervals of probability ${LEVEL}`);
}
