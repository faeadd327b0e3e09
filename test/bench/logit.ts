/**
 * What sampling logit models costs: draws and effective draws per CPU second, all parameters and every group's coefficients included, one thread, fixed
 * seeds, by both engines. Prints a Markdown table. `node --import tsx test/bench/logit.ts 2000 whitened` for other lengths and one engine alone.
 * Data from test/fixtures/data; the rare events and the million voters are generated.
 */
import type { Frame, Table } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfCauchy, lkj, normal, type Prior } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { logitData } from '../statistical/logitData.ts';
import { cpuSeconds, read, smallest } from './measure.ts';

const iterations = Number(process.argv[2] ?? 2000);
const engines = process.argv[3] ? [process.argv[3]] : ['whitened', 'polyaGamma'];
const seed = 20260101;

/** A million 0/1 voters in 50 states and 40 demographic cells (5 ages, 4 educations, 2 sexes). */
function millionVoters(): Table {
  const rng = createRng([seed]);
  const levels = Array.from({ length: 50 }, () => 0.5 * rng.normal());
  const n = 1_000_000;
  const columns: Record<string, (number | string)[]> = { vote: [], state: [], age: [], edu: [], female: [] };
  for (let i = 0; i < n; i += 1) {
    const state = Math.floor(50 * rng.uniform());
    const age = Math.floor(5 * rng.uniform());
    const edu = Math.floor(4 * rng.uniform());
    const female = rng.uniform() < 0.5 ? 1 : 0;
    const eta = 0.1 + levels[state]! - 0.1 * age + 0.15 * edu - 0.2 * female;
    columns['vote']!.push(rng.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0);
    columns['state']!.push(`s${state}`);
    columns['age']!.push(`a${age}`);
    columns['edu']!.push(`e${edu}`);
    columns['female']!.push(female);
  }
  return columns;
}

const beta = normal(0, 100);
const tau = halfCauchy(2.5);
const models: readonly [string, string, () => Frame | Table, Record<string, Prior>][] = [
  [
    'contraception',
    'use ~ age + urban + livch + (1 | district)',
    () => read('contraception'),
    { beta, tau_district: tau },
  ],
  [
    'contraception',
    'use ~ age + urban + livch + (1 + urban | district)',
    () => read('contraception'),
    { beta, tau_district: tau, corr_district: lkj(2) },
  ],
  [
    'voters_sim',
    'y ~ income * avgincome + (1 + income | state)',
    () => read('voters_sim'),
    { beta, tau_state: tau, corr_state: lkj(2) },
  ],
  [
    'verbagg',
    'r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)',
    () => read('verbagg'),
    { beta, tau_id: tau, tau_item: tau },
  ],
  [
    '1% of 1e4, 100 groups',
    'y | trials(n) ~ 1 + (1 | g)',
    () => logitData(2, 100, () => [[100, 0]], -4.6, 1),
    { beta, tau_g: tau },
  ],
  [
    '0.1% of 1e5, 100 groups',
    'y | trials(n) ~ 1 + (1 | g)',
    () => logitData(1, 100, () => [[1000, 0]], -7, 1),
    { beta, tau_g: tau },
  ],
  ['1e6 voters, 50 x 40 cells', 'vote ~ age + edu + female + (1 | state)', millionVoters, { beta, tau_state: tau }],
];

const fixed = (value: number, digits: number): string => value.toFixed(digits);

console.log(
  `4 chains, 500 warm-up and ${iterations} recorded iterations each, seed ${seed}, Node ${process.version}\n`,
);
console.log(
  '| data | model | engine | draws/s | ESS per draw, bulk | tail | min ESS/s, bulk | tail | warm-up, s | in all, s |',
);
console.log('|---|---|---|---:|---:|---:|---:|---:|---:|---:|');
for (const [name, text, load, priors] of models) {
  const rows = load();
  for (const kernels of engines) {
    const graph = formula(text, { family: 'binomialLogit', priors });
    const before = cpuSeconds();
    const fit = sampleSync(graph, { rows }, { warmup: 500, iterations, seed, kernels, clock: cpuSeconds });
    const all = cpuSeconds() - before;
    const { warmupSeconds, samplingSeconds } = fit.sampling;
    const draws = 4 * iterations;
    const { bulk, tail } = smallest(fit);
    const perSecond = (value: number): string => Math.round(value / samplingSeconds!).toLocaleString('en');
    console.log(
      `| ${name} | \`${text.replaceAll('|', '\\|')}\` | ${kernels} | ${perSecond(draws)} | ${fixed(bulk / draws, 2)} | ${fixed(tail / draws, 2)} | ${perSecond(bulk)} | ${perSecond(tail)} | ${fixed(warmupSeconds!, 2)} | ${fixed(all, 2)} |`,
    );
  }
}
