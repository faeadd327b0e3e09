import { afterEach, describe, expect, it, vi } from 'vitest';
import { betterOptimum } from '../../examples/betterOptimum.ts';
import { published, publishedVarCorr } from '../../examples/published.ts';
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

describe('a table of a printed fit whose search stopped early', () => {
  // 400 pupils of 40 schools; "printed" are variances a little off the optimum to all their digits, as of a search that
  // ended there.
  const rows = Array.from({ length: 400 }, (_, i) => {
    const j = i % 40;
    const x = Math.sin(1.3 * i);
    return {
      y: 50 + 3 * Math.sin(7 * j) + (2 + Math.cos(3 * j)) * x + 4 * Math.sin(0.37 * i * i),
      x,
      g: `g${j}`,
    };
  });
  const fit = maximumLikelihood(formula('y ~ x + (1 + x | g)'), { rows }, { method: 'ML' });
  const { Sigma } = fit.groups[0]!;
  const residual = fit.sigma! ** 2;

  const print = (off: number): { text: string; status: number | string | null | undefined } => {
    const [v1, v2] = [Sigma[0]! * (1 + off), Sigma[3]! * (1 - off)];
    const corr = Sigma[1]! / Math.sqrt(Sigma[0]! * Sigma[3]!);
    const cov = corr * Math.sqrt(v1 * v2);
    const because = betterOptimum(fit, [Float64Array.of(v1, cov, cov, v2)], residual);
    const comparisons = publishedVarCorr(fit, [v1.toFixed(5), v2.toFixed(5)], 'variance').slice(0, 2);
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
    const before = process.exitCode;
    process.exitCode = undefined;
    published(
      'a fit',
      comparisons.map((row) => (because ? { ...row, because } : row)),
    );
    const status = process.exitCode;
    process.exitCode = before;
    return { text: lines.join('\n'), status };
  };
  afterEach(() => vi.restoreAllMocks());

  it('says that ours is the better optimum and by how much, and ends well', () => {
    const { text, status } = print(2e-3);
    expect(text).not.toContain('DIFFERS');
    expect(text).toMatch(
      /variance: .*, variance: .*: ours is the better optimum, by \de-\d of deviance from the printed covariances: the other search stopped that early/,
    );
    expect(status).toBeUndefined();
  });

  it('says DIFFERS where the printed fit is another, and ends with status 1', () => {
    const { text, status } = print(0.3);
    expect(text).toContain('DIFFERS');
    expect(text).not.toContain('better optimum');
    expect(status).toBe(1);
  });

  it('has nothing to explain where every digit agrees', () => {
    const { text, status } = print(0);
    expect(text).not.toMatch(/DIFFERS|better optimum/);
    expect(status).toBeUndefined();
  });
});
