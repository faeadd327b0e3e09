import type { Design } from '../design/design.ts';

/** X beta + Z u + offset, length n; `u` holds one J x q array per factor. */
export function fittedValues(design: Design, beta: Float64Array, u: readonly Float64Array[]): Float64Array {
  const { n, p, X, response, groupTerms } = design;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = response.offset?.[i] ?? 0;
    for (let k = 0; k < p; k++) sum += X[i * p + k]! * beta[k]!;
    groupTerms.forEach(({ q, Z, index }, f) => {
      for (let a = 0; a < q; a++) sum += Z[i * q + a]! * u[f]![index[i]! * q + a]!;
    });
    out[i] = sum;
  }
  return out;
}
