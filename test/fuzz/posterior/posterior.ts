/**
 * Random small models under every prior on offer, sampled as a user would (4 x 1000) and held to the oracle of
 * test/oracle/posterior: tempered particles or quadrature, which share no code with the kernels. Each model comes out
 * as
 *   right         every mean and quantile of tau, corr, sigma, nu, beta, u, and of the log posterior's height, is
 *                 within 5 combined Monte Carlo errors;
 *   not trusted   the check says so: honest, and a remedy to look for;
 *   SILENT FAULT  the check says that the draws pass, and they are wrong: a line with the command that repeats it,
 *                 ours and the truth;
 *   refused       one sentence, before anything was sampled;
 *   undecided     the oracle's own replicates part, so that nothing can be said.
 * Exit status 1 after a silent fault or a crash. About 5 s of one processor a model.
 *
 * Run: npm run fuzz:posterior [-- --seed 1 --count 100 --kind far --kernels gibbs --out file.ndjson --show]
 *   --seed S      the first seed; with several kinds each takes the seeds S, S + 1, ... in turn
 *   --count N     models, of all kinds together
 *   --kind K      one kind alone: gaussian oneway far copies bounds conflict se student logit probit default
 *                 poisson counts
 *   --kernels R   the rule the kernels are chosen by, default auto
 *   --out F       a line of JSON a model; a model that has its line there is not run again, so that a long run may be
 *                 cut and resumed
 *   --screen      asks no oracle: a second a model, and draws that pass are counted as that (give it a file of its own)
 *   --show        formula, priors and rows of every model, to take elsewhere
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzzKinds } from './fuzzKinds.ts';
import { type Judgement, judgePosterior, type Outcome } from './judgePosterior.ts';
import { randomModel } from './randomModel.ts';

interface Line extends Judgement {
  readonly kind: string;
  readonly seed: number;
  readonly kernels: string;
  readonly formula: string;
  readonly tags: readonly string[];
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    kind: { type: 'string' },
    kernels: { type: 'string', default: 'auto' },
    out: { type: 'string' },
    screen: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
  },
});
const kinds = fuzzKinds.filter(({ name }) => values.kind === undefined || name === values.kind);
const [first, count] = [Number(values.seed), Number(values.count)];
if (kinds.length === 0 || !(Number.isInteger(first) && first >= 0 && Number.isInteger(count) && count > 0)) {
  console.error(
    `--kind is one of ${fuzzKinds.map(({ name }) => name).join(', ')}; --seed and --count are whole numbers`,
  );
  process.exit(2);
}
const { kernels, out } = values;
const key = ({ kind, seed, kernels: rule }: Pick<Line, 'kind' | 'seed' | 'kernels'>) => `${kind} ${seed} ${rule}`;
const lines = new Map<string, Line>();
if (out !== undefined && existsSync(out)) {
  for (const text of readFileSync(out, 'utf8').split('\n').filter(Boolean)) {
    const line = JSON.parse(text) as Line;
    lines.set(key(line), line);
  }
}

const mine: Line[] = [];
for (let i = 0; i < count; i += 1) {
  const kind = kinds[i % kinds.length]!;
  const seed = first + Math.floor(i / kinds.length);
  const model = randomModel(kind, seed);
  const known = lines.get(key({ kind: kind.name, seed, kernels }));
  if (values.show) console.log(JSON.stringify({ formula: model.formula, options: model.options, rows: model.rows }));
  const line: Line = known ?? {
    ...judgePosterior(model, { kernels, oracle: !values.screen }),
    kind: kind.name,
    seed,
    kernels,
    formula: model.formula,
    tags: model.tags,
  };
  mine.push(line);
  if (!known && out !== undefined) appendFileSync(out, `${JSON.stringify(line)}\n`);
  if (!known || count === 1) report(line);
}
printTable();
process.exitCode = mine.some(({ outcome }) => outcome === 'SILENT FAULT' || outcome === 'CRASH') ? 1 : 0;

/** A model that is not right: what it is, what is wrong, how to see it again. */
function report(line: Line): void {
  if ((line.outcome === 'right' || line.outcome === 'passed') && count > 1) return;
  const rule = kernels === 'auto' ? '' : ` --kernels ${kernels}`;
  console.log(`${line.outcome}: npm run fuzz:posterior -- --kind ${line.kind} --seed ${line.seed} --count 1${rule}`);
  console.log(`  ${line.formula}   [${line.tags.join('; ')}]${line.note ? `\n  ${line.note}` : ''}`);
  for (const { variable, measure, ours, truth, error, z } of line.differences.slice(0, 6)) {
    const numbers = `${ours.toPrecision(4)}, truth ${truth.toPrecision(4)} +- ${error.toPrecision(2)}`;
    console.log(
      `    ${variable} ${measure} ${numbers} (off by ${(ours - truth).toPrecision(3)}, ${z.toFixed(1)} errors)`,
    );
  }
}

function printTable(): void {
  const outcomes: Outcome[] = [
    values.screen ? 'passed' : 'right',
    'not trusted',
    'SILENT FAULT',
    'refused',
    'undecided',
    'CRASH',
  ];
  console.log(`\n${['kind', 'models', ...outcomes].map((head) => head.padStart(13)).join('')}   what is hard`);
  const row = (name: string, about: string, of: readonly Line[]): void => {
    const counts = outcomes.map((outcome) => of.filter((line) => line.outcome === outcome).length);
    console.log(`${[name, of.length, ...counts].map((cell) => String(cell).padStart(13)).join('')}   ${about}`);
  };
  for (const { name, about } of kinds) {
    const of = mine.filter(({ kind }) => kind === name);
    if (of.length > 0) row(name, about, of);
  }
  row('all', '', mine);
}
