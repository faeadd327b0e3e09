/**
 * Three broken kernels before calibration and the joint-distribution test, and four faults of what is round the kernels
 * before what they do to draws or to the verdict: `npm run mutants`. Writes test/statistical/report/mutants.json and
 * test/statistical/report/sampler-mutants.json; status 1 where one is missed.
 */
import { calibratedP, jointZ, mutantTrials, RANK_BOUND, Z_BOUND } from './mutantsRun.ts';
import { recordProof } from './proof.ts';
import { samplerMutants } from './samplerMutants.ts';

const start = performance.now();
const found = mutantTrials.map((trial) => ({
  trial,
  p: calibratedP(trial, false),
  brokenP: calibratedP(trial, true),
  z: jointZ(trial, false),
  brokenZ: jointZ(trial, true),
}));
const holds = found.every(
  ({ p, brokenP, z, brokenZ }) => p > RANK_BOUND && brokenP < RANK_BOUND && z < Z_BOUND && brokenZ > Z_BOUND,
);
const verdict = `${found.length} broken kernels; bounds for right and broken alike: p ${RANK_BOUND.toExponential(1)} of calibration, |z| ${Z_BOUND.toFixed(2)} of the joint-distribution test.`;
console.log(verdict);
console.table(found.map(({ trial, ...numbers }) => ({ mutant: trial.mutant.name, ...numbers })));
recordProof(
  {
    name: 'mutants',
    claim:
      'Calibration and the joint-distribution test each find a kernel that is broken in one place, at a bound that the right kernel passes.',
    command: 'npm run mutants',
    verdict,
    passed: holds,
    columns: [
      'fault',
      'calibration: data sets',
      'smallest p, right',
      'broken',
      'joint distribution: starts',
      'largest z, right',
      'broken',
    ],
    rows: found.map(({ trial, p, brokenP, z, brokenZ }) => [
      trial.mutant.fault,
      trial.dataSets,
      Number(p.toPrecision(2)),
      Number(brokenP.toPrecision(2)),
      trial.starts,
      Number(z.toFixed(2)),
      Number(brokenZ.toFixed(2)),
    ]),
    notCovered: ['Faults in kernels that these three do not stand for; mutation testing changes every line.'],
  },
  (performance.now() - start) / 1000,
);

const begun = performance.now();
const measured = samplerMutants.map((mutant) => ({
  mutant,
  right: mutant.measured(false),
  broken: mutant.measured(true),
}));
const allFound = measured.every(({ mutant, right, broken }) => right < mutant.bound && broken > mutant.bound);
console.table(
  measured.map(({ mutant, right, broken }) => ({ mutant: mutant.name, bound: mutant.bound, right, broken })),
);
recordProof(
  {
    name: 'sampler-mutants',
    claim:
      'Faults that the toolkit once had, of priors, of the search for modes, of the check and of the proposal of sigma, are found by tests that the right version passes.',
    command: 'npm run mutants',
    verdict: `${measured.length} faults, each planted by itself; ${allFound ? 'each passes its bound and the right version does not' : 'NOT all found'}.`,
    passed: allFound,
    columns: ['fault', 'measured', 'bound', 'right', 'broken'],
    rows: measured.map(({ mutant, right, broken }) => [
      mutant.fault,
      mutant.measure,
      mutant.bound,
      Number(right.toFixed(2)),
      Number(broken.toFixed(2)),
    ]),
    notCovered: ['Faults of this kind that nobody has thought of: `npm run fuzz:posterior` looks for those.'],
  },
  (performance.now() - begun) / 1000,
);
process.exitCode = holds && allFound ? 0 : 1;
