/**
 * Random Gaussian and binary models, our maximum likelihood (ML, REML, Laplace, quadrature) against lme4's, which is
 * started from several places and asked for its criterion and everything else at our theta; glmmTMB for every other
 * model that it takes. Ordered answers and residuals that are not independent, which lme4 does not have, against slow
 * referees that write the criterion down and search it from several places (ordered.R, residuals.R), MASS::polr and
 * nlme. Runs where Rscript finds lme4 and jsonlite; says so and ends with status 0 where it does not.
 * Each model comes out as
 *   agree           criterion, estimates, standard errors, modes: to rounding (`judgeFit`);
 *   ours better     the same criterion, and lme4's default start ends above it;
 *   not identified  we say that the optimum is not one point, and lme4's criterion is flat there;
 *   not converged   we say so;
 *   refused         one sentence by us, while lme4 fits (a criterion that we call unbounded is followed to sds of
 *                   infinity by a sum that keeps its digits); both refuse; only ours: lme4 has no answer;
 *   FAULT           a lower optimum exists, or anything else differs, or the criterion is flat and nothing is said:
 *                   what, with both values.
 * Exit status 1 after a fault. About a second of one processor a model.
 *
 * Run: npm run fuzz:lme4 [-- --seed 1 --count 140 --kind small --out file.ndjson --keep folder]
 *   --seed S    the first seed; with several kinds each takes the seeds S, S + 1, ... in turn
 *   --count N   models, of all kinds together
 *   --kind K    one kind alone: gauss small binary flat ties cells means ordinal residual
 *   --out F     a line of JSON a model; a model that has its line there is not run again, so that a long run may be
 *               cut and resumed
 *   --keep D    leaves cases.json, the CSV files and both sides' answers there
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CaseJudgement, type CaseOutcome, judgeFit, type ReferenceFit } from './judgeFit.ts';
import { productFit } from './productFit.ts';
import { type CaseKind, caseKinds, type RandomCase, randomCase } from './randomCase.ts';

interface Line extends CaseJudgement {
  readonly id: string;
  readonly kind: CaseKind;
  readonly seed: number;
  readonly about: string;
}

/** Cases between two calls of R. */
const CHUNK = 28;
const SCRIPT = fileURLToPath(new URL('lme4.R', import.meta.url));

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '140' },
    kind: { type: 'string' },
    out: { type: 'string' },
    keep: { type: 'string' },
  },
});
const names = Object.keys(caseKinds) as CaseKind[];
const kinds = names.filter((name) => values.kind === undefined || name === values.kind);
const [first, count] = [Number(values.seed), Number(values.count)];
if (kinds.length === 0 || !(Number.isInteger(first) && first >= 0 && Number.isInteger(count) && count > 0)) {
  console.error(`--kind is one of ${names.join(', ')}; --seed and --count are whole numbers`);
  process.exit(2);
}
const probe = spawnSync('Rscript', ['-e', 'library(lme4); library(jsonlite)'], { stdio: 'ignore' });
if (probe.status !== 0) {
  console.log('fuzz:lme4 was skipped: Rscript with lme4 and jsonlite was not found here.');
  process.exit(0);
}

const known = new Map<string, Line>();
if (values.out !== undefined && existsSync(values.out)) {
  for (const line of ndjson<Line>(values.out)) known.set(line.id, line);
}
const wanted = Array.from({ length: count }, (_, i) => ({
  kind: kinds[i % kinds.length]!,
  seed: first + Math.floor(i / kinds.length),
}));
const missing = wanted.filter(({ kind, seed }) => !known.has(`${kind}-${seed}`));
for (let from = 0; from < missing.length; from += CHUNK) {
  for (const line of judged(missing.slice(from, from + CHUNK).map(({ kind, seed }) => randomCase(kind, seed)))) {
    known.set(line.id, line);
    if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
    if (line.outcome !== 'agree' && line.outcome !== 'ours better') report(line);
  }
}
const mine = wanted.map(({ kind, seed }) => known.get(`${kind}-${seed}`)!);
printTable();
process.exitCode = mine.some(({ outcome }) => outcome === 'FAULT') ? 1 : 0;

function judged(cases: readonly RandomCase[]): Line[] {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'fuzz-lme4-'));
  mkdirSync(folder, { recursive: true });
  for (const { id, n, columns } of cases) {
    const heads = Object.keys(columns);
    const rows = Array.from({ length: n }, (_, i) => heads.map((head) => columns[head]![i]).join(','));
    writeFileSync(join(folder, `${id}.csv`), `${[heads.join(','), ...rows].join('\n')}\n`);
  }
  writeFileSync(
    join(folder, 'cases.json'),
    JSON.stringify(cases.map(({ columns: _columns, groups: _groups, ...rest }) => rest)),
  );
  const fits = cases.map(productFit);
  // JSON has no words for what is not finite.
  const text = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  writeFileSync(join(folder, 'product.ndjson'), fits.map((fit) => `${JSON.stringify(fit, text)}\n`).join(''));
  spawnSync('Rscript', [SCRIPT, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const answers = new Map<string, ReferenceFit>();
  if (existsSync(join(folder, 'r.ndjson'))) {
    for (const answer of ndjson<ReferenceFit>(join(folder, 'r.ndjson'))) answers.set(answer.id, answer);
  }
  if (values.keep === undefined) rmSync(folder, { recursive: true });
  return cases.map((one, i) => ({
    ...judgeFit(one, fits[i]!, answers.get(one.id)),
    id: one.id,
    kind: one.kind,
    seed: one.seed,
    about: `${one.method}${one.points ?? ''} ${one.family} n ${one.n}  ${one.formula}  [${one.tags.join('; ')}]`,
  }));
}

function ndjson<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

function report({ outcome, kind, seed, about, faults }: Line): void {
  console.log(`${outcome}: npm run fuzz:lme4 -- --kind ${kind} --seed ${seed} --count 1\n  ${about}`);
  for (const { what, detail } of faults) console.log(`    ${what}: ${detail.slice(0, 400)}`);
}

function printTable(): void {
  const outcomes: CaseOutcome[] = [
    'agree',
    'ours better',
    'not identified',
    'not converged',
    'refused',
    'both refuse',
    'only ours',
    'no answer',
    'FAULT',
  ];
  console.log(`\n${['kind', 'models', ...outcomes].map((head) => head.padStart(15)).join('')}   what is hard`);
  const row = (name: string, about: string, of: readonly Line[]): void => {
    const counts = outcomes.map((outcome) => of.filter((line) => line.outcome === outcome).length);
    console.log(`${[name, of.length, ...counts].map((cell) => String(cell).padStart(15)).join('')}   ${about}`);
  };
  for (const name of kinds) {
    const of = mine.filter(({ kind }) => kind === name);
    if (of.length > 0) row(name, caseKinds[name], of);
  }
  row('all', '', mine);
  const without = mine.filter(({ uncompared }) => uncompared !== undefined);
  for (const why of new Set(without.map(({ uncompared }) => uncompared))) {
    const times = without.filter(({ uncompared }) => uncompared === why).length;
    console.log(`  standard errors of binary models not compared (${why}): ${times}`);
  }
  const what = new Map<string, number>();
  for (const { outcome, faults } of mine) {
    for (const { what: name } of outcome === 'FAULT' ? faults : []) what.set(name, (what.get(name) ?? 0) + 1);
  }
  for (const [name, times] of [...what].sort((a, b) => b[1] - a[1])) console.log(`  FAULT ${name}: ${times}`);
}
