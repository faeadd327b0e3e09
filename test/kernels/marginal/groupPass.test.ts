import { describe, expect, it } from 'vitest';
import { groupPass, whitenedPass } from '../../../src/kernels/marginal/groupPass.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { groupQr } from '../../../src/products/groupQr.ts';
import { createRng } from '../../../src/random/rng.ts';
import { gaussianCases } from '../../oracle/gaussianCases.ts';

describe('the pass over the groups', () => {
  const single = gaussianCases.filter(([, { design }]) => design.groupTerms.length === 1);
  it.each(single)('by contraction equals the pass by whitening: %s', (_name, { design, sigma }) => {
    const qr = groupQr(design, design.groupTerms[0]!, crossProducts(design));
    const P = qr.p + 1;
    const one = new Float64Array(P * P);
    const two = new Float64Array(P * P);
    const contract = groupPass(qr, one);
    const whiten = whitenedPass(qr, two);
    const rng = createRng([808]);
    const scales = Array.from({ length: qr.q }, (_, k) => {
      let sum = 0;
      for (let j = 0; j < qr.J; j += 1) for (let i = 0; i <= k; i += 1) sum += qr.R[(j * qr.q + i) * qr.q + k]! ** 2;
      return Math.sqrt(qr.J / sum) * (sigma / sigma);
    });
    for (const size of [1e-6, 0.3, 3, 100, 1e5]) {
      const Lambda = new Float64Array(qr.q * qr.q);
      for (let a = 0; a < qr.q; a += 1) {
        for (let b = 0; b <= a; b += 1) Lambda[a * qr.q + b] = size * scales[a]! * (a === b ? 1 : 0.4 * rng.normal());
      }
      const logOne = contract(Lambda);
      const logTwo = whiten(Lambda);
      expect(Math.abs(logOne - logTwo)).toBeLessThan(1e-11 * (1 + Math.abs(logTwo)));
      for (let i = 0; i < P; i += 1) {
        for (let k = 0; k <= i; k += 1) {
          // K up to 1e4 by contraction costs four of sixteen digits.
          const unit = Math.sqrt(two[i * P + i]! * two[k * P + k]!);
          expect(Math.abs(one[i * P + k]! - two[i * P + k]!)).toBeLessThan(1e-10 * unit);
        }
      }
    }
  });
});
