import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { ModelError } from '../../../src/errors.ts';
import { formula } from '../../../src/formula/formula.ts';
import { generalizedCriterion } from '../../../src/likelihood/generalized/generalizedCriterion.ts';
import { laplaceDeviance } from '../../../src/likelihood/generalized/laplaceDeviance.ts';
import { generalizedState } from '../../../src/likelihood/generalized/marginalDeviance.ts';
import { bootstrap } from '../../../src/likelihood/inference/bootstrap.ts';
import { contrast } from '../../../src/likelihood/inference/contrast.ts';
import { intervals } from '../../../src/likelihood/inference/intervals.ts';
import { likelihoodRatio } from '../../../src/likelihood/inference/likelihoodRatio.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { relativeFactors } from '../../../src/likelihood/relativeFactor.ts';
import { cells } from '../../../src/products/cells.ts';
import { toWorking } from '../../../src/products/coordinates.ts';
import { cellRows } from '../../../src/products/familyRows.ts';
import { groupIntegralDeviance } from '../../oracle/groupIntegral.ts';
import { uniforms } from '../../oracle/randomDesign.ts';
import { data } from '../goldenData.ts';

const binomial = { family: 'binomialLogit' } as const;
const cbpp = formula('incidence | trials(size) ~ factor(period) + (1 | herd)', binomial);

/** 0/1 rows in groups with a covariate; deterministic. */
function made(groups: number, rows: number, seed: number): Record<'y' | 'x' | 'g' | 'h', number[]> {
  const uniform = uniforms(seed);
  const out = { y: [] as number[], x: [] as number[], g: [] as number[], h: [] as number[] };
  const effects = Array.from({ length: groups }, () => 3 * (uniform() - 0.5));
  for (let i = 0; i < groups * rows; i++) {
    const g = i % groups;
    const x = Math.round(4 * (uniform() - 0.5));
    out.y.push(uniform() < 1 / (1 + Math.exp(-effects[g]! - 0.6 * x)) ? 1 : 0);
    out.x.push(x);
    out.g.push(g);
    out.h.push(Math.floor(uniform() * 4));
  }
  return out;
}

function close(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  for (let k = 0; k < a.length; k++) expect(Math.abs(a[k]! - b[k]!)).toBeLessThan(tolerance);
}

function same(a: MaximumLikelihoodFit, b: MaximumLikelihoodFit, tolerance: number): void {
  expect(Math.abs(a.deviance - b.deviance)).toBeLessThan(tolerance);
  close(a.fixef.estimates, b.fixef.estimates, tolerance);
  close(a.fixef.standardErrors, b.fixef.standardErrors, tolerance);
  close(a.theta, b.theta, tolerance);
}

describe('the likelihood beside the integral it approximates', () => {
  it('of two groups is that of brute-force quadrature, and its optimum cannot be improved', () => {
    const rows = { ...made(2, 12, 5) };
    const graph = formula('y ~ x + (1 | g)', binomial);
    const fit = maximumLikelihood(graph, { rows }, { method: 'agq', points: 50 });
    const design = buildDesign(graph, { rows });
    const at = (theta: number, a: number, b: number) => groupIntegralDeviance(design, [theta], [a, b], 801);
    const [a, b] = fit.fixef.estimates as unknown as [number, number];
    const theta = fit.theta[0]!;
    expect(theta).toBeGreaterThan(0);
    const best = at(theta, a, b);
    expect(Math.abs(fit.deviance - best)).toBeLessThan(1e-9);
    for (const h of [0.05, -0.05]) {
      expect(at(theta + h, a, b)).toBeGreaterThan(best);
      expect(at(theta, a + h, b)).toBeGreaterThan(best);
      expect(at(theta, a, b + h)).toBeGreaterThan(best);
    }
  });

  it.each([
    ['cbpp', cbpp],
    ['tumors', formula('y | trials(K) ~ 1 + (1 | row)', binomial)],
  ] as const)('of %s comes to nested quadrature geometrically as points are added', (name, graph) => {
    const { rows } = data(name);
    const frame = rows as { n: number; columns: ReadonlyMap<string, { kind: 'number'; values: Float64Array }> };
    const row = { kind: 'number' as const, values: Float64Array.from({ length: frame.n }, (_, i) => i) };
    const given = { rows: { n: frame.n, columns: new Map([...frame.columns, ['row', row] as const]) } };
    const design = buildDesign(graph, given);
    const errors = [3, 5, 9, 15, 25].map((points) => {
      const fit = maximumLikelihood(graph, given, { method: 'agq', points });
      return Math.abs(fit.deviance - groupIntegralDeviance(design, fit.theta, fit.fixef.estimates, 801));
    });
    errors.slice(1).forEach((error, k) => {
      expect(error).toBeLessThan(errors[k]! / 20);
    });
    // Rounding of a sum of deviances of about 200 and 300.
    expect(errors[4]!).toBeLessThan(1e-11);
    // Laplace's own error: a tenth for cbpp, two tenths for tumors.
    const laplace = maximumLikelihood(graph, given);
    const exact = groupIntegralDeviance(design, laplace.theta, laplace.fixef.estimates, 801);
    expect(Math.abs(laplace.deviance - exact)).toBeLessThan(0.25);
  });

  it('of a varying slope by Laplace is near nested quadrature over both coefficients', () => {
    const rows = made(8, 40, 9);
    const graph = formula('y ~ x + (1 + x | g)', binomial);
    const fit = maximumLikelihood(graph, { rows });
    const design = buildDesign(graph, { rows });
    const [a, b, c] = fit.theta as unknown as [number, number, number];
    const exact = groupIntegralDeviance(design, [a, 0, b, c], fit.fixef.estimates, 121);
    // Laplace's error: about 1 / 40 per group and coefficient at most.
    expect(Math.abs(fit.deviance - exact)).toBeLessThan(0.1);
    expect(fit.deviance).not.toBe(exact);
  });
});

describe('standard errors', () => {
  it.each([
    ['two coefficients of one factor, logit', 'use ~ livch + urban + (1 + urban | district)', 'binomialLogit'],
    ['crossed factors, probit', 'use ~ urban + (1 | district) + (1 | livch)', 'bernoulliProbit'],
  ] as const)('are those of second differences of the deviance over theta and beta: %s', (_, text, family) => {
    const design = buildDesign(formula(text, { family }), data('contraception'));
    const fit = maximumLikelihood(formula(text, { family }), data('contraception'));
    const merged = cells(design);
    const state = generalizedState(merged.design, cellRows(design, merged));
    const { beta: map, groups } = state.predictor.coordinates;
    const start = Float64Array.from(fit.fixef.estimates);
    toWorking(map, start);
    const criterion = generalizedCriterion(design, laplaceDeviance(state), start);
    const factors = relativeFactors(design.groupTerms, groups);
    const x = new Float64Array(criterion.factors.size);
    x.set(factors.toSearch(factors.fromTheta(fit.theta)));
    const d = x.length;
    const at = (k: number, a: number, l: number, b: number): number => {
      const point = Float64Array.from(x);
      point[k]! += a;
      point[l]! += b;
      return criterion.at(criterion.factors.fromSearch(point));
    };
    const cross = (k: number, l: number, h: number): number =>
      (at(k, h, l, h) - at(k, h, l, -h) - at(k, -h, l, h) + at(k, -h, l, -h)) / (4 * h * h);
    const H = Array.from({ length: d }, (_row, k) =>
      Array.from({ length: d }, (_column, l) => {
        // Extrapolated twice: error h^6.
        const once = (h: number) => (4 * cross(k, l, h) - cross(k, l, 2 * h)) / 3;
        return (16 * once(5e-3) - once(1e-2)) / 15;
      }),
    );
    const { p } = design;
    const corner = inverse(new Matrix(H))
      .subMatrix(d - p, d - 1, d - p, d - 1)
      .mul(2);
    const T = new Matrix(Array.from({ length: p }, (_row, a) => Array.from(map.T.subarray(a * p, (a + 1) * p))));
    const vcov = T.mmul(corner).mmul(T.transpose());
    fit.fixef.standardErrors.forEach((se, k) => {
      // The search takes its Hessian where the deviance is within 1e-9 of the minimum, before the last Newton steps:
      // 3e-5 standard errors from it.
      expect(Math.abs(se / Math.sqrt(vcov.get(k, k)) - 1)).toBeLessThan(1e-5);
    });
  });
});

describe('a fit of a binomial model', () => {
  const rows = made(9, 14, 7);
  const crossed = formula('y ~ x + (1 + x | g) + (1 | h)', binomial);

  it('is the same for shuffled rows and renamed groups', () => {
    const n = rows.y.length;
    const order = Array.from({ length: n }, (_, i) => (i * 25 + 3) % n);
    const pick = (values: readonly number[]) => order.map((i) => values[i]!);
    const renamed = { y: pick(rows.y), x: pick(rows.x), g: pick(rows.g).map((g) => 100 - 7 * g), h: pick(rows.h) };
    same(maximumLikelihood(crossed, { rows }), maximumLikelihood(crossed, { rows: renamed }), 1e-7);
  });

  it('is the same, byte for byte, when it is run again', () => {
    const [a, b] = [maximumLikelihood(crossed, { rows }), maximumLikelihood(crossed, { rows })];
    expect(Array.from(a.fixef.vcov)).toEqual(Array.from(b.fixef.vcov));
    expect(Array.from(a.theta)).toEqual(Array.from(b.theta));
    expect(a.deviance).toBe(b.deviance);
  });

  it('counts a row of weight 3 as three rows, in bic too', () => {
    const w = rows.y.map((_, i) => 1 + (i % 3));
    const repeat = (values: readonly number[]) => values.flatMap((value, i) => Array<number>(w[i]!).fill(value));
    const long = { y: repeat(rows.y), x: repeat(rows.x), g: repeat(rows.g), h: repeat(rows.h) };
    const weighted = maximumLikelihood(formula('y | weights(w) ~ x + (1 | g)', binomial), { rows: { ...rows, w } });
    const repeated = maximumLikelihood(formula('y ~ x + (1 | g)', binomial), { rows: long });
    same(weighted, repeated, 1e-9);
    expect(Math.abs(weighted.bic - repeated.bic)).toBeLessThan(1e-9);
  });

  it('follows the units of a covariate', () => {
    const scaled = { ...rows, x: rows.x.map((x) => 1e4 * x + 2e6) };
    const graph = formula('y ~ x + (1 | g)', binomial);
    const [a, b] = [maximumLikelihood(graph, { rows }), maximumLikelihood(graph, { rows: scaled })];
    expect(Math.abs(a.deviance - b.deviance)).toBeLessThan(1e-8);
    expect(Math.abs(b.fixef.estimates[1]! * 1e4 - a.fixef.estimates[1]!)).toBeLessThan(1e-7);
    expect(Math.abs(b.fixef.standardErrors[1]! * 1e4 - a.fixef.standardErrors[1]!)).toBeLessThan(1e-7);
    close(a.theta, b.theta, 1e-7);
  });

  it('changes sign when successes and failures are exchanged', () => {
    const graph = formula('y ~ x + (1 | g)', binomial);
    const [a, b] = [rows, { ...rows, y: rows.y.map((y) => 1 - y) }].map((each) =>
      maximumLikelihood(graph, { rows: each }),
    );
    close(
      a!.fixef.estimates,
      b!.fixef.estimates.map((value) => -value),
      1e-8,
    );
    close(
      a!.groups[0]!.modes,
      b!.groups[0]!.modes.map((value) => -value),
      1e-8,
    );
    expect(Math.abs(a!.deviance - b!.deviance)).toBeLessThan(1e-9);
  });

  it('takes an offset', () => {
    const graph = formula('y ~ x + (1 | g)', binomial);
    const known = rows.x.map((x) => 0.4 * x);
    const shifted = maximumLikelihood(formula('y ~ x + offset(known) + (1 | g)', binomial), {
      rows: { ...rows, known },
    });
    const plain = maximumLikelihood(graph, { rows });
    expect(Math.abs(shifted.fixef.estimates[1]! + 0.4 - plain.fixef.estimates[1]!)).toBeLessThan(1e-8);
    close(shifted.fitted, plain.fitted, 1e-8);
  });

  it('has probabilities as fitted values and observed proportions less them as residuals', () => {
    const fit = maximumLikelihood(cbpp, data('cbpp'));
    const { y, trials } = fit.design.response;
    fit.fitted.forEach((mean, i) => {
      expect(mean > 0 && mean < 1).toBe(true);
      expect(fit.residuals[i]!).toBe(y[i]! / trials![i]! - mean);
    });
  });

  it('of a hundred thousand trials in each row, where lme4 may run out of step-halvings, is an answer', () => {
    const g = Array.from({ length: 12 }, (_, j) => j);
    const n = g.map((j) => 100000 + 1000 * j);
    const y = n.map((size, j) => (j === 0 ? 0 : Math.round(size * (0.2 + 0.05 * j))));
    const graph = formula('y | trials(n) ~ 1 + (1 | g)', binomial);
    const fit = maximumLikelihood(graph, { rows: { y, n, g } });
    expect(fit.convergence.converged).toBe(true);
    // So many trials leave nothing to pool: each mode is its own logit, but for the level without a success.
    fit.groups[0]!.modes.forEach((mode, j) => {
      const own = Math.log(y[j]! / (n[j]! - y[j]!)) - fit.fixef.estimates[0]!;
      if (j > 0) expect(Math.abs(mode - own)).toBeLessThan(1e-3);
      else expect(mode > -20 && mode < -8).toBe(true);
    });
  });

  it('with tau = 0 is that of complete pooling, says so in one sentence, and is no failure', () => {
    // Every group has the same outcomes: less variation than chance.
    const flat = { y: [] as number[], g: [] as number[] };
    for (let g = 0; g < 6; g++)
      for (let i = 0; i < 8; i++) {
        flat.y.push(i % 2);
        flat.g.push(g);
      }
    for (const options of [{}, { method: 'agq' as const, points: 7 }]) {
      const fit = maximumLikelihood(formula('y ~ 1 + (1 | g)', binomial), { rows: flat }, options);
      const pooled = maximumLikelihood(formula('y ~ 1', binomial), { rows: flat });
      expect(fit.theta[0]).toBe(0);
      expect(fit.boundary).toEqual([
        'g: the sd of Intercept is estimated as 0, the boundary: this variation among levels cannot be told from none.',
      ]);
      expect(fit.convergence.converged).toBe(true);
      expect(Math.abs(fit.deviance - pooled.deviance)).toBeLessThan(1e-9);
      expect(Math.abs(fit.fixef.standardErrors[0]! - pooled.fixef.standardErrors[0]!)).toBeLessThan(1e-7);
    }
  });

  it('of levels with only successes or only failures has no estimate, and says so', () => {
    const y = [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1];
    const g = y.map((_, i) => Math.floor(i / 4));
    for (const options of [{}, { method: 'agq' as const, points: 15 }]) {
      const fit = () => maximumLikelihood(formula('y ~ 1 + (1 | g)', binomial), { rows: { y, g } }, options);
      expect(fit).toThrow(/^y: every level of g has only successes or only failures, .*no estimate exists/);
    }
  });
});

describe('methods', () => {
  const rows = made(6, 6, 3);
  const graph = formula('y ~ x + (1 | g)', binomial);
  const message = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      if (error instanceof ModelError) return error.message;
      throw error;
    }
    return '';
  };

  it('are laplace by default and agq with 9 points', () => {
    expect(maximumLikelihood(graph, { rows }).method).toBe('laplace');
    const nine = maximumLikelihood(graph, { rows }, { method: 'agq' });
    expect([nine.method, nine.points]).toEqual(['agq', 9]);
  });

  it('that are not the family’s, or points that are none, are refused in one sentence', () => {
    const refusal = (options: object, text = 'y ~ x + (1 | g)') =>
      message(() => maximumLikelihood(formula(text, binomial), { rows }, options));
    expect(refusal({ method: 'REML' })).toBe(
      "y is binomialLogit and method is 'REML'; 'laplace' and 'agq' are accepted",
    );
    expect(refusal({ method: 'ML' })).toContain("'laplace' and 'agq' are accepted");
    expect(message(() => maximumLikelihood(formula('x ~ 1 + (1 | g)'), { rows }, { method: 'laplace' }))).toContain(
      "'REML' and 'ML' are accepted",
    );
    expect(refusal({ points: 5 })).toBe("points is given with method 'laplace'; 'agq' alone takes points");
    expect(refusal({ method: 'agq', points: 2.5 })).toBe(
      'points is 2.5; adaptive quadrature accepts a whole number from 1 to 200',
    );
    expect(refusal({ method: 'agq' }, 'y ~ x + (1 + x | g)')).toContain('g with 2 varying');
    expect(refusal({ method: 'agq' }, 'y ~ x + (1 | g) + (1 | h)')).toContain('g with 1 varying and h with 1 varying');
  });

  it('stand behind tests and intervals: z tests, likelihood ratios, a bootstrap; no profile yet', () => {
    const small = maximumLikelihood(formula('y ~ 1 + (1 | g)', binomial), { rows });
    const large = maximumLikelihood(graph, { rows });
    const test = likelihoodRatio(small, large);
    expect([test.method, test.refitted, test.df]).toEqual(['laplace', false, 1]);
    expect(Math.abs(test.chiSquare - (small.deviance - large.deviance))).toBeLessThan(1e-12);
    expect(contrast(large, 'x').df).toBe(Number.POSITIVE_INFINITY);
    const wald = intervals(large, { method: 'wald', level: 0.95 }).find(({ parameter }) => parameter === 'beta[x]')!;
    const reach = 1.959963984540054 * large.fixef.standardErrors[1]!;
    expect(Math.abs(wald.upper! - wald.estimate - reach)).toBeLessThan(1e-9);
    expect(intervals(large, { method: 'profile' }).some(({ reason }) => reason?.includes('bootstrap'))).toBe(true);
    const draws = bootstrap(large, { seed: 4, simulations: 20 });
    const again = bootstrap(large, { seed: 4, simulations: 20 });
    expect(draws.values.map((values) => Array.from(values))).toEqual(again.values.map((values) => Array.from(values)));
    expect(new Set(draws.values[1]).size).toBeGreaterThan(15);
  });
});
