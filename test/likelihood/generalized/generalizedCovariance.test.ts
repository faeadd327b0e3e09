import { describe, expect, it } from 'vitest';
import { generalizedCovariance } from '../../../src/likelihood/generalized/generalizedCovariance.ts';
import type { CoordinateMap } from '../../../src/products/coordinates.ts';

/** user = T working, T = (2 1; 0 3). */
const map: CoordinateMap = {
  k: 2,
  T: Float64Array.of(2, 1, 0, 3),
  inverse: Float64Array.of(1 / 2, -1 / 6, 0, 1 / 3),
  logDeterminant: Math.log(6),
};

/** T S T' for S = 2 (5 2; 2 3)^-1 = (6 -4; -4 10) / 11, by hand. */
const held = [4 * 6 + 4 * -4 + 10, 6 * -4 + 3 * 10, 6 * -4 + 3 * 10, 90].map((value) => value / 11);

describe('the covariance of beta of a generalized fit', () => {
  it('takes theta as it is where the Hessian over (theta, beta) has no inverse', () => {
    const hessian = Float64Array.of(-1, 0.3, 0.2, 0.3, 5, 2, 0.2, 2, 3);
    generalizedCovariance(hessian, 2, map).forEach((value, i) => {
      expect(value).toBeCloseTo(held[i]!, 13);
    });
  });

  it('is that of theta held, too, where theta and beta do not depend on each other', () => {
    const hessian = Float64Array.of(4, 0, 0, 0, 5, 2, 0, 2, 3);
    generalizedCovariance(hessian, 2, map).forEach((value, i) => {
      expect(value).toBeCloseTo(held[i]!, 13);
    });
  });

  it('is wider by what theta leaves uncertain: the corner of 2 H^-1', () => {
    // H = (1 1; 1 2) for one theta and one beta: H^-1 = (2 -1; -1 1).
    const one: CoordinateMap = {
      k: 1,
      T: Float64Array.of(3),
      inverse: Float64Array.of(1 / 3),
      logDeterminant: Math.log(3),
    };
    expect(generalizedCovariance(Float64Array.of(1, 1, 1, 2), 1, one)[0]).toBeCloseTo(18, 13);
  });

  it('is not a number where beta alone has no maximum', () => {
    expect([...generalizedCovariance(Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, 1), 2, map)]).toEqual(
      new Array(4).fill(Number.NaN),
    );
  });
});
