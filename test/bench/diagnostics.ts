/**
 * Times summarizeDraws on 1500 variables x 4 chains x 1000 draws (independent and autocorrelated in turn) and, where R
 * has posterior, posterior::summarise_draws on the same draws in the same run, and compares every number of the two.
 *
 * Run: npx tsx test/bench/diagnostics.ts [variables]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, type Variable } from '../../diagnostics/index.ts';
import { summarizeDraws } from '../../diagnostics/summarizeDraws.ts';
import { autoregressiveChains } from '../diagnostics/seededDraws.ts';

const variableCount = Number(process.argv[2] ?? 1500);
const chainCount = 4;
const drawCount = 1000;

const values = new Float64Array(variableCount * chainCount * drawCount);
const variables: Variable[] = Array.from({ length: variableCount }, (_, v) => ({
  name: `x[${v}]`,
  chains: autoregressiveChains(v, chainCount, drawCount, [0, 0.4, 0.8][v % 3]).map((chain, c) => {
    const at = (v * chainCount + c) * drawCount;
    values.set(chain, at);
    return values.subarray(at, at + drawCount);
  }),
}));

/** Processor seconds: on a machine with other work they say more than the clock. */
function seconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

let rows = summarizeDraws(variables);
const runs = Array.from({ length: 5 }, () =>
  seconds(() => {
    rows = summarizeDraws(variables);
  }),
).sort((a, b) => a - b);
const ours = runs[2]!;
const verdict = seconds(() => check(variables));
console.log(`${variableCount} variables x ${chainCount} chains x ${drawCount} draws, processor seconds`);
console.log(`summarizeDraws   ${ours.toFixed(2)} s (median of 5: ${runs.map((run) => run.toFixed(2)).join(' ')})`);
console.log(`check            ${verdict.toFixed(2)} s`);

const folder = mkdtempSync(join(tmpdir(), 'diagnostics-bench-'));
try {
  const file = join(folder, 'draws.bin');
  writeFileSync(file, values);
  const script = fileURLToPath(new URL('diagnostics.R', import.meta.url));
  const r = spawnSync('Rscript', [script, file, ...[variableCount, chainCount, drawCount].map(String)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (r.status !== 0) {
    console.log(`posterior: not measured (${r.error?.message ?? r.stderr.trim().split('\n').at(-1)})`);
  } else {
    const [defaults, same, ...table] = r.stdout.split('\n');
    console.log(
      `summarise_draws  ${defaults} s with its default measures, ${same} s with the measures of summarizeDraws`,
    );
    console.log(`ratio            ${(Number(defaults) / ours).toFixed(1)} and ${(Number(same) / ours).toFixed(1)}`);
    let worst = 0;
    table
      .filter((line) => line !== '')
      .forEach((line, v) => {
        const want = line.trim().split(/\s+/).map(Number);
        const got = Object.values(rows[v]!).slice(1) as number[];
        got.forEach((value, k) => {
          // a mean near zero has no digits of its own: it is compared on the scale of the sd
          const scale = k === 0 ? want[1]! : Math.abs(want[k]!);
          worst = Math.max(worst, Math.abs(value - want[k]!) / scale);
        });
      });
    console.log(`largest relative difference of ${variableCount} x 9 numbers: ${worst.toExponential(1)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
