import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { convergence } from '../../../src/likelihood/search/convergence.ts';
import { estimateTheta, type ThetaEstimate } from '../../../src/likelihood/search/estimateTheta.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { data } from '../goldenData.ts';

/** An estimate as the search leaves it, with a diagonal Hessian. */
function estimate(expectedDecrease: number, curvatures: readonly number[]): ThetaEstimate {
  const d = curvatures.length;
  const hessian = new Float64Array(d * d);
  curvatures.forEach((value, k) => {
    hessian[k * d + k] = value;
  });
  const zero = new Float64Array(d);
  const minimum = { x: zero, value: 5, gradient: zero, hessian, evaluations: 3, expectedDecrease };
  return { lambdas: [], deviance: 5, minimum, ranks: [], largest: 1, optima: 1, ahead: null };
}

describe('convergence', () => {
  it.each([
    [9.9e-7, [4, 2], true],
    [1.01e-6, [4, 2], false],
    [0, [4, -3.96e-6], true],
    [0, [4, -4.04e-6], false],
    [0, [-9, 4], false],
    [0, [0, 0], true],
    [0, [], true],
  ])(
    'is a Newton step of no more than 1e-6 and no direction down by 1e-6 of the largest: %d, %j',
    (decrease, curvatures, converged) => {
      const told = convergence(estimate(decrease, curvatures));
      expect(told.converged).toBe(converged);
      expect(told.message === '').toBe(converged);
    },
  );

  it('is told with the decrease that was missed, and the smallest curvature as a share of the largest', () => {
    const told = convergence(estimate(0.25, [8, 2, 4]));
    expect(told.message).toMatch(/^the search stopped 2\.5e-1 above the deviance a Newton step predicts: /);
    expect(told.curvature).toBe(0.25);
    expect(told.evaluations).toBe(3);
  });

  it('names a direction down, or derivatives that are not finite, where it is that and no decrease that is missed', () => {
    expect(convergence(estimate(1e-17, [4, -1])).message).toMatch(
      /^where the search stopped the deviance curves down in one direction, by 2\.5e-1 of the largest curvature: /,
    );
    expect(convergence(estimate(Number.POSITIVE_INFINITY, [4, 1])).message).toMatch(
      /^where the search stopped the derivatives are not finite: /,
    );
  });
});

describe('the evaluations of a fit', () => {
  it('are the calls of its criterion', () => {
    for (const [name, text] of [
      ['sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)'],
      ['dyestuff2', 'Yield ~ 1 + (1 | Batch)'],
    ] as const) {
      const design = buildDesign(formula(text), data(name));
      const profiled = profiledDeviance(crossProducts(design), design, 'REML');
      let calls = 0;
      const { minimum } = estimateTheta({
        ...profiled,
        at: (...args) => {
          calls += 1;
          return profiled.at(...args);
        },
        search: (...args) => {
          calls += 1;
          return profiled.search(...args);
        },
      });
      expect(minimum.evaluations).toBe(calls);
    }
  });

  it('leave nothing to gain where there is nothing to search', () => {
    const rows = { y: [0, 1, 1, 0, 1], x: [1, 2, 3, 4, 5] };
    const fit = maximumLikelihood(formula('y ~ x', { family: 'binomialLogit' }), { rows });
    expect(fit.convergence.expectedDecrease).toBe(0);
    expect(fit.convergence.converged).toBe(true);
  });
});
