import { describe, expect, it } from 'vitest';
import { foldedWalk } from '../../src/proposals/foldedWalk.ts';
import { createRng } from '../../src/random/rng.ts';

describe('a step of the folded walk', () => {
  it('is from + scale W z with W lower triangular, its first coordinates folded at 0', () => {
    const d = 4;
    const from = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    // What stands above the diagonal is not read.
    const walk = Float64Array.from({ length: d * d }, (_, i) =>
      i % d > Math.floor(i / d) ? Number.NaN : 0.3 + 0.1 * i,
    );
    const [z, out] = [new Float64Array(d), new Float64Array(d)];
    let folds = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      foldedWalk(from, walk, 2, 0.5, createRng([seed]), z, out);
      const rng = createRng([seed]);
      const normals = Array.from({ length: d }, () => rng.normal());
      for (let i = 0; i < d; i += 1) {
        let step = from[i]!;
        for (let k = 0; k <= i; k += 1) step += 0.5 * walk[i * d + k]! * normals[k]!;
        if (i < 2 && step < 0) folds += 1;
        expect(out[i]).toBeCloseTo(i < 2 ? Math.abs(step) : step, 14);
      }
    }
    expect(folds).toBeGreaterThan(2);
  });
});
