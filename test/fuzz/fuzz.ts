/**
 * Fuzzing: 100 000 cases of every kind of input that a stranger may hand in, most of them nearly right, each held to
 * the properties of its file: an answer or one sentence, no other exception, no number that is not one, no prototype
 * changed, nothing that takes longer than ten seconds. Seeds are fixed; a failure prints its smallest case. Exit status
 * 1 on a failure.
 *
 * Run: npm run fuzz [-- cases [input]]
 */
import { inspect } from 'node:util';
import { proofTable, recordedProofs, recordProof } from '../statistical/proof.ts';
import { fuzz } from './input.ts';
import { fuzzedInputs } from './inputs.ts';

const CASES = 100_000;
const SEED = 20260107;
/** Seconds of one case, on a machine that may be busy with other work. */
const LONGEST = 10;

const cases = Number(process.argv[2] ?? CASES);
const only = process.argv[3];
const seconds = (): number => performance.now() / 1000;
const began = seconds();
const columns = ['input', 'cases', 'accepted', 'refused', 'slowest, s', 'held to'];
const rows: (string | number)[][] = [];
let failures = 0;

for (const input of fuzzedInputs) {
  if (only !== undefined && !input.name.includes(only)) continue;
  const start = seconds();
  try {
    const { accepted, refused, slowest } = await fuzz(input, cases, SEED, seconds);
    rows.push([input.name, accepted + refused, accepted, refused, Number(slowest.toFixed(2)), input.holds]);
    if (slowest > LONGEST) {
      failures += 1;
      console.error(`${input.name}: a case took ${slowest.toFixed(1)} s`);
    }
  } catch (error) {
    failures += 1;
    rows.push([input.name, cases, 0, 0, 0, 'FAILED']);
    const cause = error instanceof Error ? error.cause : undefined;
    console.error(`${input.name}: ${error instanceof Error ? error.message : String(error)}\n${inspect(cause)}`);
  }
  console.error(`${input.name}: ${(seconds() - start).toFixed(0)} s`);
}

console.log(proofTable({ columns, rows }).join('\n'));
if (cases >= CASES) {
  // A run of one kind of input renews its row of the record.
  const before = only === undefined ? [] : (recordedProofs().find(({ name }) => name === 'fuzzing')?.rows ?? []);
  const kept = before.filter(([name]) => !rows.some((row) => row[0] === name)).map((row) => [...row]);
  const all = fuzzedInputs.flatMap(({ name }) => [...rows, ...kept].filter((row) => row[0] === name));
  failures = all.filter((row) => row[5] === 'FAILED' || Number(row[4]) > LONGEST).length;
  const total = all.reduce((sum, row) => sum + Number(row[1]), 0);
  const path = recordProof(
    {
      name: 'fuzzing',
      claim:
        'Whatever is handed in, the answer is a result in finite numbers or one sentence with a code; nothing else is thrown, and no prototype is changed.',
      command: 'npm run fuzz',
      verdict: `${total} cases, most of them valid inputs with a few changes: ${failures === 0 ? 'no property failed' : `${failures} inputs failed`}.`,
      passed: failures === 0,
      columns,
      rows: all,
      notCovered: [
        'Inputs that are large: every case is a few rows, a few terms, a few draws, so that many can be tried.',
        'Objects with getters or proxies that throw: what they throw is passed on.',
        'Options that ask for long runs or for worker threads, which other tests start.',
      ],
    },
    seconds() - began,
  );
  console.log(path);
}
process.exitCode = failures === 0 ? 0 : 1;
