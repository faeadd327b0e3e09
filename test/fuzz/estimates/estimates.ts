/**
 * Random small models of successes, counts and ordered answers whose maximum likelihood estimate may not exist, ours
 * against two slow oracles: whether columns separate, exactly (test/oracle/separatingDirection.ts), and the profile of
 * the likelihood in the sd by integrals without approximation (test/oracle/scalarProfile.ts). Each model comes out by
 * what is true ('separated', 'no optimum', 'estimate', 'undecided') and what Laplace's method and quadrature answer; a
 * FAULT is an estimate where there is none, without a word, or a refusal or no convergence where there is one. Exit
 * status 1 after a fault. About a quarter of a second of one processor a model.
 *
 * Run: npm run fuzz:estimates [-- --seed 0 --count 90 --kind slopes]
 */
import { parseArgs } from 'node:util';
import { judgeEstimate } from './judgeEstimate.ts';
import { type EstimateKind, estimateKinds, randomEstimate } from './randomEstimate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' },
    count: { type: 'string', default: '90' },
    kind: { type: 'string' },
  },
});
const names = Object.keys(estimateKinds) as EstimateKind[];
const kinds = names.filter((name) => values.kind === undefined || name === values.kind);
const [first, count] = [Number(values.seed), Number(values.count)];
if (kinds.length === 0 || !(Number.isInteger(first) && first >= 0 && Number.isInteger(count) && count > 0)) {
  console.error(`--kind is one of ${names.join(', ')}; --seed and --count are whole numbers`);
  process.exit(2);
}
const table = new Map<string, number>();
for (let k = 0; k < count; k += 1) {
  const kind = kinds[k % kinds.length]!;
  const seed = first + Math.floor(k / kinds.length);
  const one = randomEstimate(kind, seed);
  const { truth, about, answers, faults } = judgeEstimate(one);
  const row = [kind, one.family, truth, answers['laplace'], answers['agq']].map((cell) => cell!.padEnd(16)).join(' ');
  table.set(row, (table.get(row) ?? 0) + 1);
  if (faults.length === 0) continue;
  process.exitCode = 1;
  console.log(
    `FAULT: npm run fuzz:estimates -- --kind ${kind} --seed ${seed} --count 1\n  ${one.formula}, ${one.family}`,
  );
  console.log(`  ${truth}: ${about}`);
  for (const fault of faults) console.log(`    ${fault}`);
}
console.log(`models ${['kind', 'family', 'truth', 'laplace', 'agq'].map((head) => head.padEnd(16)).join(' ')}`);
for (const [row, times] of [...table].sort()) console.log(`${String(times).padStart(6)} ${row}`);
