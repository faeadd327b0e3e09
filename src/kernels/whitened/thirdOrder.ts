import type { CellTable } from '../cells/cellTable.ts';
import { skewTransform } from './skewedNormal.ts';
import type { WhitenedFactor } from './whitenedMap.ts';

/**
 * Skewness of each block coordinate under the pseudo-observations by the likelihood's third derivatives, sum_i l_i'''
 * (z_i' Lambda L_j^-T)_a^3, as transforms of mean 0 and sd 1 in `out` (J x q x 3) where it is given. Returns what they
 * add to the log marginal likelihood of the pseudo-observations: a twelfth of the sum of squared skewnesses. The factor
 * must stand at the covariances in question. Set-up only.
 */
export function thirdOrder({ J, q, layout }: CellTable, factor: WhitenedFactor, out?: Float64Array): number {
  const { inverse, likelihood } = factor;
  if (q === 0) return 0;
  const third = factor.pseudo.third();
  const Lambda = likelihood.working[layout.leading]!;
  const spread = new Float64Array(q);
  const unit = new Float64Array(3);
  const cube = q * q * q;
  let squares = 0;
  for (let j = 0; j < J; j += 1) {
    const at = j * q * q;
    for (let b = 0; b < q; b += 1) {
      // Column b of Lambda L^-T.
      for (let a = 0; a < q; a += 1) {
        let sum = 0;
        for (let c = 0; c <= b; c += 1) sum += Lambda[a * q + c]! * inverse[at + c * q + b]!;
        spread[a] = sum;
      }
      let sum = 0;
      let k = j * cube;
      for (let c0 = 0; c0 < q; c0 += 1) {
        for (let c1 = 0; c1 < q; c1 += 1) {
          const pair = spread[c0]! * spread[c1]!;
          for (let c2 = 0; c2 < q; c2 += 1, k += 1) sum += third[k]! * pair * spread[c2]!;
        }
      }
      const skewness = skewTransform(sum, unit, 0);
      squares += skewness * skewness;
      out?.set(unit, 3 * (j * q + b));
    }
  }
  return squares / 12;
}
