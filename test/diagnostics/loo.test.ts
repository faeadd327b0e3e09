import { describe, expect, it } from 'vitest';
import { essOfBlock } from '../../diagnostics/ess.ts';
import {
  type DiagnosticsError,
  logLikelihoodMatrix,
  loo,
  looCompare,
  paretoKThreshold,
  psis,
  relativeEfficiency,
  waic,
} from '../../diagnostics/index.ts';
import { referenceJson, referenceLogLikelihood } from './referenceDraws.ts';
import { autoregressiveChains, normals } from './seededDraws.ts';

interface Estimates {
  readonly [name: string]: readonly [number, number];
}
interface LooReference {
  readonly estimates: Estimates;
  readonly pointwise: { readonly rows: readonly (readonly number[])[] };
  readonly n_eff: readonly number[];
  readonly psis_log_weights_normalised_first5obs: readonly (readonly number[])[];
  readonly tail_len: readonly number[];
}
interface Reference {
  readonly r_eff: readonly number[];
  readonly loo_reff1: LooReference;
  readonly loo_reff: LooReference;
  readonly waic: {
    readonly estimates: Estimates;
    readonly pointwise: { readonly rows: readonly (readonly number[])[] };
  };
}

const names = ['loglik1', 'loglik2'] as const;
const matrices = names.map((name) => logLikelihoodMatrix(referenceLogLikelihood(name), 4));
const references = names.map((name) => referenceJson<Reference>(`loo_${name}.json`));

function close(got: number, want: number, what: string): void {
  expect(Math.abs(got - want), `${what}: ${got}, reference ${want}`).toBeLessThanOrEqual(1e-10 * Math.abs(want));
}

describe('relativeEfficiency', () => {
  it("agrees with R's loo to 1e-10", () => {
    matrices.forEach((matrix, m) => {
      relativeEfficiency(matrix).forEach((value, i) => {
        close(value, references[m]!.r_eff[i]!, `r_eff ${i}`);
      });
    });
  });

  it('takes the draws for one chain unless told otherwise', () => {
    const draws = autoregressiveChains(82, 1, 200)[0]!;
    const matrix = logLikelihoodMatrix(draws.map((x) => [-0.5 * x * x, x]));
    const { values, draws: count, observations } = matrix;
    expect(relativeEfficiency({ values, draws: count, observations })).toEqual(
      relativeEfficiency({ ...matrix, chains: 1 }),
    );
  });

  it('is 1 for a likelihood that does not vary and survives likelihoods below the smallest double', () => {
    const chain = autoregressiveChains(81, 1, 100)[0]!;
    const [constant, far] = relativeEfficiency(logLikelihoodMatrix(chain.map((x) => [-2, -5000 + x])));
    const [near] = relativeEfficiency(logLikelihoodMatrix(chain.map((x) => [x])));
    expect(constant).toBe(1);
    close(far!, near!, 'efficiency far out');
    // All the likelihood in one draw, whichever it is: the others are 0 beside it.
    for (const at of [0, 50, 99]) {
      const spike = chain.map((x, s) => (s === at ? 0 : -5000 + x));
      const [efficiency] = relativeEfficiency(logLikelihoodMatrix(spike.map((x) => [x])));
      const plain = { values: Float64Array.from(spike, (x) => Math.exp(x)), chainCount: 1, drawCount: 100 };
      close(efficiency!, essOfBlock(plain) / 100, 'efficiency of a spike');
    }
  });
});

describe('psis', () => {
  it("agrees with R's loo: weights, tail length, k, effective sample size", () => {
    matrices.forEach((matrix, m) => {
      const { n_eff, pointwise, psis_log_weights_normalised_first5obs: weights, tail_len } = references[m]!.loo_reff;
      for (let i = 0; i < 5; i++) {
        const ratios = Float64Array.from(
          { length: matrix.draws },
          (_, s) => -matrix.values[s * matrix.observations + i]!,
        );
        const smoothed = psis(ratios, references[m]!.r_eff[i]!);
        expect(smoothed.tailLength).toBe(tail_len[i]);
        close(smoothed.paretoK, pointwise.rows[i]![4]!, `k ${i}`);
        close(smoothed.ess, n_eff[i]!, `ess ${i}`);
        weights.forEach((row, s) => {
          close(smoothed.logWeights[s]!, row[i]!, `weight ${s}, ${i}`);
        });
      }
    });
  });

  it('recovers the shape of weights that are generalized Pareto', () => {
    const normal = normals(82);
    for (const k of [0.3, 0.9]) {
      // Exponential(1) log weights times k are log Pareto weights of shape k.
      const ratios = Float64Array.from({ length: 40_000 }, () => (k * (normal() ** 2 + normal() ** 2)) / 2);
      // 600 tail draws: sd of k about (1 + k) / sqrt(600) < 0.08, and a pull of 10/610 towards 1/2; three sds.
      expect(Math.abs(psis(ratios).paretoK - k)).toBeLessThan(0.25);
    }
  });

  it('leaves weights alone, with k infinite, when there are too few draws or no variation to fit a tail', () => {
    for (const ratios of [[0, 1, 2, 3], new Array(100).fill(3)]) {
      const { logWeights, paretoK } = psis(ratios);
      expect(paretoK).toBe(Number.POSITIVE_INFINITY);
      expect([...logWeights].reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 14);
      expect(logWeights.at(-1)! - logWeights[0]!).toBeCloseTo(ratios.at(-1)! - ratios[0]!, 14);
    }
  });

  it('has the sample-size dependent threshold min(1 - 1 / log10 S, 0.7)', () => {
    expect(paretoKThreshold(100)).toBeCloseTo(0.5, 14);
    expect(paretoKThreshold(4000)).toBe(0.7);
  });
});

describe('loo', () => {
  it("agrees with R's loo to 1e-10, pointwise and in sum, with efficiency 1 and computed", () => {
    matrices.forEach((matrix, m) => {
      for (const key of ['loo_reff1', 'loo_reff'] as const) {
        const want = references[m]![key];
        const got = loo(matrix, key === 'loo_reff1' ? { relativeEfficiency: 1 } : {});
        want.pointwise.rows.forEach((row, i) => {
          (['elpd', 'mcse', 'p', 'ic', 'paretoK'] as const).forEach((column, k) => {
            close(got.pointwise[column][i]!, row[k]!, `${column} ${i}`);
          });
          close(got.pointwise.ess[i]!, want.n_eff[i]!, `ess ${i}`);
        });
        for (const [ours, theirs] of [
          [got.elpd, 'elpd_loo'],
          [got.p, 'p_loo'],
          [got.ic, 'looic'],
        ] as const) {
          close(ours.estimate, want.estimates[theirs]![0], theirs);
          close(ours.se, want.estimates[theirs]![1], `se of ${theirs}`);
        }
      }
    });
  });

  it('names the observations whose Pareto k is above the threshold and gives no overall Monte Carlo error for them', () => {
    const [good, bad] = matrices.map((matrix) => loo(matrix));
    expect([good!.above, bad!.above]).toEqual([[], [4]]);
    expect(good!.mcse).toBeCloseTo(Math.sqrt(good!.pointwise.mcse.reduce((sum, value) => sum + value ** 2, 0)), 14);
    expect(bad!.mcse).toBeNaN();
  });

  it('takes the relative efficiencies of the observations where they are given', () => {
    const matrix = matrices[1]!;
    const own = loo(matrix);
    expect(loo(matrix, { relativeEfficiency: relativeEfficiency(matrix) })).toEqual(own);
    expect(loo(matrix, { relativeEfficiency: 1 }).pointwise.mcse).not.toEqual(own.pointwise.mcse);
  });

  it('is near the exact leave-one-out density of a normal mean with known sd', () => {
    // y_i ~ N(mu, 1), flat prior: p(y_i | y_-i) = N(y_i; mean of the others, 1 + 1/(n - 1)); draws of mu are N(ybar,
    // 1/n).
    const y = [-1.2, -0.3, 0.1, 0.4, 0.8, 1.5, 2.1, -0.7, 0.6, 0.2];
    const n = y.length;
    const mean = y.reduce((sum, value) => sum + value, 0) / n;
    const normal = normals(83);
    const rows = Array.from({ length: 20_000 }, () => {
      const mu = mean + normal() / Math.sqrt(n);
      return y.map((value) => -0.5 * Math.log(2 * Math.PI) - (value - mu) ** 2 / 2);
    });
    const got = loo(logLikelihoodMatrix(rows));
    y.forEach((value, i) => {
      const others = (n * mean - value) / (n - 1);
      const variance = 1 + 1 / (n - 1);
      const exact = -0.5 * Math.log(2 * Math.PI * variance) - (value - others) ** 2 / (2 * variance);
      expect(Math.abs(got.pointwise.elpd[i]! - exact)).toBeLessThan(4 * got.pointwise.mcse[i]! + 1e-4);
    });
  });

  it('throws for a matrix that does not fit its sizes, for values that are not finite, for efficiencies of the wrong length', () => {
    const code = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as DiagnosticsError).code;
      }
      return undefined;
    };
    expect(code(() => loo({ values: [1, 2, 3], draws: 2, observations: 2 }))).toBe('bad-shape');
    expect(code(() => loo({ values: [1, 2, 3], draws: 3, observations: 1, chains: 2 }))).toBe('bad-shape');
    expect(code(() => loo({ values: [1, 2, 3], draws: 3, observations: 1, chains: 1.5 }))).toBe('bad-shape');
    expect(code(() => logLikelihoodMatrix([[1, 2], [3]]))).toBe('bad-shape');
    expect(code(() => logLikelihoodMatrix([]))).toBe('bad-shape');
    expect(code(() => loo(logLikelihoodMatrix([[1], [Number.NEGATIVE_INFINITY]])))).toBe('not-finite');
    expect(code(() => loo(matrices[0]!, { relativeEfficiency: [1, 1] }))).toBe('bad-argument');
    expect(code(() => psis([1, 2], 0))).toBe('bad-argument');
    expect(code(() => psis([]))).toBe('no-draws');
    expect(() =>
      waic(
        logLikelihoodMatrix([
          [1, 2],
          [1, Number.NaN],
        ]),
      ),
    ).toThrow('observation 2 at draw 2 is NaN');
  });
});

describe('waic', () => {
  it("agrees with R's loo to 1e-10, pointwise and in sum", () => {
    matrices.forEach((matrix, m) => {
      const want = references[m]!.waic;
      const got = waic(matrix);
      want.pointwise.rows.forEach((row, i) => {
        (['elpd', 'p', 'ic'] as const).forEach((column, k) => {
          close(got.pointwise[column][i]!, row[k]!, `${column} ${i}`);
        });
      });
      close(got.elpd.estimate, want.estimates['elpd_waic']![0], 'elpd');
      close(got.p.se, want.estimates['p_waic']![1], 'se of p');
      close(got.ic.se, want.estimates['waic']![1], 'se of waic');
      expect(got.above).toEqual([...got.pointwise.p.keys()].filter((i) => got.pointwise.p[i]! > 0.4));
    });
  });
});

describe('looCompare', () => {
  const [first, second] = matrices.map((matrix) => loo(matrix, { relativeEfficiency: 1 }));

  it("agrees with R's loo_compare and puts the best model first", () => {
    const { compare } = referenceJson<{ compare: Record<string, number | string>[] }>('loo_compare.json');
    const rows = looCompare({ model2: second!, model1: first! });
    rows.forEach((row, k) => {
      const want = compare[k]!;
      expect(row.model).toBe(want['_row']);
      const pairs = {
        elpdDiff: 'elpd_diff',
        seDiff: 'se_diff',
        elpd: 'elpd_loo',
        seElpd: 'se_elpd_loo',
        p: 'p_loo',
        seP: 'se_p_loo',
        ic: 'looic',
        seIc: 'se_looic',
      } as const;
      for (const [ours, theirs] of Object.entries(pairs))
        close(row[ours as keyof typeof pairs], want[theirs] as number, theirs);
    });
  });

  it('refuses models of different criteria, of different data, and an empty list', () => {
    const shorter = loo(
      logLikelihoodMatrix(
        referenceLogLikelihood('loglik1').map((row) => row.slice(1)),
        4,
      ),
    );
    expect(() => looCompare({ a: first!, b: waic(matrices[1]!) })).toThrow(
      'model "b" is waic of 30 observations and model "a" is loo',
    );
    expect(() => looCompare({ a: first!, b: shorter })).toThrow(
      'compare models by one criterion on the same observations',
    );
    expect(() => looCompare({})).toThrow('no models');
  });
});
