/**
 * The long joint-distribution test of every kernel and rule: `npm run joint`, some minutes; `npm run joint -- 500` for
 * fewer starts. Writes test/statistical/report/joint.json and ends with status 1 when a quantity lies beyond the bound.
 */
import { jointCases } from './jointCases.ts';
import { FAMILY_LEVEL, jointBound, jointTransitions, runJoint } from './jointRun.ts';
import { recordProof } from './proof.ts';

const WHOLE = 1000;
const starts = Number(process.argv[2] ?? WHOLE);
const STEPS = 10;
const SEED = 20260601;

const begin = performance.now();
const runs = jointTransitions([...jointCases.keys()]).map((transition) => {
  const run = runJoint(transition, starts, STEPS, SEED + transition.index);
  const worst = run.results.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a));
  console.log(
    `${run.title}: ${run.results.length} quantities, largest |z| ${Math.abs(worst.z).toFixed(2)} (${worst.quantity})`,
  );
  return { ...run, worst };
});
const all = runs.flatMap(({ results }) => results.map(({ z }) => z));
const bound = jointBound(all.length);
const beyond = all.filter((z) => !(Math.abs(z) < bound)).length;
const rms = Math.sqrt(all.reduce((sum, z) => sum + z * z, 0) / all.length);
const verdict = `${runs.length} transitions, ${all.length} quantities, ${starts} starts of ${STEPS} transitions each, seed ${SEED}; bound on |z| ${bound.toFixed(2)} (${100 * FAMILY_LEVEL}% over all); root mean square of z ${rms.toFixed(3)}; beyond the bound: ${beyond}.`;
console.log(verdict);
recordProof(
  {
    name: 'joint',
    claim:
      'Every kernel by itself and every sweep leaves the joint density of parameters and data invariant (Geweke 2004), without a word on how fast it moves.',
    command: starts === WHOLE ? 'npm run joint' : `npm run joint -- ${starts}`,
    verdict,
    passed: beyond === 0,
    columns: ['model, transition', 'quantities', 'largest z', 'of'],
    rows: runs.map(({ title, results, worst }) => [
      title,
      results.length,
      Number(Math.abs(worst.z).toFixed(2)),
      worst.quantity,
    ]),
    notCovered: [
      'Whitened kernels at length: their approximation is fitted to every data set, so that they have two fifths of the starts and one transition of eight sweeps from each.',
      'The proposals that a plan fits to the posterior of a Gaussian, Pólya-Gamma or Student-t model: here one fit to the prior serves all data. Calibration runs with those of the plan.',
      'Flat priors.',
    ],
  },
  (performance.now() - begin) / 1000,
);
process.exitCode = beyond === 0 ? 0 : 1;
