import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { looPit } from '../../../src/summary/checks/looPit.ts';
import { residuals } from '../../../src/summary/checks/residuals.ts';
import { logLikelihood } from '../../../src/summary/comparison/logLikelihood.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

const first = (values: readonly { readonly residual: number | null }[], count: number) =>
  values.slice(0, count).map(({ residual }) => residual);
const near = (values: readonly (number | null)[], expected: readonly number[], digits: number) =>
  values.forEach((value, k) => {
    expect(value).toBeCloseTo(expected[k]!, digits);
  });

describe('residuals beside those of lme4 1.1-31', () => {
  // g <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial, control =
  // glmerControl(tolPwrss = 1e-13, optimizer = 'bobyqa', optCtrl = list(rhoend = 1e-10))); residuals(g, type = ...)
  it('of a binomial model', () => {
    const text = 'incidence | trials(size) ~ factor(period) + (1 | herd)';
    const fit = maximumLikelihood(formula(text, { family: 'binomial' }), data('cbpp'));
    near(
      first(residuals(fit, { type: 'deviance' }).rows, 4),
      [-1.4380318568, 0.9887431453, 2.3569977994, -0.9368580266],
      5,
    );
    near(
      first(residuals(fit, { type: 'pearson' }).rows, 4),
      [-1.339861616, 1.0751258638, 2.8796155467, -0.6772640438],
      5,
    );
    near(first(residuals(fit).rows, 4), [-0.16535049877, 0.1082517429, 0.31848691345, -0.08402874536], 5);
    expect(first(residuals(fit).rows, 9)).toEqual([...fit.residuals.slice(0, 9)]);
  });

  // m <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy); residuals(m, scaled = TRUE); ranef(m, condVar = TRUE):
  // u / sqrt(tau^2 - postVar)
  it('of a gaussian model, and of its groups', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
    near(first(residuals(fit, { type: 'pearson' }).rows, 3), [-0.160350443674, -0.571480707435, -1.64879321903], 4);
    const { groups, factor } = residuals(fit, { type: 'pearson', level: 2 });
    expect([factor, groups[0]!.level, groups[0]!.term]).toEqual(['Subject', '308', 'Intercept']);
    const intercepts = groups.filter(({ term }) => term === 'Intercept');
    near(first(intercepts, 3), [0.104581086426, -1.87064361719, -1.8040424975], 4);
    expect(residuals(fit, { level: 2 }).groups[1]!.residual).toBe(fit.groups[0]!.modes[1]);
  });
});

describe('residuals', () => {
  it('of deviance have the deviance as the sum of their squares', () => {
    // y log(y / mu) - (y - mu), twice: the deviance of Poisson rows.
    const rows = { y: [0, 2, 5, 1, 9, 0], x: [1, 2, 3, 4, 5, 6], t: [1, 1, 2, 1, 3, 1] };
    const fit = maximumLikelihood(formula('y | exposure(t) ~ x', { family: 'poisson' }), { rows });
    const { rows: out } = residuals(fit, { type: 'deviance' });
    const expected = rows.y.map((y, i) => {
      const mu = out[i]!.fitted * rows.t[i]!;
      return 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - (y - mu));
    });
    out.forEach(({ residual }, i) => {
      expect(residual ** 2).toBeCloseTo(expected[i]!, 9);
    });
  });

  it.each([
    ['numbers', { family: 'gaussian' }],
    ['Student-t rows', { family: 'student', nu: 4 }],
    ['0/1 rows', { family: 'binomial' }],
    ['probit rows', { family: 'probit' }],
    ['counts', { family: 'poisson' }],
    ['counts that vary more', { family: 'negbinomial', shape: 2 }],
  ] as const)('of type quantile are standard normal where the model is right: %s', (what, options) => {
    const rng = createRng([5]);
    const n = 4000;
    const x = Array.from({ length: n }, () => rng.normal());
    const eta = x.map((value) => 0.3 + 0.5 * value);
    const y = eta.map((value, i) => {
      if (what === 'numbers') return value + rng.normal();
      if (what === 'Student-t rows') {
        const chi = [0, 0, 0, 0].reduce((sum) => sum + rng.normal() ** 2, 0);
        return value + rng.normal() / Math.sqrt(chi / 4);
      }
      if (what === '0/1 rows') return rng.uniform() < 1 / (1 + Math.exp(-value)) ? 1 : 0;
      if (what === 'probit rows') return value + rng.normal() > 0 ? 1 : 0;
      // A Poisson count by the waiting times of a process; its rate gamma(2, 2) for the negative binomial.
      const rate = Math.exp(value) * (what === 'counts' ? 1 : (rng.exponential() + rng.exponential()) / 2);
      let [count, waited] = [0, rng.exponential()];
      for (; waited < rate; count++) waited += rng.exponential();
      return i >= 0 ? count : 0;
    });
    const graph = formula('y ~ x', options);
    const data = { rows: { x, y } };
    const fit =
      what === 'Student-t rows'
        ? sampleSync(graph, data, { chains: 1, warmup: 100, iterations: 60 })
        : maximumLikelihood(graph, data);
    const z = residuals(fit, { type: 'quantile', seed: 4 }).rows.map(({ residual }) => residual);
    const moment = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / n;
    // Five standard errors of the moments of a standard normal sample, the sd's own estimate aside.
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    expect(residuals(fit, { type: 'quantile', seed: 4 }).rows[7]!.residual).toBe(z[7]);
  });

  it('of a fit that keeps summaries of the deviations', () => {
    const rows = { y: [1, 3, 2, 5, 4, 6, 8, 7], g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'] };
    const graph = formula('y ~ 1 + (1 | g)');
    const size = { chains: 2, warmup: 50, iterations: 50 };
    const whole = sampleSync(graph, { rows }, size);
    const kept = sampleSync(graph, { rows }, { ...size, keep: { u_g: 'summary' } });
    near(first(residuals(kept).rows, 8), first(residuals(whole).rows, 8) as number[], 9);
    near(
      first(residuals(kept, { level: 2, type: 'pearson' }).groups, 4),
      first(residuals(whole, { level: 2, type: 'pearson' }).groups, 4) as number[],
      9,
    );
    expect(faultOf(() => looPit(kept)).code).toBe('draws-not-kept');
  });

  it('refuse what there is not', () => {
    const fit = syntheticFit(formula('y ~ 1 + (1 | g) + (1 | h)'), {
      rows: { y: [1, 2, 3, 5], g: ['a', 'b', 'a', 'b'], h: ['c', 'c', 'd', 'd'] },
    });
    expect(faultOf(() => residuals(fit, { type: 'raw' as never })).message).toBe(
      `type: got "raw"; accepted is 'response', 'pearson', 'deviance', 'quantile' or 'normalized'`,
    );
    expect(faultOf(() => residuals(fit, { level: 2 })).message).toContain('one of g, h');
    expect(faultOf(() => residuals(fit, { level: 2, factor: 'k' })).code).toBe('unknown-factor');
    expect(faultOf(() => residuals(fit, { factor: 'g' })).message).toContain('with level: 2');
    expect(faultOf(() => residuals(fit, { level: 2, type: 'quantile' })).code).toBe('not-supported');
  });
});

describe('looPit', () => {
  it('is the weighted distribution function, a row left out of its own prediction', () => {
    const rows = { y: [0.2, 1.4, -0.3, 2.2, 0.9, 1.1], x: [0, 1, 2, 0, 1, 2] };
    const fit = sampleSync(formula('y ~ x'), { rows }, { chains: 2, warmup: 200, iterations: 2000 });
    const { pit, rowNumbers } = looPit(fit);
    expect(rowNumbers).toEqual([1, 2, 3, 4, 5, 6]);
    // Raw importance weights, and the normal distribution function by the trapezium rule.
    const { values, draws } = logLikelihood(fit);
    const cdf = (z: number) => {
      let sum = 0;
      for (let k = 0; k < 400; k++) {
        const t = -8 + ((z + 8) * (k + 0.5)) / 400;
        sum += Math.exp((-t * t) / 2);
      }
      return (sum * (z + 8)) / 400 / Math.sqrt(2 * Math.PI);
    };
    for (const i of [0, 3]) {
      let [total, weighted] = [0, 0];
      for (let s = 0; s < draws; s++) {
        const w = Math.exp(-values[s * 6 + i]!);
        const z =
          (rows.y[i]! - drawOf(fit, 'beta', 0, s) - rows.x[i]! * drawOf(fit, 'beta', 1, s)) /
          drawOf(fit, 'sigma', 0, s);
        total += w;
        weighted += w * cdf(z);
      }
      // The smoothing of the largest weights moves it by their Monte Carlo error.
      expect(pit[i]).toBeCloseTo(weighted / total, 1);
    }
  });

  it('of counts is drawn within the probability of the count', () => {
    const rows = { y: [0, 1, 1, 0, 1, 0], g: ['a', 'a', 'b', 'b', 'c', 'c'] };
    const fit = syntheticFit(formula('y ~ 1 + (1 | g)', { family: 'binomial' }), { rows }, { iterations: 60 });
    const { pit } = looPit(fit);
    expect(pit.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(looPit(fit, { seed: 3 }).pit).not.toEqual(pit);
    expect(looPit(fit).pit).toEqual(pit);
  });
});
