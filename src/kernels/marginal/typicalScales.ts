import type { Design } from '../../design/design.ts';

/**
 * sqrt(tau / sigma) of each varying column of all factors in turn where an average group tells as much of its
 * coefficient as the group level does. `weights` (length n) are the precisions of the rows in units of 1 / sigma^2.
 */
export function typicalScales({ groupTerms, n }: Design, weights: Float64Array): Float64Array {
  return Float64Array.from(
    groupTerms.flatMap(({ q, J, Z }) =>
      Array.from({ length: q }, (_, k) => {
        let sum = 0;
        for (let i = 0; i < n; i += 1) sum += weights[i]! * Z[i * q + k]! * Z[i * q + k]!;
        return sum > 0 ? Math.sqrt(Math.sqrt(J / sum)) : 1;
      }),
    ),
  );
}
