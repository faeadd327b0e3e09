/**
 * Simulation-based calibration of every family with every choice of kernels: `npm run calibrate`, 1 000 data sets a run
 * (some hours on two processors). `npm run calibrate -- --family logit` for one family (gaussian, logit, probit,
 * student, poisson, negativeBinomial, betaBinomial, ordinal; structured and crossed are families of samplers). Writes test/statistical/report/calibration-<family>.json
 * and .svg of every family it runs. `npm run calibrate -- 100 --case "J = 5" --rule whitened` for fewer data sets,
 * cases whose names hold a text, one rule: a part of a family writes nothing. Ends with status 1 when any ranks leave
 * their band.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Calibration, calibration, type Uniformity, uniformity } from './calibration.ts';
import { ecdfDifferences } from './calibrationReport.ts';
import { calibrationRuns, runName, runsByFamily } from './calibrationRuns.ts';
import { ecdfTest } from './ecdfBand.ts';
import { recordProof } from './proof.ts';

const WHOLE = 1000;
const DRAWS = 99;
const SEED = 20260701;
/** Of one family, so that it is 2.5% over all ten. */
const LEVEL = 0.0025;
/** What every claim says. */
const UNIFORM =
  'where parameters come from the prior and data from the model, the rank of every true value among draws is uniform.';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rule: { type: 'string' },
    case: { type: 'string' },
    family: { type: 'string' },
    processes: { type: 'string' },
    run: { type: 'string' },
  },
});
const dataSets = Number(positionals[0] ?? WHOLE);

/** A run by its place in the list, which fixes its seed. */
function calibrateRun(index: number): Calibration[] {
  const run = calibrationRuns[index]!;
  return calibration(run.given, { ...run, dataSets, draws: DRAWS, seed: SEED + 100_003 * index });
}

/** The same in a process of its own. */
function inProcess(index: number): Promise<Calibration[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [String(dataSets), '--run', String(index)]);
    child.once('message', (found) => resolve(found as Calibration[]));
    child.once('exit', (code) => reject(new Error(`run ${index} ended with status ${code}`)));
  });
}

interface Result {
  readonly name: string;
  readonly found: readonly Uniformity[];
  readonly seconds: number;
}

async function runAll(indices: readonly number[], processes: number): Promise<Result[]> {
  const results = new Map<number, Result>();
  const queue = [...indices];
  const work = async (): Promise<void> => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      const start = performance.now();
      const found = uniformity(await inProcess(index));
      const result = { name: runName(calibrationRuns[index]!), found, seconds: (performance.now() - start) / 1000 };
      results.set(index, result);
      const { quantity, p } = worst(found);
      console.log(
        `${result.name}: ${found.length} quantities, ${result.seconds.toFixed(0)} s; least uniform ${quantity}, p = ${p.toPrecision(2)}`,
      );
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return indices.map((index) => results.get(index)!);
}

function worst(found: readonly Uniformity[]): Uniformity {
  return found.reduce((a, b) => (b.p < a.p ? b : a));
}

/** The command as typed. */
function command(family: string): string {
  return ['npm run calibrate --', ...(dataSets === WHOLE ? [] : [dataSets]), '--family', family].join(' ');
}

/** Calibrates runs of one family and says whether all ranks stay in their bands; the whole of a family is recorded. */
async function calibrateFamily(family: string, indices: readonly number[], whole: boolean): Promise<boolean> {
  const start = performance.now();
  const results = await runAll(indices, Number(values.processes ?? availableParallelism()));
  const count = results.reduce((sum, { found }) => sum + found.length, 0);
  const bound = LEVEL / count;
  const failing = results.flatMap(({ name, found }) =>
    found.filter(({ p }) => !(p > bound)).map(({ quantity }) => `${name}: ${quantity}`),
  );
  const zs = results.flatMap(({ found }) => found.map(({ zMean }) => zMean));
  const rms = Math.sqrt(zs.reduce((sum, z) => sum + z * z, 0) / zs.length);
  const verdict =
    `${results.length} models with their kernels, ${dataSets} data sets each, ranks among ${DRAWS} draws, seed ${SEED}: ${count} quantities, of which ${failing.length} leave the band ` +
    `(p below ${bound.toExponential(1)}, that is ${100 * LEVEL}% over all of the family)${failing.length > 0 ? `: ${failing.join('; ')}` : ''}; ` +
    `root mean square z of the mean rank ${rms.toFixed(3)}.`;
  console.log(verdict);
  const passed = failing.length === 0;
  if (!whole) return passed;
  writeFileSync(
    new URL(`report/calibration-${family}.svg`, import.meta.url),
    ecdfDifferences(
      results.map(({ name, found }) => ({ title: name, found })),
      ecdfTest(dataSets, DRAWS + 1).band(bound),
      dataSets,
      bound,
    ),
  );
  recordProof(
    {
      name: `calibration-${family}`,
      claim: `Every sampler of the ${family} family draws from the posterior: ${UNIFORM}`,
      command: command(family),
      verdict,
      passed,
      columns: ['model, kernels', 'quantities', 'smallest p', 'of', 'largest z of a mean rank'],
      rows: results.map(({ name, found }) => {
        const { quantity, p } = worst(found);
        const z = Math.max(...found.map(({ zMean }) => Math.abs(zMean)));
        return [name, found.length, Number(p.toPrecision(2)), quantity, Number(z.toFixed(2))];
      }),
      notCovered: [
        'Flat priors, from which no data can be drawn.',
        'Deviations of more than eight levels of a factor: of a larger factor, those of the four levels with fewest and the four with most rows are ranked.',
        'Faults smaller than the band: with 1 000 data sets a bias of a fifth of a posterior sd in one quantity is found, a bias of a twentieth is not.',
      ],
    },
    (performance.now() - start) / 1000,
  );
  return passed;
}

async function main(): Promise<void> {
  const { family: only, case: text = '', rule: ruleText = '' } = values;
  let found = 0;
  let passed = true;
  for (const [family, indices] of runsByFamily()) {
    if (only !== undefined && only !== family) continue;
    const wanted = indices.filter((i) => {
      const { given, rule } = calibrationRuns[i]!;
      return given.name.includes(text) && rule.includes(ruleText);
    });
    if (wanted.length === 0) continue;
    found += wanted.length;
    passed = (await calibrateFamily(family, wanted, wanted.length === indices.length)) && passed;
  }
  if (found === 0) throw new Error('there is no calibration of that family, case and rule');
  process.exitCode = passed ? 0 : 1;
}

if (values.run === undefined) await main();
else process.send!(calibrateRun(Number(values.run)), () => process.exit(0));
