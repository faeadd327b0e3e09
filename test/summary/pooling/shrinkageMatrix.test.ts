import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../src/data/frame.ts';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { shrinkage } from '../../../src/summary/pooling/shrinkage.ts';
import { data } from '../../likelihood/goldenData.ts';
import { syntheticFit } from '../syntheticFit.ts';

describe('matrix weights', () => {
  it.each([
    ['sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)', 'Subject'],
    ['orthodont', 'distance ~ age * Sex + (1 + age | Subject)', 'Subject'],
    ['hsb40', 'mathach ~ ses * sector + (1 + ses | school)', 'school'],
    ['sleepstudy', 'Reaction ~ Days + (1 + Days || Subject)', 'Subject'],
  ] as [string, string, string][])('are what estimate = W line + (I - W) own means: %s %s', (name, text, factor) => {
    const { rows } = shrinkage(maximumLikelihood(formula(text), data(name)), factor, { matrix: true });
    let outside = 0;
    for (const row of rows) {
      const group = rows.filter(({ level }) => level === row.level);
      if (group.some(({ noPooling }) => noPooling === null)) continue;
      let sum = row.noPooling!;
      for (const { term, noPooling, populationLine } of group) {
        sum += row.matrixWeights![term]! * (populationLine - noPooling!);
      }
      const size = Math.max(1, Math.abs(row.partialPooling));
      expect(Math.abs(sum - row.partialPooling) / size).toBeLessThan(1e-7);
      const [low, high] = [row.noPooling!, row.populationLine].sort((a, b) => a - b) as [number, number];
      if (row.partialPooling < low - 1e-9 || row.partialPooling > high + 1e-9) outside++;
    }
    // What the sentence says: with several coefficients estimates do lie outside their own two (sleepstudy with a
    // correlation near 0 has few).
    if (name === 'hsb40') expect(outside).toBeGreaterThan(10);
  });

  it('of one varying coefficient are its weight, and of it the estimate lies between its own two', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 | Subject)'), data('sleepstudy'));
    for (const row of shrinkage(fit, 'Subject', { matrix: true }).rows) {
      expect(row.matrixWeights!['Intercept']).toBeCloseTo(row.shrinkageWeight, 12);
      expect(row.partialPooling).toBeCloseTo(
        row.shrinkageWeight * row.populationLine + (1 - row.shrinkageWeight) * row.noPooling!,
        8,
      );
    }
  });

  it('of draws are the mean over draws of V Sigma^-1, by inverses that are taken plainly', () => {
    const n = 12;
    const rows = {
      y: Array.from({ length: n }, (_, i) => Math.sin(i * i)),
      x: Array.from({ length: n }, (_, i) => Math.cos(i)),
      g: Array.from({ length: n }, (_, i) => `g${i % 3}`),
    };
    const fit = syntheticFit(formula('y ~ x + (1 + x | g)'), { rows } as ModelData, { iterations: 15 });
    const of = (name: string, i: number, s: number) => {
      const { offset } = fit.draws.variables.find((variable) => variable.name === name)!;
      return fit.draws.values[(offset + i) * 30 + s]!;
    };
    const answer = shrinkage(fit, 'g', { matrix: true }).rows;
    for (let j = 0; j < 3; j++) {
      const sums = [0, 0, 0, 0];
      for (let s = 0; s < 30; s++) {
        const [a, b, r] = [of('tau_g', 0, s), of('tau_g', 1, s), of('corr_g', 0, s)];
        const P = inverse([a * a, r * a * b, r * a * b, b * b]);
        const A = [0, 0, 0, 0];
        for (let i = j; i < n; i += 3) {
          const z = [1, rows.x[i]!];
          for (let k = 0; k < 4; k++) A[k]! += (z[k >> 1]! * z[k & 1]!) / of('sigma', 0, s) ** 2;
        }
        const V = inverse(A.map((value, k) => value + P[k]!));
        for (let k = 0; k < 4; k++) sums[k]! += (V[k & 2]! * P[k & 1]! + V[(k & 2) + 1]! * P[2 + (k & 1)]!) / 30;
      }
      const [intercept, slope] = answer.filter(({ level }) => level === `g${j}`);
      expect(intercept!.matrixWeights!['Intercept']).toBeCloseTo(sums[0]!, 10);
      expect(intercept!.matrixWeights!['x']).toBeCloseTo(sums[1]!, 10);
      expect(slope!.matrixWeights!['Intercept']).toBeCloseTo(sums[2]!, 10);
      expect(slope!.matrixWeights!['x']).toBeCloseTo(sums[3]!, 10);
    }
  });

  it('are 1 on the diagonal and 0 beside it where nothing varies, and absent unless asked for', () => {
    const fit = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff2'));
    expect(shrinkage(fit, 'Batch', { matrix: true }).rows.map((row) => row.matrixWeights)).toEqual(
      new Array(6).fill({ Intercept: 1 }),
    );
    expect('matrixWeights' in shrinkage(fit, 'Batch').rows[0]!).toBe(false);
  });
});

function inverse([a, b, c, d]: readonly number[]): number[] {
  const det = a! * d! - b! * c!;
  return [d! / det, -b! / det, -c! / det, a! / det];
}
