/**
 * Draws per second of the Polya-Gamma generator by regime, and of the truncated normal: the best of several rounds in
 * processor time, so that a busy machine disturbs little.
 *
 * Run: npx tsx test/bench/polyaGamma.ts [draws per round]
 */
import { polyaGamma, polyaGammaFill } from '../../src/random/polyaGamma.ts';
import { createRng } from '../../src/random/rng.ts';
import { truncatedNormal, truncatedNormalAbove } from '../../src/random/truncatedNormal.ts';

const draws = Number(process.argv[2] ?? 200_000);
const ROUNDS = 7;
const rng = createRng([20260101, 0]);
let sink = 0;

function nanoseconds(count: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    work();
    best = Math.min(best, (1000 * process.cpuUsage(start).user) / count);
  }
  return best;
}

function report(name: string, ns: number): void {
  console.log(`${name.padEnd(52)} ${ns.toFixed(0).padStart(8)} ns ${(1000 / ns).toFixed(2).padStart(7)} M/s`);
}

function time(name: string, draw: () => number, count = draws): void {
  report(
    name,
    nanoseconds(count, () => {
      for (let i = 0; i < count; i++) sink += draw();
    }),
  );
}

time('uniform', rng.uniform);
time('normal', rng.normal);
time('gamma(5)', () => rng.gamma(5, 1));

const out = new Float64Array(draws);
for (const z of [0, 1, 2, 5, 700]) {
  const n = new Float64Array(draws).fill(1);
  const tilt = new Float64Array(draws).fill(z);
  report(
    `PG(1, ${z}), fill`,
    nanoseconds(draws, () => polyaGammaFill(n, tilt, out, rng)),
  );
}
for (const [n, z, method] of [
  [0.001, 0, 'one piece'],
  [0.5, 1, 'one piece'],
  [2, 0, 'units'],
  [2, 2, 'one piece'],
  [3.5, 0, 'units and a piece'],
  [3, 2, 'one piece'],
  [4, 0, 'three gammas'],
  [11, 1, 'three gammas'],
  [12, 0, 'two gammas'],
  [100, 2, 'two gammas'],
  [50, 5, 'one piece'],
  [1000, 0, 'one gamma'],
  [1e6, 5, 'one gamma'],
  [1e6, 20, 'one piece'],
] as const) {
  time(`PG(${n}, ${z}), ${method}`, () => polyaGamma(n, z, rng));
}
for (const [n, z] of [
  [4, 0],
  [4, 2],
  [10, 1],
  [100, 0],
  [100, 4],
] as const) {
  time(`PG(${n}, ${z}), exact`, () => polyaGamma(n, z, rng, { exact: true }), Math.ceil((4 * draws) / n));
}
for (const a of [-2, 0, 1, 40]) time(`normal above ${a}`, () => truncatedNormalAbove(0, 1, a, rng));
for (const [a, b] of [
  [-1, 1],
  [0.1, 0.2],
  [2, 3],
  [-40, -39],
] as const) {
  time(`normal between ${a} and ${b}`, () => truncatedNormal(0, 1, a, b, rng));
}
if (!Number.isFinite(sink)) throw new Error('a draw was not finite');
