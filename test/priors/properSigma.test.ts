import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfT, inverseGamma, lkj, type Prior, uniform } from '../../src/graph/priors.ts';
import { plan } from '../../src/mcmc/plan.ts';

function fault(model: string, rows: Record<string, readonly (number | string)[]>, priors = {}, family = 'gaussian') {
  try {
    plan(formula(model, { priors, family: family as 'gaussian' }), { rows });
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  return null;
}

/**
 * Two treatments in four groups, one row a cell (from a question on stats.stackexchange, 488428), and the first cell's
 * row once more.
 */
const cells = {
  G: ['A', 'B', 'C', 'D', 'A', 'B', 'C', 'D'],
  a: ['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B'],
  Y: [
    -0.626453810742332, 0.183643324222082, -0.835628612410047, 1.59528080213779, 0.329507771815361, -0.820468384118015,
    0.487429052428485, 0.738324705129217,
  ],
};
const tied = { G: [...cells.G, 'A'], a: [...cells.a, 'A'], Y: [...cells.Y, cells.Y[0]!] };

describe('a response that is fitted exactly', () => {
  it('is refused where one contrast of the rows is left, though there are more columns than rows', () => {
    const error = fault('Y ~ a + (0 + a | G)', tied);
    expect(error?.code).toBe('residual-scale');
    expect(error?.where).toBe('Y');
    expect(error?.message).toContain('9 rows, 8 independent columns');
    expect(error?.message).toContain('sigma^-1 there');
    expect(fault('Y ~ a + (0 + a | G)', tied, {}, 'studentT')?.code).toBe('residual-scale');
  });

  it('is sampled where the columns are as many as the rows, and where the tie is none', () => {
    expect(fault('Y ~ a + (0 + a | G)', cells)).toBeNull();
    const apart = { ...tied, Y: [...cells.Y, cells.Y[0]! + 1e-6] };
    expect(fault('Y ~ a + (0 + a | G)', apart)).toBeNull();
    expect(fault('y ~ x + (1 | g)', { y: [1, 2, 4], x: ['a', 'b', 'c'], g: ['p', 'q', 'q'] })).toBeNull();
  });

  it.each<[string, Prior, boolean]>([
    ['inverse gamma', inverseGamma(2, 1), true],
    ['uniform away from 0', uniform(0.1, 5), true],
    ['uniform from 0', uniform(0, 5), false],
    ['half-t', halfT(3, 1), false],
  ])('depends on the prior of sigma at 0: %s', (_title, sigma, proper) => {
    expect(fault('Y ~ a + (0 + a | G)', tied, { sigma }) === null).toBe(proper);
  });

  it('names the sds that would go to 0 together with sigma', () => {
    const x = [0, 1, 2, 3, 4];
    const line = x.map((value) => 2 + 3 * value);
    // One row a group: n - p = 3 contrasts, variance tau^2 + sigma^2; the plane of (tau, sigma) makes up for two of
    // them.
    const error = fault('y ~ x + (1 | g)', { y: line, x, g: ['a', 'b', 'c', 'd', 'e'] });
    expect(error?.message).toContain('piles up at 0 together with tau_g[Intercept]');
    const fewer = { y: line.slice(0, 3), x: x.slice(0, 3), g: ['a', 'b', 'c'] };
    expect(fault('y ~ x + (1 | g)', fewer)).toBeNull();
    expect(
      fault('y ~ x + (1 | g)', { y: line, x, g: ['a', 'b', 'c', 'd', 'e'] }, { tau_g: inverseGamma(2, 1) }),
    ).toBeNull();
  });

  it.each([
    ['about the means of the columns', {}],
    ['on the columns as written', { 'tau_g[Intercept]': halfT(3, 2), 'tau_g[year]': halfT(3, 2), corr_g: lkj(1) }],
  ])('finds a slope that no group needs, priors %s', (_title, priors) => {
    // Two rows a group, seven groups: lines of one slope and seven intercepts. n - r = 14 - 8 contrasts, of which the
    // sd of the slope makes up for one.
    const groups = [3, 1, 4, 1, 5, 9, 2];
    const rows = {
      y: groups.flatMap((value, j) => [value + 2 * j, value + 2 * (j + 3)]),
      year: groups.flatMap((_, j) => [2000 + j, 2003 + j]),
      g: groups.flatMap((_, j) => [`g${j}`, `g${j}`]),
    };
    const error = fault('y ~ year + (1 + year | g)', rows, priors);
    expect(error?.message).toContain('14 rows, 8 independent columns');
    expect(error?.message).toContain('together with tau_g[year] without');
    expect(error?.message).toContain('sigma^-5 there');
    // The same data in groups whose slopes differ are fitted by all columns, as many as rows.
    const apart = { ...rows, y: rows.y.map((value, i) => (i % 2 === 0 ? value : value + (i % 5))) };
    expect(fault('y ~ year + (1 + year | g)', apart, priors)).toBeNull();
  });
});
