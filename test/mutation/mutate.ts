/**
 * Mutation testing of the numerics: a seeded sample of small faults in every file of a room, one at a time, each of
 * which some test should notice. A whole run writes test/mutation/report.md and its proof; a part prints only. The
 * sources are never written. Exit status 1 below the score asked for.
 *
 * With --own, only a room's own tests are tried. --results keeps every verdict in a file; where the file is there
 * already it is what is reported, and nothing is run: so survivors can be judged, and the record written with those
 * judgements, while score and tests stay those of the run.
 *
 * Run: npm run mutate [-- --room linalg --file cholesky --count 200 --seed 1 --own --results FILE --record]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { proofTable, recordProof } from '../statistical/proof.ts';
import { caseRunner } from './caseRunner.ts';
import { mutantsOf, sampleOf } from './mutants.ts';
import { columns, isSurvivor, page, RAW_SCORE, type Result, SCORE, scoreRows, survivorLine } from './report.ts';
import { schemataOf } from './schemata.ts';
import { trial } from './trial.ts';

const ROOMS = [
  'linalg',
  'special',
  'random',
  'design',
  'products',
  'families',
  'priors',
  'proposals',
  'kernels',
  'likelihood',
  'diagnostics',
];
const COUNT = 60;
const SEED = 20261121;
const TREATED =
  'The sample of the default seed is the one whose survivors prompted tests and entries of test/mutation/equivalents: its score says that they were dealt with, and neither it nor its interval estimates the mutants not drawn; another --seed does.';
/** Per cent of the mutants, those known to be equivalent left out. */
const ASKED = 90;

const { values } = parseArgs({
  options: {
    room: { type: 'string', multiple: true },
    file: { type: 'string' },
    own: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    results: { type: 'string' },
    count: { type: 'string', default: String(COUNT) },
    seed: { type: 'string', default: String(SEED) },
  },
});
const rooms = values.room ?? ROOMS;
const count = Number(values.count);
const seed = Number(values.seed);
const command = [
  'npm run mutate --',
  ...(values.room ?? []).map((room) => `--room ${room}`),
  `--count ${count} --seed ${seed}${values.own ? ' --own' : ''} --record`,
].join(' ');
const missing = ROOMS.filter((room) => !rooms.includes(room));

interface Run {
  /** How many mutants there are, of which the results are a sample. */
  readonly all: number;
  readonly results: Result[];
  readonly seconds: number;
}

async function tried(): Promise<Run> {
  const began = performance.now();
  const all = mutantsOf(rooms).filter(({ file }) => values.file === undefined || file.includes(values.file));
  const sample = rooms.flatMap((room) =>
    sampleOf(
      all.filter((mutant) => mutant.room === room),
      count,
      seed,
    ),
  );
  const numbered = sample.map((mutant, id) => ({ id, mutant }));
  const files = [...new Set(sample.map(({ file }) => file))];
  const schemata = new Map(
    files.map((file) => [
      file,
      schemataOf(
        file,
        numbered.filter(({ mutant }) => mutant.file === file),
      ),
    ]),
  );
  const runner = caseRunner(schemata);
  const { judge, broken } = trial(runner.run, sample.length, values.own ? {} : undefined);
  const results: Result[] = [];
  for (const { id, mutant } of numbered) {
    const result = { mutant, verdict: await judge(id, mutant.room) };
    results.push(result);
    if (isSurvivor(result)) console.error(survivorLine(result));
  }
  await runner.close();
  for (const name of broken) console.error(`left out, failing without a mutant: ${name}`);
  return { all: all.length, results, seconds: (performance.now() - began) / 1000 };
}

async function main(): Promise<void> {
  const kept = values.results !== undefined && existsSync(values.results);
  const run = kept ? (JSON.parse(readFileSync(values.results!, 'utf8')) as Run) : await tried();
  if (values.results !== undefined && !kept) writeFileSync(values.results, JSON.stringify(run));
  const { all, results, seconds } = run;
  const rows = scoreRows(results);
  console.log(proofTable({ columns, rows }).join('\n'));
  console.log(
    `${all} mutants in all, ${results.length} drawn, ${((60 * results.length) / seconds).toFixed(0)} a minute`,
  );
  const last = (column: string): string | number => rows.at(-1)![columns.indexOf(column)]!;
  const score = Number(last(SCORE));
  if (values.record) {
    writeFileSync(new URL('report.md', import.meta.url), page(results, seed, count, command));
    const path = recordProof(
      {
        name: 'mutation',
        claim: 'A small fault anywhere in the numerics is noticed by a test.',
        command,
        verdict: `${results.length} of ${all} mutants drawn at random from every file; ${last(RAW_SCORE)}% are noticed, ${score}% of those that are not equivalent (95% interval ${last('95% interval')}).`,
        passed: score >= ASKED,
        columns,
        rows,
        notCovered: [
          ...(seed === SEED ? [TREATED] : []),
          ...(missing.length > 0 ? [`Rooms left out of this run: ${missing.join(', ')}.`] : []),
          ...(values.own
            ? ["Tests outside a room's own folder were not tried, so that the score is a lower bound."]
            : []),
          'Mutants of two places at once, and faults that are not a changed operator, constant, condition, index or statement.',
          'Wording of errors, types, and the outer rooms (input, data, graph, formula, files, summary, report, run, the command line).',
          'That a mutant is equivalent is a judgement, given with its reason in test/mutation/equivalents; draws and the work done may differ where it stands in a proposal, a limit or a tolerance.',
        ],
      },
      seconds,
    );
    console.log(path);
  }
  process.exitCode = score >= ASKED ? 0 : 1;
}

await main();
