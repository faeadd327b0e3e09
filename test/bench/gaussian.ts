/**
 * What sampling costs: draws and effective draws per CPU second of the Gaussian models, all parameters and every group's coefficients included, one
 * thread, fixed seeds; and the time of a sweep with every row copied 100 times over that of one copy. Prints a Markdown table.
 * Run by `npm run bench`; data from test/fixtures/data. `npm run bench -- 20000` for longer chains.
 */
import type { Frame, Table } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { cpuSeconds, read, smallest } from './measure.ts';

const iterations = Number(process.argv[2] ?? 5000);
const seed = 20260101;
const models: readonly [string, string][] = [
  ['radon_arm', 'log_radon ~ floor + (1 | county)'],
  ['radon_arm', 'log_radon ~ floor * log_uranium + (1 + floor | county)'],
  ['hsb', 'mathach ~ ses * sector + (1 + ses | school)'],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)'],
  ['oneway_tiny', 'y ~ 1 + (1 | group)'],
  ['exam', 'normexam ~ standLRT + sex + (standLRT + sex | school)'],
  ['penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)'],
  ['pastes', 'strength ~ 1 + (1 | batch/cask)'],
];

const fixed = (value: number, digits: number): string => value.toFixed(digits);

console.log(
  `4 chains, 1000 warm-up and ${iterations} recorded iterations each, seed ${seed}, Node ${process.version}\n`,
);
console.log(
  '| data | model | kernels | draws/s | ESS per draw, bulk | tail | min ESS/s, bulk | tail | start and warm-up, s |',
);
console.log('|---|---|---|---:|---:|---:|---:|---:|---:|');
for (const [name, text] of models) {
  const rows = read(name);
  for (const kernels of ['marginal', 'gibbs']) {
    const graph = formula(text, {});
    // Once to let the engine compile, then measured.
    sampleSync(graph, { rows }, { chains: 1, warmup: 200, iterations: 500, seed, kernels });
    const fit = sampleSync(graph, { rows }, { iterations, seed, kernels, clock: cpuSeconds });
    const { warmupSeconds, samplingSeconds } = fit.sampling;
    const draws = 4 * iterations;
    const { bulk, tail } = smallest(fit);
    const perSecond = (value: number): string => Math.round(value / samplingSeconds!).toLocaleString('en');
    console.log(
      `| ${name} | \`${text.replaceAll('|', '\\|')}\` | ${kernels} | ${perSecond(draws)} | ${fixed(bulk / draws, 2)} | ${fixed(tail / draws, 2)} | ${perSecond(bulk)} | ${perSecond(tail)} | ${fixed(warmupSeconds!, 2)} |`,
    );
  }
}

/** Every row of a frame `copies` times. */
function repeated(frame: Frame, copies: number): Table {
  return Object.fromEntries(
    [...frame.columns].map(([name, { values }]) => [
      name,
      Array.from({ length: copies }, () => Array.from<string | number | null>(values)).flat(),
    ]),
  );
}

console.log('\n| sweeps over the rows of radon_arm copied | seconds for 4 x 5000 recorded sweeps | ratio |');
console.log('|---|---:|---:|');
const radon = read('radon_arm');
let once = 0;
for (const copies of [1, 100]) {
  const rows = repeated(radon, copies);
  const graph = formula('log_radon ~ floor * log_uranium + (1 + floor | county)', {});
  const times = [1, 2, 3].map(
    () =>
      sampleSync(graph, { rows }, { warmup: 500, iterations: 5000, seed, clock: cpuSeconds }).sampling.samplingSeconds!,
  );
  const best = Math.min(...times);
  if (copies === 1) once = best;
  console.log(`| ${copies} | ${fixed(best, 3)} | ${fixed(best / once, 2)} |`);
}
