import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { correlationPairs } from '../../../src/design/correlationPairs.ts';
import type { GroupTerm } from '../../../src/design/design.ts';
import { createRng } from '../../../src/random/rng.ts';
import { correlationFactor } from '../../../src/summary/correlationFactor.ts';
import { shrinkageWeight } from '../../../src/summary/pooling/shrinkageWeight.ts';
import { denseSigma } from '../../oracle/denseGroups.ts';

function groupTerm(J: number, sizes: readonly number[]): GroupTerm {
  const q = sizes.reduce((sum, size) => sum + size, 0);
  let start = 0;
  const blocks = sizes.map((size) => {
    start += size;
    return { start: start - size, size, cov: 'Sigma_g' };
  });
  const labels = Array.from({ length: q }, (_, k) => `z${k}`);
  return {
    factor: 'g',
    levels: Array.from({ length: J }, (_, j) => `g${j}`),
    J,
    index: new Int32Array(0),
    counts: new Int32Array(J),
    q,
    labels,
    Z: new Float64Array(0),
    parts: labels.map((label) => [{ atom: label, label }]),
    blocks,
    level2: { m: 1, labels: ['Intercept'], W: new Float64Array(J).fill(1), columns: new Int32Array(q).fill(-1) },
  };
}

/** Z_j'WZ_j of three random rows per group, J x q x q. */
function randomPrecision(J: number, q: number, seed: number): Float64Array {
  const rng = createRng([seed]);
  const A = new Float64Array(J * q * q);
  for (let j = 0; j < J; j++) {
    for (let i = 0; i < 3; i++) {
      const z = Array.from({ length: q }, () => rng.normal());
      for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) A[(j * q + a) * q + b]! += z[a]! * z[b]!;
    }
  }
  return A;
}

describe('shrinkageWeight', () => {
  it('is the mean of V_j[k,k] / Sigma[k,k] with V_j = (A_j / sigma^2 + Sigma^-1)^-1, block by block', () => {
    for (const sizes of [[1], [2], [3], [2, 1], [1, 1]]) {
      const term = groupTerm(4, sizes);
      const { q, J } = term;
      const A = randomPrecision(J, q, 3);
      const rng = createRng([5, q]);
      const S = 6;
      const row = (low: number, high: number) =>
        Float64Array.from({ length: S }, () => low + (high - low) * rng.uniform());
      const tau = Array.from({ length: q }, () => row(0.1, 2));
      const corr = correlationPairs(term.blocks).map(() => row(-0.45, 0.45));
      const sigma = row(0.5, 2);
      const weights = shrinkageWeight(term, A, { tau, corr, sigma });
      for (let j = 0; j < J; j++) {
        const block = new Matrix(
          Array.from({ length: q }, (_, a) => Array.from(A.subarray((j * q + a) * q, (j * q + a + 1) * q))),
        );
        const expected = new Float64Array(q);
        for (let s = 0; s < S; s++) {
          const Sigma = denseSigma(
            term,
            tau.map((t) => t[s]!),
            corr.map((c) => c[s]!),
          );
          const V = inverse(Matrix.add(Matrix.mul(block, 1 / sigma[s]! ** 2), inverse(Sigma)));
          for (let k = 0; k < q; k++) expected[k]! += V.get(k, k) / Sigma.get(k, k) / S;
        }
        for (let k = 0; k < q; k++) expect(weights[j * q + k]).toBeCloseTo(expected[k]!, 12);
      }
    }
  });

  it('is sigma^2 / (sigma^2 + n tau^2) for a varying intercept', () => {
    const term = groupTerm(2, [1]);
    const weights = shrinkageWeight(term, Float64Array.from([4, 0]), { tau: [[0.5]], corr: [], sigma: [2] });
    expect(Array.from(weights)).toEqual([4 / 5, 1]);
  });

  it('is 1 where tau is 0 and finite where a correlation is 1, -1 or undefined', () => {
    const term = groupTerm(3, [2]);
    const A = randomPrecision(3, 2, 7);
    const at = (tau: [number, number], corr: number) =>
      Array.from(shrinkageWeight(term, A, { tau: [[tau[0]], [tau[1]]], corr: [[corr]], sigma: [1] }));
    expect(at([0, 0], Number.NaN)).toEqual([1, 1, 1, 1, 1, 1]);
    for (const weight of at([1, 2], 1)) expect(weight).toBeGreaterThan(0);
    // With corr = 1 both columns are one: u2 = 2 u1, so their weights are equal, and the limit of corr -> 1.
    const [first, second] = at([1, 2], 1);
    expect(first).toBeCloseTo(second!, 14);
    expect(at([1, 2], -1)[0]).toBeCloseTo(at([1, 2], -1 + 1e-9)[0]!, 7);
    // A column with tau = 0 has no part in the other's weight.
    const single = shrinkageWeight(groupTerm(1, [1]), A.slice(0, 1), { tau: [[1]], corr: [], sigma: [1] });
    expect(at([1, 0], Number.NaN)[0]).toBeCloseTo(single[0]!, 14);
  });
});

describe('correlationFactor', () => {
  it('is singular, not undefined, at |corr| = 1', () => {
    const C = new Float64Array(4);
    correlationFactor(groupTerm(1, [2]))([-1], C);
    expect(Array.from(C)).toEqual([1, 0, -1, 0]);
  });
});
