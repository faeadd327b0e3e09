/**
 * The long joint-distribution test of every Gaussian kernel and rule: `npm run joint`, some minutes; `npm run joint -- 500` for fewer starts. Writes
 * test/statistical/report/joint.md and ends with status 1 when a quantity lies beyond the bound.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { jointCases } from './jointCases.ts';
import { FAMILY_LEVEL, jointBound, jointTransitions, runJoint } from './jointRun.ts';

const starts = Number(process.argv[2] ?? 1000);
const STEPS = 10;
const SEED = 20260601;

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
const verdict = `${all.length} quantities, ${starts} starts of ${STEPS} transitions each, seed ${SEED}; bound on |z| ${bound.toFixed(2)} (${100 * FAMILY_LEVEL}% over all); root mean square of z ${rms.toFixed(3)}; beyond the bound: ${beyond}.`;
console.log(verdict);
const lines = [
  '# Joint-distribution tests of the Gaussian kernels (Geweke 2004)',
  '',
  verdict,
  '',
  '| model and transition | quantities | largest abs z | of |',
  '|---|---:|---:|---|',
  ...runs.map(
    ({ title, results, worst }) =>
      `| ${title} | ${results.length} | ${Math.abs(worst.z).toFixed(2)} | \`${worst.quantity}\` |`,
  ),
  '',
];
const folder = new URL('report/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('joint.md', folder), lines.join('\n'));
process.exitCode = beyond === 0 ? 0 : 1;
