import { expect, test } from 'vitest';
import { autoregressive } from '../../src/residual/autoregressive.ts';

test('times of which no two gaps are equal are no limit to the number of rows', () => {
  const [J, each] = [20_000, 12];
  const n = J * each;
  // Gaps of 1, 1 + 1 / n, 1 + 2 / n, ...
  const positions = new Float64Array(n);
  for (let i = 0; i < n; i++) positions[i] = i % each === 0 ? 0 : positions[i - 1]! + 1 + i / n;
  const { size, starts } = autoregressive({
    structure: 'car1',
    factor: 'g',
    levels: Array.from({ length: J }, (_, j) => String(j)),
    J,
    index: Int32Array.from(positions, (_, i) => Math.floor(i / each)),
    occasion: Int32Array.from(positions.keys()),
    occasions: [],
    positions,
    origin: 0,
    step: 1,
  });
  expect(size).toBe(1);
  // The mean gap is 1.5, the least 1 + 1 / n.
  expect(starts.map(([x]) => x)).toEqual([0, 2, expect.closeTo(-Math.log(4.5), 5)]);
});
