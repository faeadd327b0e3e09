/**
 * Yes and no of two crossed factors, one chain: what is ready before the first draw, and effective draws a CPU second of
 * the parameter and of the effect that have fewest, of the built package: `npm run build` and `npx tsx
 * test/bench/crossedCounts.ts` (a minute). The data are simulated, seeded.
 */
import { cpuSeconds, phaseMarks } from './cpuSeconds.ts';

// As users run it: what compiles the sources of a test as they are loaded makes them slower.
const built = (name: string): string => new URL(`../../dist/${name}.js`, import.meta.url).href;
const { createRng, drawVariables, sample } = (await import(built('index'))) as typeof import('../../src/index.ts');
const { essBulk } = (await import(built('diagnostics'))) as typeof import('../../diagnostics/index.ts');

const CASES = [
  { rows: 1e4, levels: [400, 150], intercept: -0.5, draws: 1000 },
  { rows: 1e5, levels: [10_000, 1000], intercept: -0.5, draws: 1000 },
  { rows: 1e5, levels: [10_000, 1000], intercept: -5, draws: 600 },
] as const;
const WARMUP = 150;

function simulated({ rows, levels: [Ja, Jb], intercept }: (typeof CASES)[number]) {
  const rng = createRng([3]);
  const [u, v] = [Ja, Jb].map((J) => Array.from({ length: J }, () => rng.normal()));
  const data = { y: [] as number[], x: [] as number[], a: [] as number[], b: [] as number[] };
  for (let i = 0; i < rows; i += 1) {
    const [a, b, x] = [Math.floor(rng.uniform() * Ja), Math.floor(rng.uniform() * Jb), rng.normal()];
    const eta = intercept + 0.3 * x + u![a]! + v![b]!;
    data.y.push(rng.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0);
    data.x.push(x);
    data.a.push(a);
    data.b.push(b);
  }
  return data;
}

for (const each of CASES) {
  const data = simulated(each);
  const rare = (100 * data.y.reduce((sum, value) => sum + value, 0)) / each.rows;
  const start = cpuSeconds();
  const { marks, onProgress } = phaseMarks();
  const size = { chains: 1, warmup: WARMUP, iterations: each.draws, workers: false, seed: 1 } as const;
  const fit = await sample('y ~ x + (1 | a) + (1 | b)', data, { ...size, family: 'binomial', onProgress });
  const spent = cpuSeconds() - marks.drawing;
  const least = (names: readonly string[]): number =>
    drawVariables(fit, names).reduce((most, { chains }) => Math.min(most, essBulk(chains)), Infinity) / spent;
  console.log(
    `${each.levels.join(' x ')} levels, ${each.rows} rows, ${rare.toFixed(1)}% successes, ${fit.sampling.kernels[0]!.name}: ` +
      `ready after ${(marks.ready - start).toFixed(1)} s CPU, ${((1000 * spent) / each.draws).toFixed(2)} ms a draw; effective draws a CPU second: ` +
      `${least(['beta', 'tau_a', 'tau_b']).toFixed(0)} of beta and sds, ${least(['u_a', 'u_b']).toFixed(0)} of the effects`,
  );
}
