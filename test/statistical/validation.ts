/**
 * Writes VALIDATION.md: `npm run validation`. Runs the test suite, notes what its comparisons with numbers from outside
 * found, and puts that beside what the long scripts recorded when they last ran (test/statistical/report). `npm run
 * validation -- --assemble` writes the page from what is recorded alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Evidence } from './evidence.ts';
import { proofTable, type RecordedProof, recordedProofs, recordProof } from './proof.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface TestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { status: string }[] }[];
}

/**
 * Runs every test and records two proofs: how many pass, room by room, and how far the compared numbers lay from those
 * from outside.
 */
function runTests(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'validation-'));
  const output = join(folder, 'tests.json');
  const notes = join(folder, 'evidence.jsonl');
  const start = performance.now();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'run', '--reporter=json', `--outputFile=${output}`], {
    cwd: root,
    env: { ...process.env, EVIDENCE: notes },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const seconds = (performance.now() - start) / 1000;
  const report = JSON.parse(readFileSync(output, 'utf8')) as TestReport;
  const evidence = existsSync(notes)
    ? readFileSync(notes, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Evidence)
    : [];
  rmSync(folder, { recursive: true, force: true });
  const passed = recordTests(report, seconds);
  recordAgreement(evidence, seconds);
  return passed;
}

/**
 * The test files of the repository that are not among the results: one whose process ended early leaves nothing behind
 * but fewer tests.
 */
function filesNotRun({ testResults }: TestReport): string[] {
  const run = new Set(testResults.filter((file) => file.assertionResults.length > 0).map(({ name }) => name));
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !run.has(join(root, 'test', name)))
    .map((name) => `test/${name}`);
}

/** Whether every test of every file passed. */
function recordTests(report: TestReport, seconds: number): boolean {
  const { numTotalTests, numPassedTests, testResults } = report;
  const lost = filesNotRun(report);
  const allPassed = numPassedTests === numTotalTests && lost.length === 0;
  const rooms = new Map<string, { files: number; tests: number; passed: number }>();
  for (const { name, assertionResults } of testResults) {
    const path = name.slice(root.length).split('/');
    const room = path.length > 2 ? `test/${path[1]}` : 'test';
    const { files, tests, passed } = rooms.get(room) ?? { files: 0, tests: 0, passed: 0 };
    rooms.set(room, {
      files: files + 1,
      tests: tests + assertionResults.length,
      passed: passed + assertionResults.filter(({ status }) => status === 'passed').length,
    });
  }
  recordProof(
    {
      name: 'tests',
      claim:
        'Every test passes: oracles written the slow way, golden numbers, contracts of every public function, wrong input.',
      command: 'npm test',
      verdict: `${numPassedTests} of ${numTotalTests} tests in ${testResults.length} files pass${lost.length > 0 ? `; not run: ${lost.join(', ')}` : ''}.`,
      passed: allPassed,
      columns: ['room', 'files', 'tests', 'passed'],
      rows: [...rooms].sort().map(([room, { files, tests, passed }]) => [room, files, tests, passed]),
      notCovered: ['No test asserts a time; speed is in test/bench/RESULTS.md.'],
    },
    seconds,
  );
  return allPassed;
}

function recordAgreement(evidence: readonly Evidence[], seconds: number): void {
  const groups = new Map<string, Evidence[]>();
  for (const each of evidence) {
    const key = `${each.file}\n${each.unit}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const rows = [...groups].sort().map(([key, all]) => {
    const [file, unit] = key.split('\n') as [string, string];
    const count = all.reduce((sum, each) => sum + each.count, 0);
    const squares = all.reduce((sum, each) => sum + each.count * each.rms * each.rms, 0);
    const furthest = all.reduce((a, b) => (b.largest / b.limit > a.largest / a.limit ? b : a));
    return [
      `\`${file}\``,
      unit,
      count,
      Math.sqrt(squares / count).toPrecision(2),
      furthest.largest.toPrecision(3),
      String(Number(furthest.limit.toPrecision(3))),
    ];
  });
  const total = evidence.reduce((sum, { count }) => sum + count, 0);
  const beyond = evidence.filter(({ largest, limit }) => !(largest <= limit)).length;
  recordProof(
    {
      name: 'agreement',
      claim:
        'Posteriors agree with quadrature, JAGS and Stan, likelihood fits with lme4, diagnostics with posterior and coda, each within the limit of its test.',
      command: 'npm test',
      verdict: `${total} numbers compared with numbers from outside in ${evidence.length} comparisons; beyond the limit: ${beyond}.`,
      passed: beyond === 0,
      columns: ['test file', 'differences in', 'numbers', 'root mean square', 'largest (of its limit)', 'limit'],
      rows,
      notCovered: [
        'A comparison with an engine that samples cannot be sharper than its Monte Carlo error; those with quadrature have ours alone.',
        'Models that no reference in the table has are covered by calibration and the joint-distribution tests below, not by another engine.',
      ],
    },
    seconds,
  );
}

/** In the order of the page; a proof that is not named comes last. */
const ORDER = [
  'tests',
  'agreement',
  'calibration-gaussian',
  'calibration-logit',
  'calibration-probit',
  'calibration-student',
  'calibration-poisson',
  'calibration-negativeBinomial',
  'calibration-betaBinomial',
  'calibration-ordinal',
  'calibration-structured',
  'calibration-crossed',
  'joint',
  'mutants',
  'sampler-mutants',
  'variates',
  'mutation',
  'fuzzing',
  'platforms',
];

const TITLES: Readonly<Record<string, string>> = {
  tests: 'The tests',
  agreement: 'Agreement with numbers from outside',
  'calibration-gaussian': 'Simulation-based calibration: normal rows',
  'calibration-logit': 'Simulation-based calibration: logit',
  'calibration-probit': 'Simulation-based calibration: probit',
  'calibration-student': 'Simulation-based calibration: Student-t rows',
  'calibration-poisson': 'Simulation-based calibration: counts',
  'calibration-negativeBinomial': 'Simulation-based calibration: overdispersed counts',
  'calibration-betaBinomial': 'Simulation-based calibration: overdispersed successes',
  'calibration-ordinal': 'Simulation-based calibration: ordered answers',
  'calibration-structured': 'Simulation-based calibration: correlated residuals',
  'calibration-crossed': 'Simulation-based calibration: crossed factors',
  joint: 'Joint-distribution tests',
  mutants: 'Broken samplers are caught',
  'sampler-mutants': 'Faults of priors, searches and checks are caught',
  variates: 'Random variates',
  mutation: 'Mutation testing',
  fuzzing: 'Fuzzing',
  platforms: 'The same bytes everywhere',
};

function section(proof: RecordedProof): string[] {
  const minutes = proof.seconds < 90 ? `${proof.seconds} s` : `${Math.round(proof.seconds / 60)} min`;
  return [
    `## ${TITLES[proof.name] ?? proof.name}`,
    '',
    `**Claim.** ${proof.claim}`,
    '',
    `**Command.** \`${proof.command}\` (last run ${proof.day}, Node ${proof.node.slice(1)}, ${minutes})`,
    '',
    `**Result: ${proof.passed ? 'holds' : 'does not hold'}.** ${proof.verdict}`,
    '',
    ...(proof.rows.length > 0 ? [...proofTable(proof), ''] : []),
    ...(proof.notCovered.length > 0
      ? ['**Not covered.**', '', ...proof.notCovered.map((sentence) => `- ${sentence}`), '']
      : []),
  ];
}

const passed = process.argv.includes('--assemble') || runTests();
const rank = ({ name }: RecordedProof): number => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
const proofs = recordedProofs().sort((a, b) => rank(a) - rank(b));
const summary = proofTable({
  columns: ['', 'command', 'result', 'last run'],
  rows: proofs.map(({ name, command, passed: holds, verdict, day }) => [
    TITLES[name] ?? name,
    `\`${command}\``,
    `${holds ? '' : '**does not hold.** '}${verdict}`,
    day,
  ]),
});
const page = [
  '# Why believe it',
  '',
  'What is claimed, the command that shows it, what the command last gave, and what is not covered. `npm run validation` writes this page from what the',
  'commands recorded; no number in it is typed by hand.',
  '',
  ...summary,
  '',
  ...proofs.flatMap(section),
];
writeFileSync(join(root, 'VALIDATION.md'), `${page.join('\n').trimEnd()}\n`);
console.log(`VALIDATION.md: ${proofs.length} proofs, ${proofs.filter(({ passed: holds }) => holds).length} hold.`);
process.exitCode = passed && proofs.every(({ passed: holds }) => holds) ? 0 : 1;
