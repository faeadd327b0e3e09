/**
 * Simulation-based calibration of every family with every choice of kernels: `npm run calibrate`, 1 000 data sets a run (an hour or so on two processors).
 * `npm run calibrate -- 100 --case "J = 5" --rule whitened` for fewer data sets, cases whose names hold a text, one rule.
 * Writes test/statistical/report/calibration.json and calibration.svg; a part of the models writes nothing, or with `--record student` the proof
 * calibration-student. Ends with status 1 when any ranks leave their band.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Calibration, calibration, type Uniformity, uniformity } from './calibration.ts';
import { ecdfDifferences } from './calibrationReport.ts';
import { calibrationRuns, runName } from './calibrationRuns.ts';
import { ecdfTest } from './ecdfBand.ts';
import { recordProof } from './proof.ts';

const WHOLE = 1000;
const DRAWS = 99;
const SEED = 20260701;
const LEVEL = 0.01;
/** What every claim says. */
const UNIFORM =
  'where parameters come from the prior and data from the model, the rank of every true value among draws is uniform.';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rule: { type: 'string' },
    case: { type: 'string' },
    record: { type: 'string' },
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
function command(): string {
  const quoted = (text: string): string => (/^[\w-]+$/.test(text) ? text : JSON.stringify(text));
  const given = (['case', 'rule', 'record'] as const).flatMap((option) => {
    const value = values[option];
    return value === undefined ? [] : [`--${option} ${quoted(value)}`];
  });
  const size = dataSets === WHOLE ? [] : [String(dataSets)];
  return ['npm run calibrate', ...(size.length + given.length > 0 ? ['--'] : []), ...size, ...given].join(' ');
}

async function main(): Promise<void> {
  const start = performance.now();
  const { record } = values;
  if (record !== undefined && !/^[a-z]+$/.test(record))
    throw new Error(`--record takes a word of small letters: ${record}`);
  const indices = [...calibrationRuns.keys()].filter((i) => {
    const { given, rule } = calibrationRuns[i]!;
    return given.name.includes(values.case ?? '') && rule.includes(values.rule ?? '');
  });
  if (indices.length === 0) throw new Error('there is no calibration of that case by that rule');
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
    `(p below ${bound.toExponential(1)}, that is ${100 * LEVEL}% over all)${failing.length > 0 ? `: ${failing.join('; ')}` : ''}; ` +
    `root mean square z of the mean rank ${rms.toFixed(3)}.`;
  console.log(verdict);
  process.exitCode = failing.length === 0 ? 0 : 1;
  const part = indices.length < calibrationRuns.length;
  if (part && record === undefined) return;
  const name = record === undefined ? 'calibration' : `calibration-${record}`;
  writeFileSync(
    new URL(`report/${name}.svg`, import.meta.url),
    ecdfDifferences(
      results.map(({ name, found }) => ({ title: name, found })),
      ecdfTest(dataSets, DRAWS + 1).band(bound),
      dataSets,
      bound,
    ),
  );
  recordProof(
    {
      name,
      claim: part
        ? `The samplers of these models draw from the posterior: ${UNIFORM}`
        : `Every sampler draws from the posterior: ${UNIFORM}`,
      command: command(),
      verdict,
      passed: failing.length === 0,
      columns: ['model, kernels', 'quantities', 'smallest p', 'of', 'largest z of a mean rank'],
      rows: results.map(({ name, found }) => {
        const { quantity, p } = worst(found);
        const z = Math.max(...found.map(({ zMean }) => Math.abs(zMean)));
        return [name, found.length, Number(p.toPrecision(2)), quantity, Number(z.toFixed(2))];
      }),
      notCovered: [
        ...(part ? ['The other models and kernels: this is a part of the calibration.'] : []),
        'Flat priors, from which no data can be drawn.',
        'Deviations of more than eight levels of a factor: of a larger factor, those of the four levels with fewest and the four with most rows are ranked.',
        'Faults smaller than the band: with 1 000 data sets a bias of a fifth of a posterior sd in one quantity is found, a bias of a twentieth is not.',
      ],
    },
    (performance.now() - start) / 1000,
  );
}

if (values.run === undefined) await main();
else process.send!(calibrateRun(Number(values.run)), () => process.exit(0));
