/**
 * CPU time of a REML fit, from formula text and columns to the fit, beside lme4's lmer in the same run when Rscript is
 * there (CPU, so that other jobs on the machine do not count; `first` is wall time and includes the compiling of our
 * code by the engine):
 *   npx tsx test/bench/likelihood.ts [folder with the data sets]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../src/data/csv.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, '../fixtures/data');
const cases: readonly (readonly [string, string, string])[] = [
  ['radon', 'radon_arm', 'log_radon ~ floor * log_uranium + (1 + floor | county)'],
  ['hsb', 'hsb', 'mathach ~ ses * factor(sector, ref = "Public") + (1 + ses | school)'],
  ['sleepstudy', 'sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)'],
  ['penicillin', 'penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)'],
  ['insteval_sub', 'insteval_sub', 'y ~ service + (1 | s) + (1 | d)'],
];

const peer = lme4Seconds();
console.log('case          first ms   median ms   evaluations   lmer ms   ratio');
for (const [name, file, text] of cases) {
  const path = join(folder, `${file}.csv`);
  if (!existsSync(path)) {
    console.log(`${name.padEnd(14)}no ${file}.csv in ${folder}`);
    continue;
  }
  const rows = parseCsv(readFileSync(path, 'utf8'), file);
  const run = (): number => maximumLikelihood(formula(text), { rows }).convergence.evaluations;
  const start = performance.now();
  const evaluations = run();
  const first = performance.now() - start;
  while (performance.now() - start < 1500) run();
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  const median = times.sort((a, b) => a - b)[7]!;
  const lmer = peer?.[name];
  const beside =
    lmer === undefined
      ? ''
      : `${(1000 * lmer).toFixed(1).padStart(10)}${((1000 * lmer) / median).toFixed(1).padStart(8)}`;
  console.log(
    `${name.padEnd(12)}${first.toFixed(1).padStart(10)}${median.toFixed(1).padStart(12)}${String(evaluations).padStart(14)}${beside}`,
  );
}

function lme4Seconds(): Record<string, number> | null {
  try {
    const out = execFileSync('Rscript', [join(here, 'likelihood.R'), folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(out) as Record<string, number>;
  } catch {
    return null;
  }
}
