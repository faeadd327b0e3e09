import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { productFit } from '../../fuzz/lme4/productFit.ts';
import { type CaseKind, randomCase } from '../../fuzz/lme4/randomCase.ts';
import { uniforms } from '../../oracle/randomDesign.ts';
import { caseData } from '../caseFrame.ts';

describe('a REML criterion of several minima', () => {
  // The lowest criterion of lme4 from several starts (of b: lme4's deviance function at this estimate), with its
  // thetas.
  it.each([
    ['reml_basins_a', 'y ~ x1 + (1 + x1 || g)', 162.431, 3, [23.45, 49.26]],
    ['reml_basins_b', 'y ~ x1 + x2 + (1 + x2 || g)', 6827.589369, 5, [52.135, 2.0501e-4]],
    ['reml_basins_c', 'y ~ 1 + (1 | g)', 37.79844, 5, [0]],
    ['reml_basins_d', 'y | se(s) ~ x1 + (1 | g) + (1 | h)', -132.4696, 4, [2.243e-4, 0]],
  ] as const)('is fitted at the lowest, and the others are told of: %s', (name, text, criterion, digits, thetas) => {
    const fit = maximumLikelihood(formula(text), caseData(name));
    expect(fit.deviance).toBeCloseTo(criterion, digits);
    expect(fit.convergence.converged).toBe(true);
    expect(fit.optima).toBe(2);
    expect(fit.messages).toEqual([expect.stringMatching(/^the searches ended in 2 optima of the REML criterion/)]);
    thetas.forEach((theta, k) => {
      expect(Math.abs(fit.theta[k]! - theta)).toBeLessThanOrEqual(1e-3 * theta);
    });
  });

  it('is fitted at the lowest where another is the way to sigma = 0', () => {
    const rows = {
      g: 'a b c d e f a b c'.split(' '),
      h: 'A B C D E F G H A'.split(' '),
      x: [0.17, 0.68, 0.09, 0.76, 0.3, 0.9, 0.93, 0.54, 0.54],
      y: [0.43, -1.74, 0.6, -2.87, -1.44, -2.55, -0.96, -1.07, -0.52],
    };
    // The deviance in 60 decimal digits, its minimum from a grid.
    const fit = maximumLikelihood(formula('y ~ x + (1 | g) + (1 | h)'), { rows });
    expect(fit.deviance).toBeCloseTo(15.561463, 6);
    expect(fit.sigma).toBeCloseTo(0.23042, 5);
    expect(fit.theta[0]).toBeCloseTo(3.6587, 4);
    expect(fit.theta[1]).toBe(0);
  });

  it('has one optimum in ordinary data, and says nothing', () => {
    const x = Array.from({ length: 60 }, (_, i) => i % 6);
    const y = x.map(
      (value, i) => value * (1 + Math.sin(Math.floor(i / 6))) + 3 * Math.cos(5 * Math.floor(i / 6)) + Math.sin(i * i),
    );
    const fit = maximumLikelihood(formula('y ~ x + (1 + x | g)'), {
      rows: { y, x, g: x.map((_, i) => `g${Math.floor(i / 6)}`) },
    });
    expect(fit.optima).toBe(1);
    expect(fit.messages).toEqual([]);
  });
});

describe('criteria of several minima that were met at random', () => {
  // The lowest that lme4 reaches from any of its starts; the last lies below all of those (its criterion there is
  // ours).
  it.each([
    ['ties', 14, 'REML', 23.9071178652507, 7],
    ['gauss', 7001, 'ML, one factor large and the other small', 45.609876807603, 6],
    ['binary', 32, 'Laplace, probit, two factors', 57.87466, 4],
    ['binary', 3001, 'Laplace, counts, three factors', 347.81869, 4],
    ['binary', 3048, 'Laplace, both sds at 10 times', 20.664, 4],
    // Below what ordered.R reaches from its starts, and its criterion there.
    ['ordinal', 51, 'Laplace, four sds, three of them of crossed factors', 28.4584367, 5],
    ['ordinal', 61007, 'Laplace, a direction of the thresholds and of one sd', 18.684896, 4],
    ['flat', 20083, 'ML, a slope by which one group does not vary', 315.5418232253, 6],
    ['flat', 20187, 'ML, the same', 597.446758052, 6],
    ['flat', 3061, 'REML, a slope of a group constant: another direction of the same rank', 323.72992842708, 6],
  ] as const)('are fitted at the lowest: %s %d, %s', (kind: CaseKind, seed, _title, lowest, digits) => {
    const fit = productFit(randomCase(kind, seed));
    expect(fit).toMatchObject({ ok: true, converged: true });
    if (!fit.ok) return;
    expect(fit.deviance).toBeCloseTo(lowest, digits);
    expect(fit.message).toMatch(/^the searches ended in \d+ optima of the (ML|REML|laplace) criterion/);
  });

  // lme4 goes on to sds of 1e5 to 1e7 sigma, where the criterion falls by 2 m log 4 for every factor of 4, or to a
  // limit below any minimum.
  it.each([
    ['small', 2006, 'ML, nearly a level a row beside weights'],
    ['ties', 3017, 'ML, along one direction of a block'],
    ['ties', 3044, 'REML, to a limit'],
    ['ties', 3014, 'ML, to a limit along a ray of two sds of unlike size'],
    ['ties', 3024, 'REML, to a limit, columns of X that only just differ'],
    ['ties', 3072, 'REML, to a limit behind another minimum'],
    ['ties', 3095, 'REML, to a limit, where a Cholesky factor has lost the slope'],
  ] as const)('have no estimate where the lowest is at sigma = 0: %s %d, %s', (kind: CaseKind, seed, _title) => {
    expect(productFit(randomCase(kind, seed))).toMatchObject({ ok: false, code: 'residual-scale' });
  });
});

describe('a minimum that is lower than a limit at sigma = 0', () => {
  it('by less than a Cholesky factor of such sds would lose: it is the estimate', () => {
    // In 60 decimal digits; along the common ray of both sds the criterion levels off to 33.51896.
    const fit = productFit(randomCase('ties', 40016));
    expect(fit).toMatchObject({ ok: true, converged: true, theta: [0, expect.closeTo(2.19884, 5)] });
    if (fit.ok) expect(fit.deviance).toBeCloseTo(33.4462876663, 9);
  });

  it('and where the limit is the lower one, there is none', () => {
    // 141.4321 within reach, 141.4299 as both sds go to infinity with a ratio of 500.
    expect(productFit(randomCase('ties', 40019))).toMatchObject({ ok: false, code: 'residual-scale' });
  });
});

describe('the optimum that is found', () => {
  // Two sds of crossed or separate terms, few rows, heavy tails: where criteria have several minima.
  const kinds = ['y ~ x + (1 | g) + (1 | h)', 'y ~ x + (1 + x || g)', 'y ~ x + (1 | g) + (0 + x | h)'];
  const cases = kinds.flatMap((text) => Array.from({ length: 25 }, (_, seed) => [text, 900 + seed] as const));

  it.each(cases)('is as low as any of a grid: %s, seed %d', (text, seed) => {
    const uniform = uniforms(seed);
    const n = 10 + Math.floor(20 * uniform());
    const pick = (levels: number): string[] => Array.from({ length: n }, () => `l${Math.floor(levels * uniform())}`);
    const heavy = (): number => Math.tan(Math.PI * 0.98 * (uniform() - 0.5));
    const rows = {
      g: pick(4 + Math.floor(5 * uniform())),
      h: pick(3 + Math.floor(3 * uniform())),
      x: Array.from({ length: n }, heavy),
      y: Array.from({ length: n }, heavy),
    };
    const graph = formula(text);
    let fit: ReturnType<typeof maximumLikelihood>;
    try {
      fit = maximumLikelihood(graph, { rows });
    } catch (error) {
      // A level of its own for every row, or an exact fit, is refused before; nothing else is.
      expect(error).toMatchObject({ code: expect.stringMatching(/not-identified|residual-scale/) });
      return;
    }
    const design = buildDesign(graph, { rows });
    const profiled = profiledDeviance(crossProducts(design), design, 'REML');
    const steps = [0, ...Array.from({ length: 41 }, (_, k) => 10 ** (-4 + k / 5))];
    let lowest = Number.POSITIVE_INFINITY;
    const x = new Float64Array(2);
    for (const a of steps) {
      for (const b of steps) {
        x[0] = a;
        x[1] = b;
        lowest = Math.min(lowest, profiled.at(profiled.factors.fromSearch(x)));
      }
    }
    expect(fit.deviance).toBeLessThan(lowest + 1e-6);
  });
});

describe('a slope of a group constant beside sds of a thousand residual sds', () => {
  // Where intercept and slope vary together, v_j = (a + b z_j)^2, a group at z_j = -a / b has the residual variance
  // alone: a minimum of its own, as narrow as 1 / 1000 of a turn. The oracle goes along every one of these lines.
  it.each(Array.from({ length: 12 }, (_, seed) => 40 + seed))('is as low as at any group, seed %d', (seed) => {
    const uniform = uniforms(seed);
    const J = 6 + Math.floor(6 * uniform());
    const z = Array.from({ length: J }, () => Math.round(200 * (uniform() - 0.5)) / 50);
    const deviation = z.map((_, j) => (j % 3 === 0 ? uniform() - 0.5 : 3000 * (uniform() - 0.5)));
    const of = Array.from({ length: 5 * J }, (_, i) => i % J);
    const rows = {
      g: of.map((j) => `g${j}`),
      z: of.map((j) => z[j]!),
      y: of.map((j) => deviation[j]! + 3 * (uniform() - 0.5)),
    };
    const graph = formula('y ~ z + (1 + z | g)');
    const fit = maximumLikelihood(graph, { rows }, { method: 'ML' });
    const design = buildDesign(graph, { rows });
    const profiled = profiledDeviance(crossProducts(design), design, 'ML');
    let lowest = Number.POSITIVE_INFINITY;
    for (const root of z) {
      for (let size = 2; size < 2e4; size *= 1.1) {
        lowest = Math.min(lowest, profiled.deviance([size * root, -size, 0]));
      }
    }
    expect(fit.deviance).toBeLessThan(lowest + 1e-6);
  });
});

describe('criteria beside sds of a million residual sds', () => {
  // lme4's design, its criterion at our estimate by Householder's QR of the rows; lme4's own search ends above it. From
  // means 20007 on in 60 decimal digits: a level-2 column behind one that varies within groups; singular factors.
  it.each([
    ['gauss', 3025, -61.2261739278854],
    ['gauss', 3035, -505.472191819098],
    ['gauss', 3128, -57060.3967213737],
    ['means', 20007, 340.649023372468],
    ['small', 3048, 141.992851263],
    ['small', 3053, 139.0815759364],
    ['gauss', 3029, -817.25622504268],
  ] as const)('have their digits: %s %d', (kind: CaseKind, seed, criterion) => {
    const fit = productFit(randomCase(kind, seed));
    expect(fit).toMatchObject({ ok: true, converged: true });
    // Rounding of the criterion's own terms, (n - p) log r2 of 1e5 at the most, with r2 to 1e-10; a Cholesky factor has
    // lost 7e-4, .019 and .53.
    if (fit.ok) expect(Math.abs(fit.deviance - criterion)).toBeLessThan(1e-7 + 1e-10 * Math.abs(criterion));
  });

  it('are searched to the end on the boundary too', () => {
    // In 60 decimal digits; with a gradient that has lost its digits the searches ended 3.2 above.
    const fit = productFit(randomCase('means', 7075));
    expect(fit).toMatchObject({ ok: true, converged: true });
    if (fit.ok) expect(fit.deviance).toBeCloseTo(1114.52574, 4);
  });

  it('are converged on a boundary beside a dip of 1e-12', () => {
    expect(productFit(randomCase('ties', 3127))).toMatchObject({ ok: true, converged: true });
  });
});
