/**
 * What sampling costs, ours alone: draws and effective draws per CPU second of recorded sampling, over all parameters
 * and every group's coefficients, one thread, fixed seeds; then the time of a sweep with every row copied 100 times
 * over that of one copy. Prints Markdown tables. Run by `npm run bench`; data from test/fixtures/data, the rare events
 * and the million voters generated. `npm run bench -- 20000 hsb,voters_sim marginal,auto` for other lengths, models and
 * kernels.
 */
import { cpus, loadavg } from 'node:os';
import type { Frame, Table } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { halfCauchy, normal, type Prior } from '../../src/graph/priors.ts';
import { createRng } from '../../src/random/rng.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { logitData } from '../statistical/logitData.ts';
import { measure, run } from './measure.ts';
import { benchGraph, models, repeated } from './models.ts';

const iterations = Number(process.argv[2] ?? 20_000);
const chosen = (process.argv[3] ?? '').split(',').filter((name) => name !== '' && name !== 'all');
const kernelsGiven = process.argv[4]?.split(',');
const seed = 20260101;

interface Row {
  readonly name: string;
  readonly text: string;
  readonly graph: ModelGraph;
  readonly load: () => Frame | Table;
  readonly kernels: readonly string[];
}

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

const GAUSSIAN = ['marginal', 'gibbs'];
const LOGIT = ['whitened', 'polyaGamma'];

/** A row with default priors where none are given; only those of `models` stand beside the peers. */
function gaussianRow(file: string, text: string): Row {
  return { name: file, text, graph: formula(text), load: () => fixtureFrame(file), kernels: GAUSSIAN };
}

function logitRow(
  name: string,
  text: string,
  factors: readonly string[],
  load: Row['load'],
  kernels: readonly string[] = LOGIT,
): Row {
  const priors: Record<string, Prior> = { beta: normal(0, 100) };
  for (const factor of factors) priors[`tau_${factor}`] = halfCauchy(2.5);
  return { name, text, graph: formula(text, { family: 'binomialLogit', priors }), load, kernels };
}

const rare = 'y | trials(n) ~ 1 + (1 | g)';
const rows: readonly Row[] = [
  ...models.map((model) => ({
    name: model.name,
    text: model.text,
    graph: benchGraph(model, 'half-Cauchy and LKJ'),
    load: () => fixtureFrame(model.file),
    kernels: model.family === 'gaussian' ? GAUSSIAN : LOGIT,
  })),
  gaussianRow('exam', 'normexam ~ standLRT + sex + (standLRT + sex | school)'),
  gaussianRow('penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)'),
  gaussianRow('pastes', 'strength ~ 1 + (1 | batch/cask)'),
  logitRow('verbagg', 'r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)', ['id', 'item'], () =>
    fixtureFrame('verbagg'),
  ),
  logitRow('1% of 1e4, 100 groups', rare, ['g'], () => logitData(2, 100, () => [[100, 0]], -4.6, 1)),
  logitRow('0.1% of 1e5, 100 groups', rare, ['g'], () => logitData(1, 100, () => [[1000, 0]], -7, 1)),
  logitRow('1e6 voters, 50 x 40 cells', 'vote ~ age + edu + female + (1 | state)', ['state'], millionVoters),
];

const size = { chains: 4, warmup: 1000, iterations, seed };
const fixed = (value: number): string => value.toFixed(2);

console.log(
  `4 chains of 1000 warm-up and ${iterations} recorded iterations, one thread, seed ${seed}; ${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${loadavg()[0]!.toFixed(1)} at the start, Node ${process.version}. Seconds are CPU seconds; min and median are over parameters.\n`,
);
console.log(
  '| model | kernels | draws/s | min ESS per draw, bulk | tail | ESS/s, bulk: min | median | tail: min | median | start, s | warm-up, s |',
);
console.log('|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
for (const { name, text, graph, load, kernels } of rows) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const table = load();
  for (const rule of kernelsGiven ?? kernels) {
    const { startSeconds, warmupSeconds, samplingSeconds, draws, bulk, tail } = measure(graph, table, size, rule);
    const perSecond = (value: number): string => Math.round(value / samplingSeconds).toLocaleString('en');
    const cells = [
      `${name}, \`${text.replaceAll('|', '\\|')}\``,
      rule,
      perSecond(draws),
      ...[bulk, tail].map(({ min }) => fixed(min / draws)),
      ...[bulk, tail].flatMap(({ min, median }) => [perSecond(min), perSecond(median)]),
      fixed(startSeconds),
      fixed(warmupSeconds),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

if (chosen.length === 0) {
  console.log('\n| sweeps over the rows of radon_arm copied | seconds for 4 x 5000 recorded sweeps | ratio |');
  console.log('|---|---:|---:|');
  const graph = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');
  const sweeps = { chains: 4, warmup: 500, iterations: 5000, seed };
  let once = 0;
  for (const copies of [1, 100]) {
    const table = repeated(fixtureFrame('radon_arm'), copies);
    const best = Math.min(...[1, 2, 3].map(() => run(graph, table, sweeps, 'auto').samplingSeconds));
    if (copies === 1) once = best;
    console.log(`| ${copies} | ${best.toFixed(3)} | ${fixed(best / once)} |`);
  }
}
