import { describe, expect, it } from 'vitest';
import { psis } from '../../../diagnostics/psis.ts';
import {
  type Fit,
  formula,
  groupLogLikelihood,
  influence,
  kFold,
  leaveOneOut,
  logLikelihood,
  looPit,
  maximumLikelihood,
  residuals,
  sampleSync,
  scalarDraws,
} from '../../../src/index.ts';
import { plotPrior } from '../../../src/plots/index.ts';
import { createRng } from '../../../src/random/rng.ts';
import { normalCdf } from '../../../src/special/normalTail.ts';

const levels = ['low', 'middle', 'high', 'top'];
const rng = createRng([17]);
const rows = Array.from({ length: 60 }, (_, i) => {
  const x = rng.normal();
  const latent = 0.8 * x + 0.5 * (i % 5) - 1 + rng.normal();
  return { answer: levels[latent < -1 ? 0 : latent < 0.5 ? 1 : latent < 1.5 ? 2 : 3]!, x, g: `g${i % 5}` };
});
const graph = formula('answer ~ x + (1 | g)', { family: 'ordinal', levels });
const fit = sampleSync(graph, { rows }, { seed: 3, chains: 2, iterations: 200, warmup: 100 });
const level = rows.map(({ answer }) => levels.indexOf(answer));
const logistic = (v: number) => 1 / (1 + Math.exp(-v));

/** P(Y < k) and P(Y <= k) at a linear predictor, by the cumulative logit itself. */
function ends(k: number, eta: number, thresholds: readonly number[]): [number, number] {
  const below = k === 0 ? 0 : logistic(thresholds[k - 1]! - eta);
  return [below, k === thresholds.length ? 1 : logistic(thresholds[k]! - eta)];
}

describe('ordered answers', () => {
  it('have quantile residuals between the probabilities of their level', () => {
    const ml = maximumLikelihood(graph, { rows });
    const thresholds = Array.from(ml.thresholds!.estimates);
    const found = residuals(ml, { type: 'quantile', seed: 1 }).rows;
    found.forEach(({ residual, fitted }, i) => {
      const { x, g } = rows[i]!;
      const { levels: groups, modes } = ml.groups[0]!;
      const eta = ml.fixef.estimates[0]! * x + modes[groups.indexOf(g)]!;
      const [below, upTo] = ends(level[i]!, eta, thresholds);
      expect(normalCdf(residual!)).toBeGreaterThanOrEqual(below - 1e-9);
      expect(normalCdf(residual!)).toBeLessThanOrEqual(upTo + 1e-9);
      // The mean number of the level, 1 the lowest.
      const mean = 1 + thresholds.reduce((sum, theta) => sum + 1 - logistic(theta - eta), 0);
      expect(fitted).toBeCloseTo(mean, 9);
    });
  });

  it('have a leave-one-out transform between the weighted probabilities of their level', () => {
    const { pit, paretoK } = looPit(fit, { seed: 2 });
    const { values, observations, draws } = logLikelihood(fit);
    const at = (name: string, place: number) =>
      scalarDraws(fit.draws, fit.draws.variables.find((variable) => variable.name === name)!.offset + place);
    const thresholds = [0, 1, 2].map((k) => at('threshold', k));
    const beta = at('beta', 0);
    rows.forEach(({ x, g }, i) => {
      const u = at('u_g', fit.design.groupTerms[0]!.levels.indexOf(g));
      const ratios = Float64Array.from({ length: draws }, (_, s) => -values[s * observations + i]!);
      const { logWeights } = psis(ratios, 1);
      let [low, high] = [0, 0];
      for (let s = 0; s < draws; s += 1) {
        const [below, upTo] = ends(
          level[i]!,
          beta[s]! * x + u[s]!,
          thresholds.map((theta) => theta[s]!),
        );
        low += Math.exp(logWeights[s]!) * below;
        high += Math.exp(logWeights[s]!) * upTo;
      }
      // The relative efficiency moves the length of the tail that is smoothed, and weights by a few parts in a thousand.
      expect(pit[i]!).toBeGreaterThan(low - 0.01);
      expect(pit[i]!).toBeLessThan(high + 0.01);
      expect(paretoK[i]!).toBeLessThan(0.7);
    });
  });

  /** log of the integral over u ~ N(0, tau^2) of prod P(answer | x beta + u), by the trapezoid rule to eight sds. */
  const integral = (drawn: Fit, cdf: (v: number) => number, members: readonly number[], s: number): number => {
    const at = (name: string, place: number) =>
      scalarDraws(drawn.draws, drawn.draws.variables.find((variable) => variable.name === name)!.offset + place)[s]!;
    const thresholds = [0, 1, 2].map((k) => at('threshold', k));
    const [beta, tau] = [at('beta', 0), at('tau_g', 0)];
    let sum = 0;
    for (let z = -8; z <= 8; z += 1 / 64) {
      let density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / 64;
      for (const i of members) {
        const eta = beta * rows[i]!.x + tau * z;
        const k = level[i]!;
        density *= (k === 3 ? 1 : cdf(thresholds[k]! - eta)) - (k === 0 ? 0 : cdf(thresholds[k - 1]! - eta));
      }
      sum += density;
    }
    return Math.log(sum);
  };
  const membersOf = (group: string) => rows.flatMap(({ g }, i) => (g === group ? [i] : []));

  it.each(['ordinal', 'ordinalProbit'] as const)(
    'have their groups left out, deviations integrated out, %s',
    (family) => {
      const drawn =
        family === 'ordinal'
          ? fit
          : sampleSync(
              formula('answer ~ x + (1 | g)', { family, levels }),
              { rows },
              { chains: 1, iterations: 60, warmup: 60 },
            );
      const { values, observations } = groupLogLikelihood(drawn, 'g');
      for (const s of [0, 17, 59]) {
        drawn.design.groupTerms[0]!.levels.forEach((group, j) => {
          const exact = integral(drawn, family === 'ordinal' ? logistic : normalCdf, membersOf(group), s);
          // The rule of quadrature is chosen to be within a thousandth of the best one.
          expect(Math.abs(values[s * observations + j]! - exact)).toBeLessThan(2e-3);
        });
      }
      const left = leaveOneOut(drawn, { by: 'g' });
      expect(left.levels).toEqual(drawn.design.groupTerms[0]!.levels);
      expect(influence(drawn, 'g').groups.map(({ level: group }) => group)).toEqual(left.levels);
    },
  );

  it('are predicted by fits without a part of the groups', async () => {
    const size = { seed: 1, chains: 2, warmup: 100, iterations: 200 };
    const folds = await kFold(graph, { rows }, { ...size, by: 'g', folds: 5, workers: false });
    // The same of one group, by a fit of the other rows and the integral as it is.
    const others = rows.filter(({ g }) => g !== 'g2');
    const without = sampleSync(graph, { rows: others }, { ...size, seed: 9 });
    const S = size.chains * size.iterations;
    const densities = Array.from({ length: S }, (_, s) => Math.exp(integral(without, logistic, membersOf('g2'), s)));
    const mean = densities.reduce((sum, density) => sum + density, 0) / S;
    const at = folds.levels.indexOf('g2');
    // Two runs, each with its Monte Carlo error; default priors are resolved on the same rows.
    expect(Math.abs(folds.pointwise.elpd[at]! - Math.log(mean))).toBeLessThan(
      5 * Math.SQRT2 * folds.pointwise.mcse[at]!,
    );
  });

  it('are set beside draws of the prior by the same numbers of levels, 1 the lowest', () => {
    const mean = level.reduce((sum, k) => sum + k + 1, 0) / level.length;
    const { caption, rows: drawn } = plotPrior(graph, { rows }, { draws: 20 });
    expect(caption).toContain(`that of the data is ${mean.toPrecision(2)}`);
    expect(drawn.every(({ smallest, largest }) => Number(smallest) >= 1 && Number(largest) <= 4)).toBe(true);
  });
});
