import { describe, expect, it } from 'vitest';
import { toTheEnd } from '../../src/pausing.ts';
import { climb } from '../../src/proposals/simplex.ts';

describe('the simplex search', () => {
  it.each([1, 2, 4])('climbs a far hill of %i coordinates within the evaluations it is given', (d) => {
    let calls = 0;
    const hill = (x: Float64Array): number => {
      calls += 1;
      return -x.reduce((sum, value, i) => sum + (1 + i) * (value - 10) ** 2, 0);
    };
    const x = new Float64Array(d);
    const evaluations = 150 * (d + 1);
    const value = toTheEnd(climb(hill, x, 0.3, evaluations));
    expect(value).toBe(hill(x));
    // Ends where the vertices agree to 1e-6.
    for (const each of x) expect(Math.abs(each - 10)).toBeLessThan(0.01);
    expect(calls).toBeLessThan(evaluations + 2 * d + 4);
  });

  it('expands: a hill 60 steps away takes no 80 evaluations', () => {
    let calls = 0;
    const x = Float64Array.of(0, 0);
    toTheEnd(
      climb(
        (at) => {
          calls += 1;
          return calls > 80 ? Number.NaN : -((at[0]! - 18) ** 2) - (at[1]! - 18) ** 2;
        },
        x,
        0.3,
        160,
      ),
    );
    expect(Math.hypot(x[0]! - 18, x[1]! - 18)).toBeLessThan(1);
  });

  it('keeps away from where the function is not a number, or minus infinity', () => {
    const x = Float64Array.of(0.5);
    toTheEnd(climb((at) => (at[0]! <= 0 ? Number.NaN : Math.log(at[0]!) - 3 * at[0]!), x, 2, 200));
    expect(x[0]).toBeCloseTo(1 / 3, 2);
  });
});
