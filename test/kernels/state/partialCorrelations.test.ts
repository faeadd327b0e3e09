import { describe, expect, it } from 'vitest';
import { choleskyFromPartials, partialsFromCholesky } from '../../../src/kernels/state/partialCorrelations.ts';

describe('the partial correlations of a singular matrix', () => {
  it.each([1, -1])('stay finite, and lead back to a correlation of %d but for rounding', (rho) => {
    const z = new Float64Array(1);
    partialsFromCholesky(Float64Array.of(1, 0, rho, 0), 2, z, 0);
    expect(Number.isFinite(z[0])).toBe(true);
    const L = new Float64Array(4);
    choleskyFromPartials(z, 0, 2, L);
    expect(L[2]).toBeCloseTo(rho, 12);
  });
});
