import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { looCompare } from '../../diagnostics/looCompare.ts';
import type { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import { inverseGamma, normal } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { kFold } from '../../src/run/kFold.ts';
import { refitLeaveOneOut } from '../../src/run/refitLeaveOneOut.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { logNormalDensity } from '../oracle/denseGroups.ts';

// Known standard errors, sds known by their prior (to a thousandth), a normal prior: everything is normal.
const TAU = 1.5;
const rows = {
  y: [2.1, -0.3, 0.8, 3.9, 4.4, 2.7, -1.2, -2.9, 0.4, 1.1, 9, 0.2],
  x: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2],
  s: [1, 0.5, 1, 1, 2, 1, 0.5, 1, 1, 1, 1, 1],
  g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'e', 'e'],
};
const n = rows.y.length;
const priors = { beta: normal(0, 2), tau_g: inverseGamma(1e6, 1e6 * TAU ** 2) };
const graph = formula('y | se(s) ~ x + (1 | g)', { priors });
const size = { chains: 2, warmup: 50, iterations: 1500, seed: 3 };

/** log p(y_left | the other rows), by conditioning the joint normal distribution of all rows. */
function exact(left: readonly number[]): number {
  const covariance = new Matrix(
    rows.y.map((_, i) =>
      rows.y.map(
        (_, k) =>
          4 * (1 + rows.x[i]! * rows.x[k]!) +
          (rows.g[i] === rows.g[k] ? TAU ** 2 : 0) +
          (i === k ? rows.s[i]! ** 2 : 0),
      ),
    ),
  );
  const others = rows.y.flatMap((_, i) => (left.includes(i) ? [] : [i]));
  const density = (chosen: readonly number[]) =>
    logNormalDensity(
      chosen.map((i) => rows.y[i]!),
      chosen.map(() => 0),
      covariance.selection([...chosen], [...chosen]),
    );
  return density([...others, ...left]) - density(others);
}

const groups = ['a', 'b', 'c', 'd', 'e'].map((g) => rows.g.flatMap((own, i) => (own === g ? [i] : [])));

describe('kFold', () => {
  it('of as many folds as groups is exact, within the Monte Carlo error', async () => {
    const { elpd, pointwise, levels, folds } = await kFold(graph, { rows }, { ...size, folds: 5, by: 'g' });
    expect([levels, folds]).toEqual([['a', 'b', 'c', 'd', 'e'], 5]);
    expect([...pointwise.fold].sort()).toEqual([0, 1, 2, 3, 4]);
    groups.forEach((left, j) => {
      // 4.5 standard errors: 1 in 100 000 for each of the five.
      expect(Math.abs(pointwise.elpd[j]! - exact(left))).toBeLessThan(4.5 * pointwise.mcse[j]! + 2e-3);
    });
    expect(elpd.estimate).toBeCloseTo(
      pointwise.elpd.reduce((sum, value) => sum + value, 0),
      10,
    );
  });

  it('leaves rows out in folds, each row once and predicted by itself', async () => {
    const { pointwise, rowNumbers } = await kFold(graph, { rows }, { ...size, folds: 4 });
    expect(rowNumbers).toEqual(rows.y.map((_, i) => i + 1));
    for (let fold = 0; fold < 4; fold++) {
      const left = [...pointwise.fold.keys()].filter((i) => pointwise.fold[i] === fold);
      expect(left).toHaveLength(3);
      for (const i of left) {
        // p(y_i | the rows outside the fold) = p(y_i, those) / p(those).
        const others = left.filter((k) => k !== i);
        const withoutFold = exactGiven(i, others);
        expect(Math.abs(pointwise.elpd[i]! - withoutFold)).toBeLessThan(4.5 * pointwise.mcse[i]! + 2e-3);
      }
    }
  });

  it('has the same folds for every model of one seed, and compares them', async () => {
    const few = { ...size, iterations: 200, folds: 3 };
    const bare = formula('y | se(s) ~ 1', { priors: { beta: normal(0, 2) } });
    const [one, two] = [await kFold(graph, { rows }, few), await kFold(bare, { rows }, few)];
    expect(one.pointwise.fold).toEqual(two.pointwise.fold);
    const [best, other] = looCompare({ one, two });
    expect(Object.keys(other!)).not.toContain('p');
    expect(best!.elpd - other!.elpd).toBeCloseTo(-other!.elpdDiff, 10);
    expect(await kFold(graph, { rows }, few)).toEqual(one);
    expect(await kFold(graph, { rows }, { ...few, workers: false })).toEqual(one);
  });

  it('refuses what cannot be divided or fitted', async () => {
    const fault = (call: Promise<unknown>) =>
      call.then(String, (error: ModelError) => `${error.code}: ${error.message}`);
    expect(await fault(kFold(graph, { rows }, { by: 'h' }))).toContain('unknown-factor: "h" is no grouping factor');
    expect(await fault(kFold(graph, { rows }, { by: 'g', folds: 6 }))).toBe(
      'option: folds: got 6; accepted is a whole number from 2 to 5, the gs there are',
    );
    expect(await fault(kFold(formula('y ~ 0 + factor(g)'), { rows }, { ...size, folds: 12 }))).toContain(
      'do not determine every coefficient with a flat prior',
    );
    expect(await fault(kFold(graph, { rows }, { fold: 3 } as never))).toContain('did you mean "folds"?');
  });
});

/** log p(y_i | all rows but i and `absent`) = log p(y_i, y_absent | rest) - log p(y_absent | y_i, rest). */
function exactGiven(i: number, absent: readonly number[]): number {
  return exact([i, ...absent]) - exact(absent);
}

describe('refitLeaveOneOut', () => {
  it('leaves out exactly what importance sampling cannot', async () => {
    const fit = sampleSync(graph, { rows }, size);
    const loo = leaveOneOut(fit);
    // Rows 10 and 11: one is all its group has, the other an outlier.
    expect(loo.above.length).toBeGreaterThan(0);
    const refit = await refitLeaveOneOut(fit);
    expect(refit.refitted).toEqual(loo.above);
    expect(refit.above).toEqual([]);
    for (const i of refit.refitted) {
      expect(Math.abs(refit.pointwise.elpd[i]! - exact([i]))).toBeLessThan(4.5 * refit.pointwise.mcse[i]! + 2e-3);
    }
    for (let i = 0; i < n; i++) {
      if (!refit.refitted.includes(i)) expect(refit.pointwise.elpd[i]).toBe(loo.pointwise.elpd[i]);
    }
    const byGroup = await refitLeaveOneOut(fit, { by: 'g' });
    byGroup.levels.forEach((_, j) => {
      const error = Math.abs(byGroup.pointwise.elpd[j]! - exact(groups[j]!));
      if (byGroup.refitted.includes(j)) expect(error).toBeLessThan(4.5 * byGroup.pointwise.mcse[j]! + 2e-3);
    });
    expect(byGroup.refitted).toEqual(leaveOneOut(fit, { by: 'g' }).above);
    await expect(refitLeaveOneOut(fit, { most: 0 })).rejects.toThrow('most: got 0');
  });
});
