/**
 * How time and memory grow with groups and with rows, of the built package, each case in a process of its own: `npm run
 * build` and
 *   npx tsx test/bench/growth.ts groups|rows|student|crossed [largest] [smallest]
 * prints the tables of RESULTS.md. `groups`: J groups of 5 rows, one chain, of the deviations running summaries.
 * `rows`: a Parquet file of 6 000 cells, reduced by DuckDB and fitted by REML or Laplace. `student`: heavy tails in 500
 * groups. `crossed`: rows in two factors crossed at random, 25 and 67 to a level, by REML and by one chain. The data are
 * simulated, seeded.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { cpuSeconds, phaseMarks } from './cpuSeconds.ts';

const built = (name: string): string => new URL(`../../dist/${name}.js`, import.meta.url).href;
const { createRng, maximumLikelihood, sample } = (await import(built('index'))) as typeof import('../../src/index.ts');
const { fromReduced, reduce } = (await import(built('database'))) as typeof import('../../src/reduction/index.ts');

const [WARMUP, ITERATIONS] = [30, 100];

type Family = 'gaussian' | 'binomial' | 'student';
type Case =
  | { readonly groups: number; readonly rows: number; readonly slopes: boolean; readonly family: Family }
  | { readonly formula: string; readonly family: 'gaussian' | 'binomial'; readonly file: string }
  | { readonly crossed: number };
type Measured = Readonly<Record<string, number | string>>;

let headed = false;

const [what = 'groups', argument, smallest = '0'] = process.argv.slice(2);
if (what === '--one') {
  const setting = JSON.parse(argument!) as Case;
  const measured = await ('file' in setting
    ? reduced(setting)
    : 'crossed' in setting
      ? crossed(setting.crossed)
      : grouped(setting));
  // Kilobytes, the largest so far.
  console.log(JSON.stringify({ ...measured, 'GB at most': process.resourceUsage().maxRSS / 2 ** 20 }));
} else if (what === 'crossed') growthOfCrossed(Number(argument ?? 1e6));
else if (what === 'rows') await growthOfRows(Number(argument ?? 5e7));
else growthOfGroups(what === 'student', Number(argument ?? 1e6));

function growthOfGroups(student: boolean, largest: number): void {
  const sizes = [1e3, 1e4, 1e5, 1e6].filter((size) => size <= largest && size >= Number(smallest));
  const models: readonly (readonly [boolean, Family])[] = student
    ? [[false, 'student']]
    : [
        [false, 'gaussian'],
        [true, 'gaussian'],
        [false, 'binomial'],
        [true, 'binomial'],
      ];
  for (const size of sizes) {
    for (const [slopes, family] of models) {
      const name = `y ~ x + (${slopes ? '1 + x' : '1'} | g), ${family}`;
      const setting: Case = student
        ? { groups: 500, rows: size, slopes, family }
        : { groups: size, rows: 5 * size, slopes, family };
      printRow([name, student ? `${size} rows` : `${size} groups`], inItsOwnProcess(setting));
    }
  }
}

function growthOfCrossed(largest: number): void {
  for (const rows of [1e4, 1e5, 1e6].filter((size) => size <= largest)) {
    const size = `${rows} rows, ${rows / 25} x ${Math.round(rows / 67)} levels`;
    printRow(['y ~ x + (1 | a) + (1 | b)', size], inItsOwnProcess({ crossed: rows }));
  }
}

async function growthOfRows(largest: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET memory_limit = '1GB'");
  try {
    for (const rows of [5e5, 5e6, 5e7].filter((size) => size <= largest)) {
      const file = join(folder, `${rows}.parquet`);
      await connection.run(`COPY (
        SELECT i % 3000 AS county, (i // 3000) % 2 AS floor, 2000 + (i * 7919) % 11 AS year,
          50000 + 20000 * sin(i * 0.7) AS income, (i % 3000) * 1e-4 + 0.3 * ((i // 3000) % 2) + sin(i % 3000)
          + 1e-5 * 20000 * sin(i * 0.7) + ((hash(i) % 1000003) / 500001.5 - 1) AS y,
          CASE WHEN hash(i + 1) % 1000 < 400 + 200 * sin(i % 3000) THEN 1 ELSE 0 END AS vote
        FROM range(${rows}) t(i)) TO '${file}' (FORMAT parquet)`);
      for (const setting of [
        { formula: 'y ~ floor + year + income + (1 + floor | county)', family: 'gaussian', file },
        { formula: 'vote ~ floor + (1 | county)', family: 'binomial', file },
      ] as const) {
        const size = `${rows} rows, ${Math.round(statSync(file).size / 2 ** 20)} MB`;
        printRow([`${setting.formula}, ${setting.family}`, size], inItsOwnProcess(setting));
      }
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function inItsOwnProcess(setting: Case): Measured {
  const argv = [...process.execArgv, fileURLToPath(import.meta.url), '--one', JSON.stringify(setting)];
  const { stdout, status } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${JSON.stringify(setting)} ended with status ${status}`);
  return JSON.parse(stdout) as Measured;
}

function printRow(names: readonly string[], measured: Measured): void {
  if (!headed) {
    const heads = ['model', 'size', ...Object.keys(measured)];
    console.log(`| ${heads.join(' | ')} |\n|${heads.map((_, i) => (i < 2 ? '---|' : '---:|')).join('')}`);
    headed = true;
  }
  const values = Object.values(measured).map((v) => (typeof v === 'number' ? String(Number(v.toPrecision(3))) : v));
  console.log(`| ${[...names.map((name) => name.replaceAll('|', '\\|')), ...values].join(' | ')} |`);
}

async function grouped(setting: Extract<Case, { groups: number }>): Promise<Measured> {
  const { slopes, family } = setting;
  const rows = simulated(setting);
  const before = cpuSeconds();
  const { marks, onProgress } = phaseMarks();
  const fit = await sample(`y ~ x + (${slopes ? '1 + x' : '1'} | g)`, rows, {
    ...{ family, chains: 1, warmup: WARMUP, iterations: ITERATIONS, seed: 1, memory: 1000, workers: false },
    ...(setting.groups < 1000 ? {} : { keep: { u_g: 'summary' as const } }),
    onProgress,
  });
  const kernels = fit.sampling.kernels.map(({ name }) => name).join(', ');
  const [start, draws] = [marks.ready - before, cpuSeconds() - marks.drawing];
  return { kernels, 'CPU s before the first draw': start, 'ms a draw': (1000 * draws) / ITERATIONS };
}

async function reduced({ formula, family, file }: Extract<Case, { file: string }>): Promise<Measured> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('SET preserve_insertion_order = false');
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
  const [clock, before] = [performance.now(), cpuSeconds()];
  const source = { query, dialect: 'duckdb', trustedFrom: `read_parquet('${file}')` } as const;
  const table = await reduce(formula, { family, ...source });
  const [wall, between] = [(performance.now() - clock) / 1000, cpuSeconds()];
  const fit = maximumLikelihood(formula, fromReduced(formula, table, { family }), { family });
  return {
    'reduced, s by the clock': wall,
    'CPU s': between - before,
    'fit, CPU s': cpuSeconds() - between,
    deviance: String(fit.deviance),
  };
}

async function crossed(rows: number): Promise<Measured> {
  const rng = createRng([rows]);
  const [J, K] = [rows / 25, Math.round(rows / 67)];
  const [ua, ub] = [J, K].map((count, f) => Float64Array.from({ length: count }, () => [0.3, 0.5][f]! * rng.normal()));
  const [y, x, a, b] = [0, 1, 2, 3].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < rows; i += 1) {
    a[i] = Math.floor(rng.uniform() * J);
    b[i] = Math.floor(rng.uniform() * K);
    x[i] = rng.normal();
    y[i] = 3 - 0.1 * x[i]! + ua![a[i]!]! + ub![b[i]!]! + 1.2 * rng.normal();
  }
  const formula = 'y ~ x + (1 | a) + (1 | b)';
  const before = cpuSeconds();
  const reml = maximumLikelihood(formula, { y, x, a, b });
  const fitted = cpuSeconds();
  const { marks, onProgress } = phaseMarks();
  const fit = await sample(
    formula,
    { y, x, a, b },
    {
      ...{ chains: 1, warmup: WARMUP, iterations: ITERATIONS, seed: 1, memory: 1000, workers: false },
      keep: { u_a: false, u_b: false },
      onProgress,
    },
  );
  return {
    'REML, CPU s': fitted - before,
    'standard error of its deviance': reml.approximation?.deviance ?? 0,
    kernels: fit.sampling.kernels.map(({ name }) => name).join(', '),
    'CPU s before the first draw': marks.ready - fitted,
    'ms a draw': (1000 * (cpuSeconds() - marks.drawing)) / ITERATIONS,
  };
}

function simulated({ slopes, family, groups, rows }: Extract<Case, { groups: number }>) {
  const rng = createRng([groups, rows]);
  const [y, x, g] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  for (let j = 0; j < groups; j += 1) {
    const [a, b] = [0.7 * rng.normal(), slopes ? 0.4 * rng.normal() : 0];
    for (let i = (j * rows) / groups; i < ((j + 1) * rows) / groups; i += 1) {
      const at = rng.normal();
      const eta = 0.3 + a + (0.5 + b) * at;
      const noise = family === 'student' ? rng.normal() / Math.sqrt(rng.gamma(2, 2)) : rng.normal();
      g[i] = j;
      x[i] = at;
      y[i] = family === 'binomial' ? Number(rng.uniform() < 1 / (1 + Math.exp(-eta))) : eta + noise;
    }
  }
  return { y, x, g };
}
