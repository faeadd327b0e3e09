/**
 * CPU time of a binomial fit, from formula text and columns to the fit, beside lme4's glmer in the same run when
 * Rscript is there (CPU, so that other jobs on the machine do not count; `first` is CPU too and includes the compiling
 * of our code by the engine):
 *   npx tsx test/bench/generalized.ts [folder with the data sets]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../src/data/csv.ts';
import { formula } from '../../src/formula/formula.ts';
import { type MaximumLikelihoodOptions, maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, '../fixtures/data');
const cases: readonly (readonly [string, string, string, MaximumLikelihoodOptions])[] = [
  ['contraception_ri', 'contraception', 'use ~ age + urban + livch + (1 | district)', {}],
  ['contraception_agq9', 'contraception', 'use ~ age + urban + livch + (1 | district)', { method: 'agq', points: 9 }],
  ['contraception_rs', 'contraception', 'use ~ age + urban + livch + (1 + urban | district)', {}],
  ['voters_rs', 'voters_sim', 'y ~ income * avgincome + (1 + income | state)', {}],
  ['verbagg', 'verbagg', 'r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)', {}],
];

const peer = glmerSeconds();
console.log('case                  first ms   median ms   evaluations   glmer ms   ratio');
for (const [name, file, text, options] of cases) {
  const rows = parseCsv(readFileSync(join(folder, `${file}.csv`), 'utf8'), file);
  const run = (): number =>
    maximumLikelihood(formula(text, { family: 'binomialLogit' }), { rows }, options).convergence.evaluations;
  const first = cpu(run);
  const until = performance.now() + 1500;
  while (performance.now() < until) run();
  const times = Array.from({ length: 7 }, () => cpu(run)).sort((a, b) => a - b);
  const median = times[3]!;
  const glmer = peer?.[name];
  const beside =
    glmer === undefined
      ? ''
      : `${(1000 * glmer).toFixed(0).padStart(11)}${((1000 * glmer) / median).toFixed(1).padStart(8)}`;
  console.log(
    `${name.padEnd(20)}${first.toFixed(1).padStart(10)}${median.toFixed(1).padStart(12)}${String(run()).padStart(14)}${beside}`,
  );
}

function cpu(action: () => unknown): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function glmerSeconds(): Record<string, number> | null {
  try {
    const out = execFileSync('Rscript', [join(here, 'generalized.R'), folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(out) as Record<string, number>;
  } catch {
    return null;
  }
}
