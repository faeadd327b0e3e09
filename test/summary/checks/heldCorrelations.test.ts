import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { faultOf } from '../../faultOf.ts';

const J = 12;

/** Two rows a group that differ by `size` times a standard normal, and their mean difference in units of `size`. */
function twins(size: number) {
  const rng = createRng([5]);
  const rows = { g: [] as string[], t: [] as number[], y: [] as number[] };
  for (let j = 0; j < J; j += 1) {
    const level = rng.normal();
    for (let k = 0; k < 2; k += 1) {
      rows.g.push(`g${j}`);
      rows.t.push(k);
      rows.y.push(level + size * (rng.normal() + 3 * k));
    }
  }
  const differences = Array.from({ length: J }, (_, j) => (rows.y[2 * j + 1]! - rows.y[2 * j]!) / size);
  const mean = differences.reduce((sum, value) => sum + value, 0) / J;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (J - 1);
  return { rows, mean, sd: Math.sqrt(variance / J) };
}

function fitted(residual: string, size: number) {
  const { rows, mean, sd } = twins(size);
  const fit = sampleSync(formula('y ~ t', { residual }), rows, { seed: 1, chains: 2, iterations: 500 });
  const row = summarize(fit).find(({ variable }) => variable === 'beta[t]')!;
  return { verdict: check(fit), ours: { mean: row.mean / size, sd: row.sd / size }, exact: { mean, sd } };
}

const REACH: readonly (readonly [structure: string, reached: number, beyond: number])[] = [
  ['toeplitz(t | g)', 1e-2, 1e-5],
  ['ar1(t | g)', 1e-5, 1e-7],
  ['car1(t | g)', 1e-5, 1e-7],
  ['cs(g)', 1e-5, 1e-7],
];

describe('correlations of residuals that are held where digits end', () => {
  it.each(REACH)(
    '%s tells differences of %d of the sd, and says that it does not tell those of %d',
    (structure, reached, beyond) => {
      const within = fitted(structure, reached);
      expect(within.verdict.findings.filter(({ code }) => code === 'heldCorrelation')).toEqual([]);
      // The difference of two rows is Student's t about its mean, but for the prior and equal sds of both occasions.
      expect(Math.abs(within.ours.mean - within.exact.mean)).toBeLessThan(0.2 * within.exact.sd);
      expect(within.ours.sd).toBeGreaterThan(0.9 * within.exact.sd);
      expect(within.ours.sd).toBeLessThan(1.6 * within.exact.sd);

      const past = fitted(structure, beyond);
      expect(past.ours.sd).toBeGreaterThan(2 * past.exact.sd);
      expect(past.verdict.ok).toBe(false);
      const found = past.verdict.findings.filter(({ code }) => code === 'heldCorrelation');
      expect(found).toHaveLength(1);
      expect(found[0]!.message).toContain('determine each other as far as digits go');
    },
  );

  it('unstructured ends in a sentence instead', () => {
    expect(faultOf(() => fitted('unstructured(t | g)', 1e-5)).message).toContain('becomes a combination of those');
  });
});
