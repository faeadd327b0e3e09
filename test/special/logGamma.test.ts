import gammaln from '@stdlib/math/base/special/gammaln';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/rng.ts';
import { logGamma } from '../../src/special/logGamma.ts';

describe('logGamma', () => {
  it('is that of @stdlib to 1e-13 of its size, or of 1 where it is small', () => {
    const rng = createRng([77]);
    for (let i = 0; i < 20_000; i += 1) {
      const x = Math.exp(14 * rng.uniform() - 5);
      expect(Math.abs(logGamma(x) - gammaln(x))).toBeLessThan(1e-13 * Math.max(1, Math.abs(gammaln(x))));
    }
  });

  it('is log (n - 1)! and log sqrt(pi) at 1/2', () => {
    expect(Math.abs(logGamma(11) - Math.log(3628800))).toBeLessThan(1e-13);
    let factorial = 1;
    for (let n = 2; n < 100; n++) {
      factorial *= n;
      // A hundred ulps of the largest term, n log n; near 1 and 2 the rounding of terms of about 20 is what is left.
      expect(Math.abs(logGamma(n + 1) - Math.log(factorial))).toBeLessThan(1e-14 * Math.max(1, Math.log(factorial)));
    }
    // Where Stirling's series is longest: two roundings of terms below 32.
    expect(Math.abs(logGamma(10) - Math.log(362880))).toBeLessThan(8e-15);
    expect(Math.abs(logGamma(0.5) - 0.5 * Math.log(Math.PI))).toBeLessThan(1e-13);
  });
});
