import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import type { FormulaOptions } from '../../src/formula/formula.ts';
import { flat, halfNormal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { logLikelihood as logLikelihoodOf } from '../../src/mcmc/logLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { check } from '../../src/summary/checks/check.ts';
import { groupLogLikelihood } from '../../src/summary/comparison/groupLogLikelihood.ts';
import { priorParts } from '../../src/summary/comparison/priorInfluence.ts';
import { drawVariables } from '../../src/summary/drawVariables.ts';
import { pooledDraws } from '../../src/summary/pooledDraws.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';

const TEXT = 'y ~ x + (1 | g)';
const SDS = { sigma: '~ (1 | g)' };
const { rows, reference } = JSON.parse(
  readFileSync(new URL('../fixtures/posteriors/jags_group_sds.json', import.meta.url), 'utf8'),
) as {
  rows: { y: number[]; x: number[]; g: string[] };
  reference: { variable: string; mean: number; mcse: number; sd: number }[];
};
const fit = sampleSync(TEXT, rows, { ...SDS, chains: 2, warmup: 200, iterations: 1500, seed: 4 });
const drawsOf = (of: Fit, name: string): Float64Array => pooledDraws(drawVariables(of, name)[0]!);

describe('a residual sd of each group', () => {
  it('agrees with JAGS, at half an effective draw a draw', () => {
    const ours = new Map(summarize(fit).map((row) => [row.variable, row]));
    expect(reference).toHaveLength(35);
    for (const { variable, mean, mcse } of reference) {
      const row = ours.get(variable)!;
      // Thirty-five means, four combined Monte Carlo standard errors.
      expect(Math.abs(row.mean - mean), variable).toBeLessThan(4 * Math.hypot(row.mcseMean, mcse));
      expect(row.essBulk, variable).toBeGreaterThan(0.4 * 3000);
    }
    expect(check(fit).ok).toBe(true);
  });

  it('agrees with quadrature: three groups, one of them of one row', () => {
    const small = {
      y: [0.1, 0.4, -0.2, 0.3, 1.9, -2.1, 0.8, -1.4, 2.6, 0.9],
      g: ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'c'],
    };
    const priors = { sigma: halfNormal(2), omega_g: halfNormal(0.8) };
    const own = sampleSync('y ~ 1', small, { ...SDS, priors, chains: 2, warmup: 200, iterations: 4000, seed: 3 });
    const groups = ['a', 'b', 'c'].map((level) => {
      const values = small.y.filter((_, i) => small.g[i] === level);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { n: values.length, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
    });
    // log sd of each group on a grid, beta integrated out; the prior of three log sds depends on their sums alone.
    const grid = Array.from({ length: 25 }, (_, k) => -3.1 + 0.25 * k);
    const places: { logs: number[]; likelihood: number; beta: number; mean: number; squares: number }[] = [];
    for (const a of grid) {
      for (const b of grid) {
        for (const c of grid) {
          const logs = [a, b, c];
          let [precision, side, square, log] = [0, 0, 0, 0];
          groups.forEach(({ n, mean, squares }, j) => {
            const w = Math.exp(-2 * logs[j]!);
            precision += n * w;
            side += n * w * mean;
            square += w * (squares + n * mean * mean);
            log -= n * logs[j]!;
          });
          const likelihood = log - 0.5 * Math.log(precision) - 0.5 * (square - (side * side) / precision);
          if (likelihood < -40) continue;
          const mean = (a + b + c) / 3;
          const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
          places.push({ logs, likelihood, beta: side / precision, mean, squares });
        }
      }
    }
    const sums = { weight: 0, sigma: 0, omega_g: 0, beta: 0, deltas: [0, 0, 0] };
    for (let logOmega = -5; logOmega <= 1.1; logOmega += 0.25) {
      const omega = Math.exp(logOmega);
      for (let logSigma = -4; logSigma <= 2.2; logSigma += 0.25) {
        const sigma = Math.exp(logSigma);
        const prior = -0.5 * ((sigma / 2) ** 2 + (omega / 0.8) ** 2) + logSigma + logOmega - 3 * logOmega;
        for (const { logs, likelihood, beta, mean, squares } of places) {
          const spread = (squares + 3 * (mean - logSigma) ** 2) / (2 * omega * omega);
          if (spread > 40) continue;
          const weight = Math.exp(likelihood + prior - spread);
          sums.weight += weight;
          sums.sigma += weight * sigma;
          sums.omega_g += weight * omega;
          sums.beta += weight * beta;
          for (let j = 0; j < 3; j++) sums.deltas[j]! += weight * (logs[j]! - logSigma);
        }
      }
    }
    const expected = new Map([
      ['sigma', sums.sigma],
      ['omega_g', sums.omega_g],
      ['beta[Intercept]', sums.beta],
      ...['a', 'b', 'c'].map((level, j) => [`delta_g[${level}]`, sums.deltas[j]!] as const),
    ]);
    for (const { variable, mean, mcseMean, sd } of summarize(own)) {
      // Grids of a quarter in logs leave an hundredth of an sd where omega is next to 0.
      expect(Math.abs(mean - expected.get(variable)! / sums.weight), variable).toBeLessThan(4 * mcseMean + 0.02 * sd);
    }
  });

  it('stands beside terms and a structure, and survives the file', () => {
    const time = rows.g.map((level, i) => rows.g.slice(0, i).filter((other) => other === level).length);
    const options = { residual: 'ar1(time | g)', sigma: '~ x + (1 | g)', chains: 1, warmup: 100, iterations: 200 };
    const both = sampleSync('y ~ x', { ...rows, time }, { ...options, seed: 1 });
    const names = both.draws.variables.map(({ name }) => name);
    expect(names).toEqual(['beta', 'sigma', 'phi', 'delta', 'omega_g', 'delta_g']);
    const again = fromJson(toJson(both));
    expect(toJson(again)).toBe(toJson(both));
    expect(Array.from(drawsOf(again, 'delta_g[g3]'))).toEqual(Array.from(drawsOf(both, 'delta_g[g3]')));
    expect(describeModel(both)).toMatch(/omega_g +half_normal\(1\)/);
  });

  it('has the log-likelihood of rows with these sds', () => {
    const value = (name: string): number => drawsOf(fit, name)[7]!;
    const own = rows.y.reduce((sum, y, i) => {
      const level = rows.g[i]!;
      const eta = value('beta[Intercept]') + value('beta[x]') * rows.x[i]! + value(`u_g[${level},Intercept]`);
      const sd = value('sigma') * Math.exp(value(`delta_g[${level}]`));
      return sum - 0.5 * Math.log(2 * Math.PI) - Math.log(sd) - 0.5 * ((y - eta) / sd) ** 2;
    }, 0);
    expect(logLikelihoodOf(fit.design, fit.draws, 0, 7)).toBeCloseTo(own, 9);
  });

  it('integrates u and the log sd out of the log-likelihood of a group', () => {
    const short = sampleSync(TEXT, rows, { ...SDS, chains: 1, warmup: 50, iterations: 60, seed: 5 });
    const { values, observations } = groupLogLikelihood(short, 'g');
    const j = short.design.groupTerms[0]!.levels.indexOf('g1');
    const own = rows.g.flatMap((level, i) => (level === 'g1' ? [i] : []));
    for (const s of [0, 11, 59]) {
      const [intercept, slope, tau, sigma, omega] = [
        'beta[Intercept]',
        'beta[x]',
        'tau_g[Intercept]',
        'sigma',
        'omega_g',
      ].map((name) => drawsOf(short, name)[s]!) as [number, number, number, number, number];
      let density = 0;
      for (let z = -7; z < 7; z += 0.02) {
        // Rows of one variance v and one shared deviation: the determinant and the form in closed form.
        const v = (sigma * Math.exp(omega * z)) ** 2;
        const e = own.map((i) => rows.y[i]! - intercept - slope * rows.x[i]!);
        const whole = e.reduce((sum, value) => sum + value, 0);
        const ratio = (tau * tau) / (v + e.length * tau * tau);
        const form = (e.reduce((sum, value) => sum + value * value, 0) - ratio * whole * whole) / v;
        const logDet = e.length * Math.log(2 * Math.PI * v) + Math.log(1 + (e.length * tau * tau) / v);
        density += (0.02 * Math.exp(-0.5 * (form + logDet + z * z))) / Math.sqrt(2 * Math.PI);
      }
      expect(values[s * observations + j]!).toBeCloseTo(Math.log(density), 4);
    }
  });

  it('draws the sd of a new group, and takes that of a known one', () => {
    const spread = (g: string): number => {
      const options = { kind: 'response', seed: 9 } as const;
      const { rows: found } = predict(fit, { x: [0], g: [g] }, options);
      return (found[0]!['q95'] as number) - (found[0]!['q5'] as number);
    };
    const direct = (deviation: (s: number, z: number) => number, u: (s: number, z: number) => number): number => {
      const rng = createRng([77]);
      const [intercept, sigma] = [drawsOf(fit, 'beta[Intercept]'), drawsOf(fit, 'sigma')];
      const values = Float64Array.from({ length: 60_000 }, (_, k) => {
        const s = k % sigma.length;
        const sd = sigma[s]! * Math.exp(deviation(s, rng.normal()));
        return intercept[s]! + u(s, rng.normal()) + sd * rng.normal();
      }).sort();
      return values[57_000]! - values[3000]!;
    };
    const [omega, tau] = [drawsOf(fit, 'omega_g'), drawsOf(fit, 'tau_g[Intercept]')];
    const fresh = direct(
      (s, z) => omega[s]! * z,
      (s, z) => tau[s]! * z,
    );
    // The sd of a difference of two such quantiles of 3000 draws is some 3% of it.
    expect(Math.abs(spread('new') / fresh - 1)).toBeLessThan(0.12);
    const [delta, u] = [drawsOf(fit, 'delta_g[g9]'), drawsOf(fit, 'u_g[g9,Intercept]')];
    const known = direct(
      (s) => delta[s]!,
      (s) => u[s]!,
    );
    expect(Math.abs(spread('g9') / known - 1)).toBeLessThan(0.12);
    expect(Math.abs(fresh / known - 1)).toBeGreaterThan(0.3);
  });

  it('simulates rows with the sds of their groups, and draws them from the prior', () => {
    const { responses, draws, n } = simulate(fit, { draws: 400, seed: 2 });
    const levels = fit.design.groupTerms[0]!.levels;
    const b = drawsOf(fit, 'beta[x]')[0]!;
    const logs = levels.map((level) => {
      const own = rows.g.flatMap((each, i) => (each === level ? [i] : []));
      // Differences of two rows of a group know no intercept.
      let [square, count] = [0, 0];
      for (let d = 0; d < draws; d++) {
        for (let k = 1; k < own.length; k++) {
          const slope = b * (rows.x[own[k]!]! - rows.x[own[0]!]!);
          square += (responses[own[k]! * draws + d]! - responses[own[0]! * draws + d]! - slope) ** 2;
          count += 2;
        }
      }
      return count === 0 ? null : 0.5 * Math.log(square / count);
    });
    expect(responses).toHaveLength(n * draws);
    const means = levels.map(
      (level) => Math.log(average(drawsOf(fit, 'sigma'))) + average(drawsOf(fit, `delta_g[${level}]`)),
    );
    logs.forEach((value, j) => {
      if (value !== null) expect(Math.abs(value - means[j]!)).toBeLessThan(0.35);
    });
    const prior = simulatePrior(fit.design.graph, rows, { draws: 2000, flat: 'wide' });
    const at = prior.parameters.variables.find(({ name }) => name === 'delta_g')!.offset;
    const deviations = prior.parameters.values.subarray(at * 2000, (at + 1) * 2000);
    // Var(delta) = E omega^2 = 1 under half_normal(1); the fourth moment is 9.
    expect(Math.abs(average(deviations.map((value) => value * value)) - 1)).toBeLessThan(4 * Math.sqrt(8 / 2000));
  });

  it('answers shrinkage, and what the prior of omega does', () => {
    const { rows: pooled } = shrinkage(fit, 'g');
    const delta = (level: string): number => average(drawsOf(fit, `delta_g[${level}]`));
    const sizes = new Map(pooled.map(({ level, n }) => [level, n]));
    const alike = pooled.filter(({ n }) => n === 10);
    const order = [...alike].sort((a, b) => delta(a.level) - delta(b.level));
    // Of two groups of one size the noisier is pooled more.
    expect(sizes.size).toBe(30);
    expect(order.at(-1)!.shrinkageWeight!).toBeGreaterThan(order[0]!.shrinkageWeight!);
    expect(priorParts(fit).map((part) => part.parameter)).toContain('omega_g');
  });

  const WRONG: readonly (readonly [FormulaOptions, Record<string, (string | number)[]>, string])[] = [
    [SDS, { y: [1, 2, 3, 5], x: [1, 2, 4, 3], g: ['a', 'a', 'a', 'a'] }, '"g" has one level'],
    [{ ...SDS, priors: { omega_g: flat() } }, rows, 'omega_g has an improper prior (flat)'],
    [{ sigma: '~ (1 | h)' }, rows, 'h'],
    [
      { residual: 'cs(g)', sigma: '~ (1 | h)' },
      { ...rows, h: rows.g.map((_, i) => i % 2) },
      'cs joins rows of g "g0" that are of two levels of "h"',
    ],
  ];
  it.each(WRONG)('%j is refused', (options, data, sentence) => {
    const fault = faultOf(() => sampleSync('y ~ x', data, { ...options, iterations: 10, warmup: 10 }));
    expect(fault.message).toContain(sentence);
  });

  it('has no estimate by maximum likelihood, and says what has', () => {
    const fault = faultOf(() => maximumLikelihood(TEXT, rows, SDS));
    expect(fault.code).toBe('not-supported');
    expect(fault.message).toContain("sigma: '~ g'");
  });
});

function average(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
