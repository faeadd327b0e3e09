import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { bootstrap } from '../../../src/likelihood/inference/bootstrap.ts';
import { intervals } from '../../../src/likelihood/inference/intervals.ts';
import { simulateResponse } from '../../../src/likelihood/inference/simulateResponse.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../../src/random/rng.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { data, golden } from '../goldenData.ts';

interface Profiles {
  readonly names: readonly string[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

describe('intervals', () => {
  it.each([
    ['sleepstudy_rs_ML', 'sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)'],
    ['dyestuff_ML', 'dyestuff', 'Yield ~ 1 + (1 | Batch)'],
    ['pastes_ML', 'pastes', 'strength ~ 1 + (1 | batch) + (1 | sample)'],
  ])('profiles of coefficients, sds, correlations and sigma agree with lme4: %s', (key, name, text) => {
    const gold = golden<Record<string, Profiles>>('profile')[key]!;
    const ours = intervals(maximumLikelihood(formula(text), data(name), { method: 'ML' }), {
      method: 'profile',
      level: 0.95,
    });
    gold.names.forEach((label, i) => {
      const parameter = label
        .replace(/\(Intercept\)/g, 'Intercept')
        .replace(/^sd_(\w+)\|(\w+)$/, 'tau_$2[$1]')
        .replace(/^cor_(\w+)\.(\w+)\|(\w+)$/, 'corr_$3[$2,$1]')
        .replace(/^(?!sigma|tau|corr)(\w+)$/, 'beta[$1]');
      const interval = ours.find((each) => each.parameter === parameter)!;
      expect(interval.criterion).toBe('ML');
      // lme4 interpolates its profile by splines: good to three digits.
      const width = gold.high[i]! - gold.low[i]!;
      expect(Math.abs(interval.lower! - gold.low[i]!)).toBeLessThan(1e-3 * width);
      expect(Math.abs(interval.upper! - gold.high[i]!)).toBeLessThan(1e-3 * width);
    });
    expect(gold.names).toHaveLength(ours.length);
  });

  // confint(lmer(...)) of lme4 1.1-31, REML fits: its profile of a coefficient is of ML.
  it.each([
    ['hsb40', 'mathach ~ ses + (1 + ses | school)', [11.996241241, 13.404198633, 1.968847048, 2.929288713]],
    ['radon', 'log_radon ~ floor + (1 | county)', [1.3953434684, 1.5915170467, -0.79541973, -0.5296251355]],
  ])('profiles of coefficients of REML fits are of ML, as lme4 has them: %s, %s', (name, text, bounds) => {
    const fit = maximumLikelihood(formula(text), data(name));
    const ours = intervals(fit, { method: 'profile', level: 0.95 }).slice(0, bounds.length / 2);
    ours.forEach(({ lower: low, upper: high, criterion }, k) => {
      expect(criterion).toBe('ML');
      const [theirLow, theirHigh] = bounds.slice(2 * k) as [number, number];
      // Splines again.
      expect(Math.abs(low! - theirLow)).toBeLessThan(1e-3 * (theirHigh - theirLow));
      expect(Math.abs(high! - theirHigh)).toBeLessThan(1e-3 * (theirHigh - theirLow));
    });
    const sigma = intervals(fit, { method: 'profile', level: 0.95 }).at(-1)!;
    expect(sigma).toMatchObject({ parameter: 'sigma', criterion: 'REML' });
  });

  // lme4's own spline of the second is a thousandth and a half of its width off: refitted at its lower bound 12.60395
  // lme4's deviance rises by 3.8173, at ours, 12.60097, by 3.841459.
  it.each([
    ['sleepstudy', 'Reaction', ['Days'], '(1 + Days | Subject)'],
    ['hsb40', 'mathach', ['ses', 'meanses'], '(1 + ses | school)'],
    ['penicillin', 'diameter', [], '(1 | plate) + (1 | sample)'],
    ['pastes', 'strength', [], '(1 | batch) + (1 | sample)'],
  ])('at the ends of a profile a fit without the coefficient is chi-squared away: %s', (name, response, xs, groups) => {
    const frame = fixtureFrame(name);
    const y = Array.from(frame.columns.get(response)!.values, Number);
    const columns = Object.fromEntries(
      [...frame.columns].map(([key, { values }]) => [key, Array.from<number | string | null>(values)]),
    );
    const rows: Readonly<Record<string, readonly (number | string | null)[]>> = { ...columns, one: y.map(() => 1) };
    const names = ['one', ...xs];
    const fit = maximumLikelihood(formula(`${response} ~ 0 + ${names.join(' + ')} + ${groups}`), { rows });
    const ml = maximumLikelihood(fit.graph, { rows }, { method: 'ML' });
    const ours = intervals(fit, { method: 'profile', level: 0.95 });
    names.forEach((held, k) => {
      const rest = names.filter((each) => each !== held);
      for (const bound of [ours[k]!.lower!, ours[k]!.upper!]) {
        const z = y.map((value, i) => value - bound * Number(rows[held]![i]));
        const without = formula(`z ~ 0 ${rest.map((each) => `+ ${each} `).join('')}+ ${groups}`);
        const rise = maximumLikelihood(without, { rows: { ...rows, z } }, { method: 'ML' }).deviance - ml.deviance;
        // Both searches stop within 1e-6 of their minimum, the crossing within 1e-7 of the root.
        expect(rise).toBeCloseTo(3.841458820694124, 5);
      }
    });
  });

  it('the profile of a regression without groups has its closed form', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days'), data('sleepstudy'), { method: 'ML' });
    const n = fit.design.n;
    intervals(fit, { method: 'profile', level: 0.9 })
      .slice(0, 2)
      .forEach(({ lower: low, upper: high, estimate }, k) => {
        // n log(1 + (b - estimate)^2 / (n se^2)) = 1.644854^2, se that of ML.
        const reach = fit.fixef.standardErrors[k]! * Math.sqrt(n * Math.expm1(1.6448536269514722 ** 2 / n));
        expect(low! / (estimate - reach)).toBeCloseTo(1, 7);
        expect(high! / (estimate + reach)).toBeCloseTo(1, 7);
      });
  });

  it('the profile of a mean with known standard errors is that of its closed form', () => {
    const fit = maximumLikelihood(formula('y | se(sigma) ~ 1 + (1 | school)'), data('eight_schools'), { method: 'ML' });
    const { lower: low, upper: high } = intervals(fit, { method: 'profile', level: 0.95 })[0] as {
      lower: number;
      upper: number;
    };
    const y = [28, 8, -3, 7, -1, 1, 18, 12];
    const se = [15, 10, 16, 11, 9, 11, 10, 18];
    const deviance = (mu: number, t: number) =>
      y.reduce((sum, value, i) => {
        const v = se[i]! ** 2 + t * t;
        return sum + Math.log(v) + (value - mu) ** 2 / v;
      }, 0);
    const lowest = (mu: number) => Math.min(...Array.from({ length: 30_001 }, (_, i) => deviance(mu, i / 1000)));
    const least = lowest(fit.fixef.estimates[0]!);
    for (const mu of [low, high]) expect(lowest(mu) - least).toBeCloseTo(3.841458820694124, 5);
  });

  it('an sd of 0 has a profile from 0 upwards', () => {
    const fit = maximumLikelihood(formula('y | se(sigma) ~ 1 + (1 | school)'), data('eight_schools'));
    const tau = intervals(fit, { method: 'profile', level: 0.95 }).find(
      ({ parameter }) => parameter === 'tau_school[Intercept]',
    )!;
    expect(tau.lower).toBe(0);
    // REML: the closed-form criterion rises by 3.8415 at tau = 15.157.
    const rise = (t: number) => {
      const y = [28, 8, -3, 7, -1, 1, 18, 12];
      const se = [15, 10, 16, 11, 9, 11, 10, 18];
      const w = se.map((s) => 1 / (s * s + t * t));
      const sum = w.reduce((a, b) => a + b, 0);
      const mu = w.reduce((a, b, i) => a + b * y[i]!, 0) / sum;
      return w.reduce((a, b, i) => a - Math.log(b) + b * (y[i]! - mu) ** 2, Math.log(sum));
    };
    expect(rise(tau.upper!) - rise(0)).toBeCloseTo(3.841458820694124, 5);
  });

  it('a profile lets another sd of 0 grow where that is better', () => {
    // Two factors that are nearly the same: the estimate gives all to one, and without it the other takes its place.
    const J = 8;
    const rng = createRng([82]);
    const u = Array.from({ length: J }, () => 0.8 * rng.normal());
    const rows = Array.from({ length: 6 * J }, (_, i) => {
      const g = i % J;
      return { y: u[g]! + rng.normal(), g: `g${g}`, h: `h${i === 0 ? 1 : g}` };
    });
    // Either factor could be the one of the first row, nearly.
    rows[0]!.y = (u[0]! + u[1]!) / 2;
    const fit = maximumLikelihood(formula('y ~ 1 + (1 | g) + (1 | h)'), { rows }, { method: 'ML' });
    const zero = fit.groups.findIndex(({ tau }) => tau[0]! === 0);
    expect(zero).toBeGreaterThanOrEqual(0);
    const large = zero === 0 ? 'h' : 'g';
    const alone = maximumLikelihood(formula(`y ~ 1 + (1 | ${zero === 0 ? 'g' : 'h'})`), { rows }, { method: 'ML' });
    const rise = alone.deviance - fit.deviance;
    const tau = intervals(fit, { method: 'profile', level: 0.95 }).find(
      ({ parameter }) => parameter === `tau_${large}[Intercept]`,
    )!;
    // With the large sd at 0 the best fit is that of the other factor alone, which is near.
    expect(rise).toBeLessThan(3.84);
    expect(tau.lower).toBe(0);
  });

  it('Wald intervals are for coefficients; a variance parameter has none, with the reason', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
    const wald = intervals(fit, { method: 'wald', level: 0.9 });
    const days = wald.find(({ parameter }) => parameter === 'beta[Days]')!;
    // The t quantile with 17 degrees of freedom is 1.739607.
    expect(days.upper! - days.estimate).toBeCloseTo(1.739607 * fit.fixef.standardErrors[1]!, 5);
    const sigma = wald.find(({ parameter }) => parameter === 'sigma')!;
    expect(sigma.lower).toBeNull();
    expect(sigma.reason).toMatch(/skewed/);
  });

  it('the bootstrap repeats itself from its seed and covers the estimate', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
    const first = intervals(fit, { method: 'bootstrap', seed: 5, simulations: 60 });
    expect(intervals(fit, { method: 'bootstrap', seed: 5, simulations: 60 })).toEqual(first);
    expect(intervals(fit, { method: 'bootstrap', seed: 6, simulations: 60 })).not.toEqual(first);
    for (const { lower: low, upper: high, estimate } of first) {
      expect(low).toBeLessThan(estimate);
      expect(high).toBeGreaterThan(estimate);
    }
  });

  it('the bootstrap has the quantiles of its estimates, linear between them', () => {
    const fit = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff'));
    const options = { seed: 9, simulations: 39 };
    const { parameters, values } = bootstrap(fit, options);
    const quantile = (draws: Float64Array, p: number): number => {
      const sorted = Array.from(draws).sort((a, b) => a - b);
      const at = p * (sorted.length - 1);
      const low = Math.floor(at);
      return sorted[low]! + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
    };
    for (const { parameter, lower: low, upper: high } of intervals(fit, {
      method: 'bootstrap',
      level: 0.8,
      ...options,
    })) {
      const draws = values[parameters.indexOf(parameter)]!;
      expect(low).toBeCloseTo(quantile(draws, 0.1), 9);
      expect(high).toBeCloseTo(quantile(draws, 0.9), 9);
    }
  });

  it('the spread of bootstrap coefficients is their standard error', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
    const { parameters, values, failures } = bootstrap(fit, { seed: 20260101, simulations: 400 });
    expect(failures).toBe(0);
    ['beta[Intercept]', 'beta[Days]'].forEach((name, k) => {
      const draws = values[parameters.indexOf(name)]!;
      const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
      const sd = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws.length - 1));
      const se = fit.fixef.standardErrors[k]!;
      // Balanced data: the estimate is exactly normal with this standard error; four Monte Carlo errors.
      expect(Math.abs(mean - fit.fixef.estimates[k]!)).toBeLessThan((4 * se) / Math.sqrt(400));
      expect(Math.abs(sd / se - 1)).toBeLessThan(4 / Math.sqrt(2 * 399));
    });
  });

  it('simulated responses have the covariance of the model', () => {
    const fit = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff'));
    const rng = createRng([3]);
    let square = 0;
    let cross = 0;
    const mean = fit.fixef.estimates[0]!;
    const rounds = 4000;
    for (let s = 0; s < rounds; s++) {
      const y = simulateResponse(fit, rng);
      square += (y[0]! - mean) ** 2;
      cross += (y[0]! - mean) * (y[1]! - mean);
    }
    const tau2 = fit.groups[0]!.Sigma[0]!;
    const total = tau2 + fit.sigma! ** 2;
    // Four standard errors of a sample variance and covariance.
    expect(Math.abs(square / rounds / total - 1)).toBeLessThan(4 * Math.sqrt(2 / rounds));
    expect(Math.abs(cross / rounds - tau2)).toBeLessThan(4 * Math.sqrt((total * total + tau2 * tau2) / rounds));
  });

  it('refuses a level outside (0, 1) and a bootstrap without a seed', () => {
    const fit = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff'));
    expect(() => intervals(fit, { method: 'wald', level: 95 })).toThrow(
      'level: got 95; accepted is a number between 0 and 1',
    );
    expect(() => intervals(fit, { method: 'bootstrap' })).toThrow(/needs a seed/);
    for (const simulations of [0, 2.5, 1e6 + 1, Number.NaN]) {
      expect(() => bootstrap(fit, { seed: 1, simulations })).toThrow(/simulations.*a whole number from 1 to 1000000/);
    }
  });
});
