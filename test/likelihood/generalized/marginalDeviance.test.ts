import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { laplaceDeviance } from '../../../src/likelihood/generalized/laplaceDeviance.ts';
import { generalizedState } from '../../../src/likelihood/generalized/marginalDeviance.ts';
import { familyRows } from '../../../src/products/familyRows.ts';

const rows = { y: [0, 1, 1, 0, 1, 1], x: [1, 2, 3, 4, 5, 6], g: [...'aabbcc'] };

describe('the state of a marginal deviance', () => {
  it.each(['binomialLogit', 'bernoulliProbit'] as const)(
    'has no mode, and no deviance, at coefficients that are not finite: %s',
    (family) => {
      const design = buildDesign(formula('y ~ x + (1 | g)', { family }), { rows });
      const state = generalizedState(design, familyRows(design));
      state.mode.Lambda[0]!.fill(0.7);
      expect(state.settle(Float64Array.of(0.1, 0.2))).toBe(true);
      expect(Number.isFinite(laplaceDeviance(state).at(Float64Array.of(0.1, 0.2)))).toBe(true);
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(state.settle(Float64Array.of(wrong, 0.2))).toBe(false);
        expect(laplaceDeviance(state).at(Float64Array.of(wrong, 0.2))).toBeNaN();
      }
      expect(state.settle(Float64Array.of(0.1, 0.2))).toBe(true);
    },
  );
});
