import { describe, expect, it } from 'vitest';
import { psis } from '../../../diagnostics/psis.ts';
import {
  formula,
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
import { faultOf } from '../../faultOf.ts';

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

  it('are refused in one sentence where deviations would be integrated out, before anything is sampled', async () => {
    const sentence = 'answer has ordered answers';
    expect(faultOf(() => leaveOneOut(fit, { by: 'g' })).message).toContain(sentence);
    expect(faultOf(() => influence(fit, 'g')).message).toContain(sentence);
    let told = 0;
    const refused = kFold(graph, { rows }, { folds: 3, seed: 1, onProgress: () => (told += 1) } as never);
    await expect(refused).rejects.toThrow(sentence);
    expect(told).toBe(0);
  });

  it('are set beside draws of the prior by the same numbers of levels, 1 the lowest', () => {
    const mean = level.reduce((sum, k) => sum + k + 1, 0) / level.length;
    const { caption, rows: drawn } = plotPrior(graph, { rows }, { draws: 20 });
    expect(caption).toContain(`that of the data is ${mean.toPrecision(2)}`);
    expect(drawn.every(({ smallest, largest }) => Number(smallest) >= 1 && Number(largest) <= 4)).toBe(true);
  });
});
