/**
 * Simulation-based calibration of the Gaussian samplers: `npm run calibrate`, 1 000 data sets a case (an hour or so); `npm run calibrate -- 200 --rule gibbs` for fewer,
 * and by another rule. Prints a table, writes test/statistical/report/calibration-<rule>.md, ends with status 1 when any ranks are not uniform.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Calibration, calibration, notUniform } from './calibration.ts';
import { calibrationCases } from './calibrationCases.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rule: { type: 'string' } } });
const dataSets = Number(positionals[0] ?? 1000);
const rule = values.rule ?? 'auto';
const SEED = 20260701;
const LEVEL = 0.01;
// Gibbs draws hang together: more iterations from one ranked draw to the next.
const pace = rule === 'gibbs' ? { thin: 20, warmup: 300 } : { thin: 4, warmup: 50 };

const runs = calibrationCases.map((given, i) => {
  const start = performance.now();
  const options = { rule, dataSets, draws: 99, ...pace, seed: SEED + i, bins: dataSets >= 400 ? 20 : 10 };
  const found = calibration(given, options);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${given.name}: ${found.length} quantities, ${seconds.toFixed(0)} s; ${describeWorst(found)}`);
  return { given, found };
});

function worst(found: readonly Calibration[]): Calibration {
  const p = (each: Calibration): number => Math.min(each.pChiSquare, each.pKolmogorov);
  return found.reduce((a, b) => (p(b) < p(a) ? b : a));
}

function describeWorst(found: readonly Calibration[]): string {
  const { quantity, pChiSquare, pKolmogorov } = worst(found);
  return `least uniform ${quantity}, p = ${pChiSquare.toPrecision(2)} and ${pKolmogorov.toPrecision(2)}`;
}

const tests = runs.reduce((sum, { found }) => sum + found.length, 0);
const bound = LEVEL / (2 * tests);
const failing = runs.flatMap(({ given, found }) =>
  notUniform(found, LEVEL, tests).map(({ quantity }) => `${given.name}: ${quantity}`),
);
const all = runs.flatMap(({ found }) => found.map(({ zMean }) => zMean));
const rms = Math.sqrt(all.reduce((sum, z) => sum + z * z, 0) / all.length);
const verdict =
  `Kernels by the rule ${rule}; ${dataSets} data sets a case, ranks among 99 draws ${pace.thin} iterations apart, seed ${SEED}; ${tests} quantities, two tests each, bound on p ` +
  `${bound.toExponential(1)} (${100 * LEVEL}% over all); root mean square z of the mean rank ${rms.toFixed(3)}; not uniform: ${failing.length === 0 ? 'none' : failing.join(', ')}.`;
console.log(verdict);
const lines = [
  '# Simulation-based calibration of the Gaussian samplers',
  '',
  verdict,
  '',
  '| case | quantities | smallest p, chi-square | Kolmogorov-Smirnov | of | largest abs z of a mean rank |',
  '|---|---:|---:|---:|---|---:|',
  ...runs.map(({ given, found }) => {
    const { quantity, pChiSquare, pKolmogorov } = worst(found);
    const z = Math.max(...found.map(({ zMean }) => Math.abs(zMean)));
    return `| ${given.name} | ${found.length} | ${pChiSquare.toPrecision(2)} | ${pKolmogorov.toPrecision(2)} | \`${quantity}\` | ${z.toFixed(2)} |`;
  }),
  '',
];
const folder = new URL('report/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`calibration-${rule}.md`, folder), lines.join('\n'));
process.exitCode = failing.length === 0 ? 0 : 1;
