import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { simulateResponse } from '../../src/likelihood/inference/simulateResponse.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../src/random/rng.ts';
import { randomCase } from '../fuzz/lme4/randomCase.ts';

/** Groups of 2, 3 or 4 rows with group effects of sd about 1 and residuals of the given size, in the given unit. */
function layout(noise: number, unit: number) {
  const rng = createRng([74]);
  return Array.from({ length: 12 }, (_, j) => {
    const [level, slope] = [rng.normal(), rng.normal()];
    return [-1, 0, 1, 2].slice(0, 2 + (j % 3)).map((x, i) => ({
      g: `g${j}`,
      x,
      y: unit * (5 + level + (1 + slope) * x + noise * (i % 2 === 0 ? 1 : -1) * (1 + (j % 3))),
    }));
  }).flat();
}

describe('conditional modes', () => {
  it.each([1e-2, 1e-5, 1e-7])(
    'of groups whose residuals are %d of their effects add up to the fit of each group',
    (noise) => {
      const rows = layout(noise, 1);
      const fit = maximumLikelihood(formula('y ~ x + (1 + x | g)'), { rows });
      const [b0, b1] = fit.fixef.estimates;
      const { modes, levels } = fit.groups[0]!;
      levels.forEach((level, j) => {
        for (const row of rows) {
          if (row.g !== level) continue;
          const own = b0! + modes[2 * j]! + (b1! + modes[2 * j + 1]!) * row.x;
          // Next to no shrinkage: what is left are the residuals of each group's own line.
          expect(Math.abs(row.y - own)).toBeLessThan(10 * noise);
        }
      });
    },
  );
});

describe('conditional modes beside the dense formula', () => {
  it.each([0.1, 0.02, 0.005])("are Sigma Z' V^-1 (y - X beta), residuals %d of the effects", (noise) => {
    const rows = layout(noise, 1);
    const fit = maximumLikelihood(formula('y ~ x + (1 + x | g)'), { rows });
    const [b0, b1] = fit.fixef.estimates;
    const { modes, levels, Sigma } = fit.groups[0]!;
    const S = Matrix.from1DArray(2, 2, [...Sigma]);
    levels.forEach((level, j) => {
      const own = rows.filter(({ g }) => g === level);
      const Z = new Matrix(own.map(({ x }) => [1, x]));
      const residual = Matrix.columnVector(own.map(({ x, y }) => y - b0! - b1! * x));
      const V = Z.mmul(S)
        .mmul(Z.transpose())
        .add(Matrix.eye(own.length).mul(fit.sigma! ** 2));
      const u = S.mmul(Z.transpose()).mmul(inverse(V)).mmul(residual);
      // V has a condition of 1e6 at the most.
      for (let k = 0; k < 2; k++) expect(Math.abs(modes[2 * j + k]! - u.get(k, 0))).toBeLessThan(1e-8);
    });
  });
});

describe('known standard errors of a millionth of what groups vary by', () => {
  it('leave the criterion its digits, wherever the response has its origin', () => {
    const one = randomCase('gauss', 61014);
    const fits = [0, 1000, 500].map((shift) => {
      const y = one.columns['y']!.map((value) => Number(value) - shift);
      return maximumLikelihood(formula(one.formula), { rows: { ...one.columns, y } });
    });
    // In 50 decimal digits; the last bit of a response of 1000 moves it by 1e-7 of a standard error.
    for (const { deviance, theta } of fits) {
      expect(deviance).toBeCloseTo(-32.42411719259, 6);
      expect(theta[0]).toBeCloseTo(0.704923, 5);
    }
  });
});

describe('a response drawn from a fit', () => {
  it.each([2 ** -40, 2 ** 40])('is in the units of the response: %d', (unit) => {
    const draw = (scale: number): number[] => {
      const fit = maximumLikelihood(formula('y ~ x + (1 + x | g)'), { rows: layout(0.3, scale) });
      return Array.from(simulateResponse(fit, createRng([75])), (value) => value / scale);
    };
    const plain = draw(1);
    draw(unit).forEach((value, i) => {
      expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-5);
    });
  });
});
