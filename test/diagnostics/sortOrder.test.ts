import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortOrder } from '../../diagnostics/sortOrder.ts';
import { normals, uniforms } from './seededDraws.ts';

function expectSorted(values: Float64Array): void {
  const order = new Int32Array(values.length);
  const sorted = new Float64Array(values.length);
  const want = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const known = values.slice().sort();
  for (const centre of [0, 1, values.find(Number.isFinite) ?? 0, 1e9]) {
    sortOrder(values.length)(values, centre, order, sorted);
    for (let k = 0; k < values.length; k++) {
      if (sorted[k] !== known[k] || values[order[k]!] !== known[k]) expect(sorted[k], `place ${k}`).toBe(known[k]);
    }
    if (!values.includes(0)) expect([...order]).toEqual(want); // -0 and 0 are equal to the comparison, not to the bits
  }
}

describe('sortOrder', () => {
  it('sorts any doubles but NaN, equal ones in their order', () => {
    const double = fc.double({ noNaN: true }).map((x) => x + 0);
    const few = fc.constantFrom(-1, 0, 1, 1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(fc.array(fc.oneof(double, few), { maxLength: 200 }), (values) => {
        expectSorted(Float64Array.from(values));
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  it('sorts draws at every location and scale, also where the leading bits of all draws are equal', () => {
    const normal = normals(21);
    const uniform = uniforms(22);
    for (const make of [
      normal,
      () => 1e8 + normal(),
      () => 1e-300 * normal(),
      () => Math.round(normal() * 10) / 10,
      () => Math.tan(Math.PI * (uniform() - 0.5)),
      () => (uniform() < 0.5 ? -1 : 1) + 1e-12 * normal(), // two narrow clusters: insertion gives up, the full sort takes over
    ]) {
      expectSorted(Float64Array.from({ length: 3000 }, make));
    }
  });
});
