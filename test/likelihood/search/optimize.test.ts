import { describe, expect, it } from 'vitest';
import { differenceHessian, minimize, type Objective } from '../../../src/likelihood/search/optimize.ts';

const rosenbrock: Objective = (x, gradient) => {
  const [a, b] = [x[0]!, x[1]!];
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
};

describe('minimize', () => {
  it("finds the end of Rosenbrock's valley to 1e-9", () => {
    const { x, value, gradient, hessian } = minimize(rosenbrock, [-1.2, 1], { tolerance: 1e-12 });
    expect(x[0]).toBeCloseTo(1, 9);
    expect(x[1]).toBeCloseTo(1, 9);
    expect(value).toBeLessThan(1e-18);
    expect(Math.hypot(...gradient)).toBeLessThan(1e-8);
    expect(hessian[0]).toBeCloseTo(802, 3);
    expect(hessian[1]).toBeCloseTo(-400, 3);
  });

  it('gains digits from the gradient that the value has lost', () => {
    // A value near 1e6 is rounded to 1e-10, which hides x below 1e-5; the gradient does not.
    const { x } = minimize(
      (z, gradient) => {
        gradient[0] = 2 * (z[0]! - 0.3);
        return 1e6 + (z[0]! - 0.3) ** 2;
      },
      [5],
    );
    expect(Math.abs(x[0]! - 0.3)).toBeLessThan(1e-10);
  });

  it.each([[30], [-40], [200]])('comes down a cone from far, where the first step must be cut: %d', (from) => {
    const { x } = minimize(
      (z, gradient) => {
        const t = z[0]! - 3;
        const r = Math.sqrt(1 + t * t);
        gradient[0] = t / r;
        return r;
      },
      [from],
    );
    expect(Math.abs(x[0]! - 3)).toBeLessThan(1e-9);
  });

  it('descends from a start where the curvature is negative', () => {
    const { x } = minimize(
      (z, gradient) => {
        gradient[0] = 4 * z[0]! ** 3 - 4 * z[0]!;
        return z[0]! ** 4 - 2 * z[0]! ** 2;
      },
      [0.1],
    );
    expect(Math.abs(x[0]! - 1)).toBeLessThan(1e-8);
  });

  it('never accepts a point outside the domain, and comes back into it in few steps', () => {
    // -log x + x, infinite for x <= 0, started so that the first Newton step overshoots.
    const { x, evaluations } = minimize(
      (z, gradient) => {
        const at = z[0]!;
        if (at <= 0) return Number.NaN;
        gradient[0] = 1 - 1 / at;
        return at - Math.log(at);
      },
      [8],
    );
    expect(Math.abs(x[0]! - 1)).toBeLessThan(1e-8);
    // Nine; bisection or a bracket taken the wrong way about would need dozens.
    expect(evaluations).toBeLessThan(20);
  });

  it('accepts a problem without coordinates', () => {
    expect(minimize(() => 4, []).value).toBe(4);
  });
});

describe('second derivatives by differences', () => {
  it('are those at the point in a valley that is narrow beside its distance from 0', () => {
    // 3 (1 - cos(x - 1e5)) + (y - 1e5)^2 / 1e8: a ten-thousandth of x is more than a turn of the cosine.
    const H = differenceHessian(
      ([x, y], gradient) => {
        gradient[0] = 3 * Math.sin(x! - 1e5);
        gradient[1] = (2 * (y! - 1e5)) / 1e8;
        return 3 * (1 - Math.cos(x! - 1e5)) + (y! - 1e5) ** 2 / 1e8;
      },
      Float64Array.of(1e5, 1e5),
    );
    expect(H[0]! / 3).toBeCloseTo(1, 3);
    expect(H[3]! / 2e-8).toBeCloseTo(1, 6);
    expect(H[1]).toBe(0);
  });
});
