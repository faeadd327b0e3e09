import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logNormalCdf, logNormalCdfDerivatives, normalCdf } from '../../src/special/normalTail.ts';

type Golden = readonly [y: number, trials: number, eta: number, ...values: number[]];

const golden = (
  JSON.parse(readFileSync(new URL('../fixtures/families/derivatives.json', import.meta.url), 'utf8')) as {
    readonly bernoulliProbit: readonly Golden[];
  }
).bernoulliProbit;

describe('log Phi', () => {
  it('and its three derivatives agree with 400-digit arithmetic in both tails', () => {
    // The golden rows are l and l', -l'', l''' of a probit response: one success is log Phi(eta) itself.
    const rows = golden.filter(([y, trials]) => y === 1 && trials === 1);
    expect(rows.length).toBeGreaterThan(15);
    expect(Math.min(...rows.map(([, , z]) => z))).toBeLessThan(-30);
    expect(Math.max(...rows.map(([, , z]) => z))).toBeGreaterThan(8);
    const out = new Float64Array(4).fill(7);
    for (const [, , z, value, first, second, third] of rows) {
      logNormalCdfDerivatives(z, out);
      expect(out[0]).toBe(logNormalCdf(z));
      for (const [k, truth, tolerance] of [
        [0, value!, 1e-13],
        [1, first!, 1e-12],
        [2, -second!, 1e-12],
        // Near z = -4 the closed form loses digits.
        [3, third!, 1e-10],
      ] as const) {
        expect(Math.abs(out[k]! - truth)).toBeLessThan(tolerance * Math.max(Math.abs(truth), 1e-290));
      }
      if (z > -37) expect(Math.abs(normalCdf(z) / Math.exp(value!) - 1)).toBeLessThan(1e-12);
    }
  });

  it('is 0 with all its derivatives where the upper tail is beyond all numbers', () => {
    const out = new Float64Array(4).fill(7);
    logNormalCdfDerivatives(1e200, out);
    expect([...out].map(Math.abs)).toEqual([0, 0, 0, 0]);
  });
});
