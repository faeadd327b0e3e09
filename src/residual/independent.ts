import { type Correlation, pairs } from './correlation.ts';

/** Independent residuals: every row by itself. */
export function independent(n: number): Correlation {
  const own = pairs();
  for (let i = 0; i < n; i++) own.add(i, i, 0);
  return {
    ...own.arrays(),
    size: 0,
    sums: [],
    values: new Float64Array([1]),
    logDet: 0,
    room: Infinity,
    starts: [new Float64Array(0)],
    at: () => true,
    gradient() {},
    parameters: () => [],
    between: () => 0,
    variance: () => 1,
    coordinates: () => new Float64Array(0),
  };
}
