import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { icc } from '../../../src/summary/icc.ts';
import { marginalCovariance } from '../../../src/summary/variance/marginalCovariance.ts';
import { rSquared } from '../../../src/summary/variance/rSquared.ts';
import { varianceFunction } from '../../../src/summary/variance/varianceFunction.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';
import { etaOf, MODELS, madeFit, type Row } from '../effects/oracleData.ts';
import { drawOf } from '../syntheticFit.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/summary/explained.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, { readonly marginal: number; readonly conditional: number }>> & {
  readonly covariance: readonly (readonly number[])[];
};
const sleep = maximumLikelihood(formula('Reaction ~ Days + (Days | Subject)'), data('sleepstudy'), { method: 'REML' });
const sentence = (call: () => unknown) => {
  const { code, message } = faultOf(call);
  return `${code}: ${message}`;
};

/** E f(sd z) of a standard normal z by the trapezoidal rule, round `shift`. */
function expected(f: (u: number) => number, sd: number, shift: number): number {
  let sum = 0;
  let total = 0;
  for (let k = -160; k <= 160; k++) {
    const t = k / 20;
    total += Math.exp(-0.5 * t * t);
    sum += Math.exp(-0.5 * (t + shift) ** 2) * f(sd * (t + shift));
  }
  return sum / total;
}

describe('rSquared', () => {
  const cases = [
    ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', 'gaussian'],
    ['hsb40', 'mathach ~ ses * sector + (ses | school)', 'gaussian'],
    ['contraception', 'use ~ age + urban + (1 | district)', 'binomial'],
    ['cbpp', 'incidence ~ size + (1 | herd)', 'poisson'],
  ] as const;
  it.each(cases)('of likelihood fits is that of Nakagawa & Schielzeth in R: %s', (name, text, family) => {
    const { rows } = rSquared(maximumLikelihood(formula(text, { family }), data(name)));
    const of = (part: string) => rows.find((row) => row.measure === 'nakagawa' && row.part === part)!.estimate!;
    // lme4's optimum: of counts its coefficients are 4e-3 of a standard error from ours, and on hsb40, where a correlation
    // is 1, it stops with a gradient of .003.
    const near = name === 'cbpp' ? 1e-3 : name === 'hsb40' ? 1e-4 : 2e-5;
    expect(Math.abs(of('marginal') - golden[name]!.marginal)).toBeLessThan(near);
    expect(Math.abs(of('conditional') - golden[name]!.conditional)).toBeLessThan(near);
    const [first] = rows;
    expect([first!.measure, first!.estimate]).toEqual(['bayesian', null]);
    expect(first!.reason).toContain('a maximum likelihood fit has none');
  });

  it.each(MODELS)('of draws is that of a slow sum over rows in every draw: $family', (model) => {
    const { fit, rows } = madeFit(model);
    const S = fit.draws.chains * fit.draws.iterations;
    const found = rSquared(fit).rows;
    const size = (row: Row) => (model.family === 'poisson' ? row.n : 1);
    const total = rows.reduce((sum, row) => sum + model.count(row), 0);
    const counts = model.family === 'poisson' || model.family === 'negbinomial';
    for (const part of ['conditional', 'marginal'] as const) {
      let sum = 0;
      for (let s = 0; s < S; s++) {
        const at = etaOf(fit, s);
        const sigma = ['gaussian', 'student'].includes(model.family) ? drawOf(fit, 'sigma', 0, s) : 0;
        const each = rows.map((row) => {
          const variance = (mu: number) => model.variance(mu, sigma);
          const mean = (u: number) => size(row) * model.inverse(at.line(row) + u);
          if (part === 'conditional') {
            const mu = mean(at.deviation(row.g, row.x));
            return { mu, variance: variance(mu), count: model.count(row) };
          }
          const sd = Math.sqrt(at.variance(row.x));
          const shift = counts ? sd : 0;
          const mu = expected(mean, sd, shift);
          const spread = expected((u) => (mean(u) - mu) ** 2, sd, 2 * shift);
          return { mu, variance: expected((u) => variance(mean(u)), sd, shift) + spread, count: model.count(row) };
        });
        const centre = each.reduce((m, { mu, count }) => m + (count / total) * mu, 0);
        const fitted = each.reduce((v, { mu, count }) => v + (count * (mu - centre) ** 2) / (total - 1), 0);
        const residual = each.reduce((v, { variance, count }) => v + (count / total) * variance, 0);
        sum += fitted / (fitted + residual) / S;
      }
      const row = found.find((own) => own.measure === 'bayesian' && own.part === part)!;
      expect(Math.abs(row.estimate! - sum)).toBeLessThan(1e-6);
    }
  });

  it('by level is 1 - E Var(u) / E Var(b) over the groups', () => {
    const { fit } = madeFit(MODELS[0]!);
    const S = fit.draws.chains * fit.draws.iterations;
    const { J, level2 } = fit.design.groupTerms[0]!;
    const variance = (values: readonly number[]) => {
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    };
    let own = 0;
    let whole = 0;
    for (let s = 0; s < S; s++) {
      const u = Array.from({ length: J }, (_, j) => drawOf(fit, 'u_g', 2 * j, s));
      const b = u.map((value, j) =>
        Array.from({ length: level2.m }, (_, l) => l).reduce(
          (sum, l) => sum + level2.W[j * level2.m + l]! * drawOf(fit, 'beta', level2.columns[l]!, s),
          value,
        ),
      );
      own += variance(u);
      whole += variance(b);
    }
    const row = rSquared(fit).rows.find(({ part }) => part === 'g[Intercept]')!;
    expect(row.estimate).toBeCloseTo(1 - own / whole, 10);
  });
});

describe('marginalCovariance', () => {
  it('is that of nlme', () => {
    const { covariance, rowNumbers } = marginalCovariance(sleep, 'Subject', '308');
    expect(rowNumbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // nlme's search stops at a relative error of about 1e-5 in the variances.
    golden.covariance.flat().forEach((value, at) => {
      expect(Math.abs(covariance[at]! / value - 1)).toBeLessThan(1e-4);
    });
  });

  it('of draws is the mean over draws of Z Sigma Z + sigma^2', () => {
    const { fit, rows } = madeFit(MODELS[0]!);
    const S = fit.draws.chains * fit.draws.iterations;
    const { covariance, rowNumbers } = marginalCovariance(fit, 'g', 'g2');
    const own = rowNumbers.map((number) => rows[number - 1]!);
    expect(own).toEqual(rows.filter(({ g }) => g === 'g2'));
    own.forEach((a, r) => {
      own.forEach((b, c) => {
        let sum = 0;
        for (let s = 0; s < S; s++) {
          const [one, two, rho] = [drawOf(fit, 'tau_g', 0, s), drawOf(fit, 'tau_g', 1, s), drawOf(fit, 'corr_g', 0, s)];
          sum += one * one + (a.x + b.x) * rho * one * two + a.x * b.x * two * two;
          if (r === c) sum += drawOf(fit, 'sigma', 0, s) ** 2;
        }
        expect(covariance[r * own.length + c]).toBeCloseTo(sum / S, 8);
      });
    });
  });

  it('has faults of one sentence', () => {
    expect(sentence(() => marginalCovariance(sleep, 'Subject', '999'))).toMatchInlineSnapshot(
      `"unknown-level: marginalCovariance: Subject has no level "999"; the nearest are "309", "349", "369", "308""`,
    );
    expect(sentence(() => marginalCovariance(madeFit(MODELS[4]!).fit, 'g', 'g0'))).toMatchInlineSnapshot(
      `"not-supported: marginalCovariance: rows of poisson have no residual variance of their own on the scale of the linear predictor; icc and varianceFunction say how they vary"`,
    );
  });
});

describe('varianceFunction', () => {
  it('agrees with the marginal covariance of a group with rows at those values, and with icc', () => {
    const days = Array.from({ length: 10 }, (_, day) => day);
    const found = varianceFunction(sleep, 'Days');
    const { covariance, correlation } = marginalCovariance(sleep, 'Subject', '308');
    for (const { first, second, covariance: own, correlation: r } of found.pairs) {
      if (first === second) continue;
      expect(own.estimate).toBeCloseTo(covariance[first * 10 + second]!, 8);
      expect(r.estimate).toBeCloseTo(correlation[first * 10 + second]!, 10);
    }
    expect(found.variances.filter(({ part }) => part === 'total').map(({ estimate }) => estimate)).toEqual(
      days.map((day) => expect.closeTo(covariance[day * 11]!, 8)),
    );
    for (const day of [0, 4]) {
      const share = found.shares.find(({ value }) => value === day)!.estimate;
      expect(share).toBeCloseTo(icc(sleep, { at: { Days: day } })[0]!.estimate!, 12);
    }
  });

  it('of draws has the shares that icc has, with their intervals', () => {
    const { fit } = madeFit(MODELS[2]!);
    const found = varianceFunction(fit, 'x', { values: [-1, 2] });
    const [row] = icc(fit, { at: { x: 2 } });
    const own = found.shares.find(({ value }) => value === 2)!;
    expect([own.estimate, own.se, own.lower, own.upper]).toEqual([row!.estimate, row!.se, row!.q5, row!.q95]);
  });

  it('has faults of one sentence', () => {
    expect(sentence(() => varianceFunction(sleep, 'Hours'))).toMatchInlineSnapshot(
      `"at: at: no varying column of the model reads "Hours"; they read Days"`,
    );
    expect(sentence(() => varianceFunction(sleep, 'Days', { values: [] }))).toMatchInlineSnapshot(
      `"option: values: got an empty list; accepted is a list of finite numbers"`,
    );
  });
});
