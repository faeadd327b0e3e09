import { describe, expect, it } from 'vitest';
import { families } from '../../src/families/familyOf.ts';
import { logGammaHalf, mixingWeight } from '../../src/families/studentT.ts';
import { createRng } from '../../src/random/rng.ts';
import { studentTwoSided } from '../../src/special/distributionFunctions.ts';
import { logGamma } from '../../src/special/logGamma.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';

const { studentT, gaussian } = families;

describe('logGammaHalf', () => {
  it('is log Gamma(x + 1/2) - log Gamma(x) - log(x) / 2', () => {
    // The oracle subtracts two values of size x log x, each right to a few units in the last place.
    for (const x of [1e-3, 0.05, 0.5, 1, 2.3, 7, 11.9, 12, 12.1, 40, 300]) {
      const size = Math.abs(logGamma(x)) + 1;
      expect(Math.abs(logGammaHalf(x) - (logGamma(x + 0.5) - logGamma(x) - 0.5 * Math.log(x)))).toBeLessThan(
        2e-14 * size,
      );
    }
  });

  it('keeps its digits where the two would cancel: -1 / (8 x) for large x', () => {
    for (const x of [1e4, 1e8, 1e15]) expect(logGammaHalf(x) * x).toBeCloseTo(-1 / 8 + 1 / (192 * x * x), 15);
    expect(logGammaHalf(Infinity)).toBe(-0);
  });
});

describe('expected information', () => {
  it("is the mean of -l'' over y, and does not move with eta", () => {
    const out = new Float64Array(4);
    const information = new Float64Array(2);
    for (const family of [studentT, gaussian]) {
      for (const nu of [1.5, 4, 30]) {
        // y = eta + 2 tan(angle) by the midpoint rule, exact to many digits for what is periodic in the angle.
        const steps = 40_000;
        let sum = 0;
        for (let k = 0; k < steps; k++) {
          const angle = (Math.PI * (k + 0.5)) / steps - Math.PI / 2;
          const y = 1 + 2 * Math.tan(angle);
          family.derivatives(y, 3, 1, 0.7, out, nu);
          const density = Math.exp(family.logLik(y, 3, 1, 0.7, nu));
          sum += (density * out[2]! * 2 * Math.PI) / (steps * Math.cos(angle) ** 2);
        }
        family.information(3, 1, 0.7, information, nu);
        expect(information[0]! / sum).toBeCloseTo(1, 8);
        expect(information[1]).toBe(0);
        expect([0, 5, -80].map((y) => family.certainAt(y, 3))).toEqual([0, 0, 0]);
      }
    }
  });
});

describe('studentT', () => {
  it("has the log density of R's dt", () => {
    // dt(x, nu, log = TRUE) of R 4.2 at x and nu.
    const golden: readonly [number, number, number][] = [
      [0, 1, -1.1447298858494],
      [2, 1, -2.7541677982835],
      [-1.5, 3.7, -2.10213108441453],
      [6, 2.2, -5.59631799594097],
      [-40, 4, -15.9657328212781],
      [0.3, 30, -0.973700714565722],
      [8, 500, -31.0911998783761],
    ];
    for (const [x, nu, truth] of golden) {
      // y = 3 + 0.5 / sqrt(4) x: the scale is sigma / sqrt(size).
      expect(studentT.logLik(3 + 0.25 * x, 4, 3, 0.5, nu)).toBeCloseTo(truth - Math.log(0.25), 12);
    }
  });

  it('integrates to 1, with the variance it states', () => {
    for (const nu of [4.5, 9]) {
      let total = 0;
      let square = 0;
      // y = sinh(t): the trapezoid rule converges geometrically.
      for (let t = -18; t <= 18; t += 0.01) {
        const y = Math.sinh(t);
        const mass = 0.01 * Math.cosh(t) * Math.exp(studentT.logLik(y, 2, 0, 0.7, nu));
        total += mass;
        square += y * y * mass;
      }
      expect(total).toBeCloseTo(1, 12);
      expect(square / studentT.variance(2, 0, 0.7, nu)).toBeCloseTo(1, 10);
    }
    expect(studentT.variance(1, 0, 1, 2)).toBe(Infinity);
  });

  it('has the derivatives that differences give, an outlier with a curvature of its own sign', () => {
    const out = new Float64Array(4);
    const h = 1e-3;
    for (const y of [1.2, 4, -9]) {
      for (const nu of [1.3, 5, 60]) {
        const at = (eta: number) => studentT.logLik(y, 2, eta, 0.8, nu);
        studentT.derivatives(y, 2, 0.5, 0.8, out, nu);
        const eta = 0.5;
        expect(out[0]! + studentT.logConstant(y, 2)).toBeCloseTo(at(eta), 13);
        // Central differences: error of order h^2 times the derivative two orders up, all below 10 here.
        expect(Math.abs(out[1]! - (at(eta + h) - at(eta - h)) / (2 * h))).toBeLessThan(1e-4);
        expect(Math.abs(out[2]! + (at(eta + h) - 2 * at(eta) + at(eta - h)) / (h * h))).toBeLessThan(1e-4);
        const third = (at(eta + 2 * h) - 2 * at(eta + h) + 2 * at(eta - h) - at(eta - 2 * h)) / (2 * h * h * h);
        expect(Math.abs(out[3]! - third)).toBeLessThan(1e-3);
      }
    }
    studentT.derivatives(-9, 2, 0.5, 0.8, out, 1.3);
    expect(out[2]).toBeLessThan(0);
  });

  it('is the normal distribution at nu = Infinity, and tends to it', () => {
    const t = new Float64Array(4);
    const normal = new Float64Array(4);
    gaussian.derivatives(2.5, 4, 1, 0.8, normal);
    studentT.derivatives(2.5, 4, 1, 0.8, t);
    expect([...t]).toEqual([...normal].map((value) => expect.closeTo(value, 13)));
    studentT.derivatives(2.5, 4, 1, 0.8, t, 1e12);
    expect([...t]).toEqual([...normal].map((value) => expect.closeTo(value, 8)));
    expect(studentT.logLik(2.5, 4, 1, 0.8)).toBeCloseTo(gaussian.logLik(2.5, 4, 1, 0.8), 13);
    // z^2 beyond all numbers: the curvature is still 1 / sigma^2.
    studentT.derivatives(1e200, 1, 0, 1, t);
    expect([...t]).toEqual([-Infinity, 1e200, 1, 0]);
    expect(mixingWeight(3, Infinity)).toBe(1);
    expect(studentT.simulate(4, 1, 0.8, createRng([7]))).toBe(gaussian.simulate(4, 1, 0.8, createRng([7])));
  });

  it('simulates the distribution it states: Kolmogorov-Smirnov at 1e-4 over 50 000 draws', () => {
    for (const nu of [1.4, 6]) {
      const rng = createRng([4101]);
      const draws = Float64Array.from({ length: 50000 }, () => studentT.simulate(4, 3, 0.5, rng, nu));
      const cdf = (y: number): number => {
        const tail = 0.5 * studentTwoSided((y - 3) / 0.25, nu);
        return y > 3 ? 1 - tail : tail;
      };
      expect(kolmogorovSmirnov(draws, cdf)).toBeLessThan(KS_BOUND);
    }
  });
});
