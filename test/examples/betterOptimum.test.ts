import { describe, expect, it } from 'vitest';
import { betterOptimum } from '../../examples/betterOptimum.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { data } from '../likelihood/goldenData.ts';

describe('a printed fit that ends just short of the optimum', () => {
  const graph = formula('Reaction ~ Days + (1 + Days | Subject)');
  const fit = maximumLikelihood(graph, data('sleepstudy'), { method: 'ML' });
  const [a, , b, c] = fit.groups[0]!.Sigma as unknown as [number, number, number, number];
  const residual = fit.sigma! ** 2;

  it.each([1e-3, -1e-3, 1e-2])('is told from ours by the deviance: variances off by %d of themselves', (off) => {
    const Sigma = Float64Array.of(a * (1 + off), b, b, c * (1 - off));
    expect(betterOptimum(fit, [Sigma], residual)).toMatch(/^ours is the better optimum, by \de-\d of deviance/);
  });

  it.each([0.5, -0.4])('is not taken for one where it is another fit: off by %d', (off) => {
    const Sigma = Float64Array.of(a * (1 + off), b, b, c * (1 + off));
    expect(betterOptimum(fit, [Sigma], residual)).toBeUndefined();
    expect(betterOptimum(fit, [Float64Array.of(a, b, b, c)], residual * (1 + off))).toBeUndefined();
  });

  it('is judged for one variance alone, and for two factors', () => {
    const pastes = maximumLikelihood(formula('strength ~ 1 + (1 | batch/cask)'), data('pastes'));
    const printed = pastes.groups.map(({ Sigma }) => Sigma.map((value) => Math.round(value * 1e3) / 1e3));
    const found = betterOptimum(pastes, printed, Math.round(pastes.sigma! ** 2 * 1e3) / 1e3);
    expect(found).toMatch(/better optimum/);
  });
});
