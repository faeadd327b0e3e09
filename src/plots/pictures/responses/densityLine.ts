import { kernelDensity } from '../../../../diagnostics/kernelDensity.ts';

/** The kernel density of values as points of a line; none where all are equal. */
export function densityLine(values: Float64Array): { readonly x: number; readonly y: number }[] {
  if (values.every((value) => value === values[0])) return [];
  const { x, density } = kernelDensity(values, { points: 80 });
  return Array.from(x, (at, i) => ({ x: at, y: density[i]! }));
}
