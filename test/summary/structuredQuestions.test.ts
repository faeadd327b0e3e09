import { determinant } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { lkj, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { compareModelsText } from '../../src/report/text.ts';
import { normalCdf } from '../../src/special/normalTail.ts';
import { looPit } from '../../src/summary/checks/looPit.ts';
import { type ResidualType, residuals } from '../../src/summary/checks/residuals.ts';
import { compareModels } from '../../src/summary/comparison/compareModels.ts';
import { groupLogLikelihood } from '../../src/summary/comparison/groupLogLikelihood.ts';
import { influence } from '../../src/summary/comparison/influence.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { leftOutWeights } from '../../src/summary/comparison/leftOutWeights.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { logPriorDraws } from '../../src/summary/comparison/logPriorDraws.ts';
import { sensitivity } from '../../src/summary/comparison/sensitivity.ts';
import { variableOf } from '../../src/summary/groupDraws.ts';
import { rSquared } from '../../src/summary/variance/rSquared.ts';
import { varianceFunction } from '../../src/summary/variance/varianceFunction.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { madeRows } from '../likelihood/structured/structuredData.ts';

const orthodont = fixtureFrame('orthodont');
const n108 = orthodont.n;
const REML = maximumLikelihood('distance ~ age * Sex + (1 | Subject)', orthodont, {
  residual: 'ar1(age | Subject)',
  sigma: '~ Sex',
});
const visits = maximumLikelihood('distance ~ age * Sex', orthodont, { residual: 'unstructured(age | Subject)' });

const { columns } = madeRows(9, 5, 3);
const options = { chains: 2, warmup: 60, iterations: 300, seed: 4 };
const chained = sampleSync('y ~ x + (1 | group)', columns, {
  ...options,
  residual: 'ar1(time | group)',
  sigma: '~ kind',
});
const apart = sampleSync('y ~ x + (1 | group)', columns, { ...options, sigma: '~ x + (1 | group)' });
const alike = sampleSync('y ~ x', columns, { ...options, residual: 'cs(group)' });

const S = 600;
const of = (fit: Fit, name: string, k = 0): Float64Array => scalarDraws(fit.draws, variableOf(fit, name).offset + k);
const n = columns.y!.length;
const [x, y] = [columns.x!.map(Number), columns.y!.map(Number)];
const groupOf = (fit: Fit): Int32Array => (fit.design.residual!.groups ?? fit.design.residual!.sigmaGroups!).index;
/** The residual sd of row i in draw s. */
const sdAt = (fit: Fit, i: number, s: number): number => {
  const has = (name: string): boolean => fit.draws.variables.some((each) => each.name === name);
  const column = fit === apart ? x[i]! : Number(columns.kind![i] === 'b');
  const log = has('delta') ? of(fit, 'delta')[s]! * column : 0;
  const own = has('delta_group') ? of(fit, 'delta_group', groupOf(fit)[i]!)[s]! : 0;
  return of(fit, 'sigma')[s]! * Math.exp(log + own);
};

describe('residuals of rows that depend on each other', () => {
  // nlme 3.1: resid(lme(..., correlation = corAR1(form = ~ 1 | Subject), weights = varIdent(form = ~ 1 | Sex))) and
  // resid(gls(..., correlation = corSymm(form = ~ 1 | Subject), weights = varIdent(form = ~ 1 | age))) of these types.
  it.each<[string, typeof REML, ResidualType, Record<string, number[]>]>([
    [
      'AR(1) and sds by sex, normalized',
      REML,
      'normalized',
      {
        M11: [0.84234138, -0.13577164, -0.68822045, -0.67797252],
        F01: [1.23668153, -1.33997422, -0.46453264, 0.16689034],
      },
    ],
    [
      'AR(1) and sds by sex, pearson',
      REML,
      'pearson',
      {
        M11: [0.84234138, -0.07050525, -0.69160616, -0.72921562],
        F01: [1.23668153, -1.24076675, -0.55869678, 0.12337319],
      },
    ],
    [
      'unstructured, normalized',
      visits,
      'normalized',
      {
        M11: [0.23324958, -0.82017894, -1.20243966, -0.58259687],
        F01: [-0.10144479, -1.22942711, -0.39634509, 0.6235249],
      },
    ],
  ])('are those of nlme: %s', (_, fit, type, expected) => {
    const { levels, index } = fit.design.residual!.groups!;
    const { rows } = residuals(fit, { type });
    for (const [level, values] of Object.entries(expected)) {
      const own = rows.filter((__, i) => levels[index[i]!] === level);
      // nlme's optimiser stops at some 1e-5 of its parameters.
      own.forEach(({ residual }, k) => {
        expect(Math.abs(residual - values[k]!)).toBeLessThan(3e-5);
      });
    }
  });

  it('normalized are n - p squares of REML, and other kinds of rows have none', () => {
    const sum = residuals(visits, { type: 'normalized' }).rows.reduce(
      (total, { residual }) => total + residual ** 2,
      0,
    );
    expect(sum).toBeCloseTo(n108 - 4, 8);
    const plain = maximumLikelihood('distance ~ age', orthodont);
    expect(residuals(plain, { type: 'normalized' }).rows).toEqual(residuals(plain, { type: 'pearson' }).rows);
    const counts = sampleSync(
      'k ~ 1',
      { k: [1, 2, 0, 3] },
      { family: 'poisson', chains: 1, warmup: 10, iterations: 10 },
    );
    expect(faultOf(() => residuals(counts, { type: 'normalized' })).code).toBe('not-supported');
    expect(faultOf(() => residuals(REML, { type: 'normalized', level: 2 })).code).toBe('not-supported');
  });
});

describe('rows left out of a fit whose residuals are structured', () => {
  it('places a row by itself where residuals have sds alone', () => {
    const { pit, by, paretoK } = looPit(apart);
    expect(by).toBeNull();
    const { values } = logLikelihood(apart);
    for (const i of [0, 17, 34]) {
      const own = Float64Array.from({ length: S }, (_, s) => values[s * n + i]!);
      const { logWeights, paretoK: k } = leftOutWeights(own, 2);
      let expected = 0;
      for (let s = 0; s < S; s++) {
        const u = of(apart, 'u_group', groupOf(apart)[i]!)[s]!;
        const eta = of(apart, 'beta')[s]! + of(apart, 'beta', 1)[s]! * x[i]! + u;
        expected += Math.exp(logWeights[s]!) * normalCdf((y[i]! - eta) / sdAt(apart, i, s));
      }
      expect(pit[i]).toBeCloseTo(expected, 10);
      expect(paretoK[i]).toBe(k);
    }
  });

  it('places a row without its group where rows of one group depend on each other', () => {
    const { pit, by } = looPit(chained);
    expect(by).toBe('group');
    const { values, observations } = groupLogLikelihood(chained, 'group');
    for (const i of [3, 21]) {
      const j = groupOf(chained)[i]!;
      const { logWeights } = leftOutWeights(
        Float64Array.from({ length: S }, (_, s) => values[s * observations + j]!),
        2,
      );
      let expected = 0;
      for (let s = 0; s < S; s++) {
        const eta = of(chained, 'beta')[s]! + of(chained, 'beta', 1)[s]! * x[i]!;
        const sd = Math.hypot(sdAt(chained, i, s), of(chained, 'tau_group')[s]!);
        expected += Math.exp(logWeights[s]!) * normalCdf((y[i]! - eta) / sd);
      }
      expect(pit[i]).toBeCloseTo(expected, 10);
    }
    // Uniform each, if the model is right, as these rows were made.
    expect(Math.abs(pit.reduce((sum, value) => sum + value, 0) / n - 0.5)).toBeLessThan(0.15);
  });

  it('compares models by the groups left out', () => {
    const result = compareModels({ chained, alike });
    expect(result.models).toEqual([]);
    expect(result.reason).toContain('in chained rows of one group depend on each other (ar1)');
    expect(compareModelsText(result)).toContain('A new row: not compared, in chained rows');
    const [groups] = result.newGroups;
    expect(groups!.by).toBe('group');
    for (const row of groups!.models) {
      expect(row.elpd).toBeCloseTo(
        leaveOneOut(row.model === 'alike' ? alike : chained, { by: 'group' }).elpd.estimate,
        9,
      );
    }
    expect(result.parameters.map(({ parameter }) => parameter)).toEqual([
      'beta[Intercept]',
      'beta[x]',
      'tau_group[Intercept]',
      'sigma',
      'phi',
      'delta[kindb]',
      'rho',
    ]);
  });

  it('refits without a group, or weights the draws so', () => {
    const level = 'F03';
    const again = maximumLikelihood('distance ~ age * Sex', orthodontWithout('Subject', level), {
      residual: 'unstructured(age | Subject)',
    });
    const { rows, groups, by } = influence(visits, 'Subject');
    expect(by).toBe('refit');
    expect(groups).toHaveLength(27);
    const own = rows.filter((row) => row.level === level);
    again.fixef.estimates.forEach((value, k) => {
      expect(own[k]!.without!).toBeCloseTo(value, 5);
    });
    const rho = own.find(({ parameter }) => parameter === 'rho[8,10]')!;
    expect(rho.without!).toBeCloseTo(again.residual!.parameters[0]!.estimate, 4);

    const { values, observations } = groupLogLikelihood(alike, 'group');
    const found = influence(alike, 'group');
    expect(found.by).toBe('weights');
    const { logWeights } = leftOutWeights(
      Float64Array.from({ length: S }, (_, s) => values[s * observations + 2]!),
      2,
    );
    const mean = of(alike, 'rho').reduce((sum, value, s) => sum + value * Math.exp(logWeights[s]!), 0);
    const { levels } = alike.design.residual!.groups!;
    const row = found.rows.find((each) => each.level === levels[2] && each.parameter === 'rho')!;
    expect(row.without!).toBeCloseTo(mean, 9);
    expect(influence(apart, 'group').rows.some(({ parameter }) => parameter.startsWith('delta_'))).toBe(false);
  });
});

describe('priors and variances of structured residuals', () => {
  it('the log prior has delta, omega, sigma at the means, and correlations', () => {
    const centre = x.reduce((sum, value) => sum + value / n, 0);
    const { delta, omega } = apart.priors.residual!;
    const scale = apart.priors.sigma as { df: number; scale: number };
    const tau = apart.priors.groups[0]![0]! as unknown as { tau: { df: number; scale: number }[] };
    const halfT = (value: number, { df, scale: unit }: { df: number; scale: number }): number =>
      -0.5 * (df + 1) * Math.log1p((value / unit) ** 2 / df);
    const expected = (s: number): number =>
      halfT(of(apart, 'sigma')[s]! * Math.exp(of(apart, 'delta')[s]! * centre), scale) +
      halfT(of(apart, 'tau_group')[s]!, tau.tau[0]!) -
      0.5 * (of(apart, 'delta')[s]! / delta[0]!.sd) ** 2 -
      0.5 * of(apart, 'omega_group')[s]! ** 2;
    expect(omega!.prior.distribution).toBe('halfNormal');
    const found = logPriorDraws(apart);
    for (const s of [5, 250, 599]) expect(found[s]! - found[0]!).toBeCloseTo(expected(s) - expected(0), 8);

    const priors = { rho: lkj(3), beta: normal(0, 10) };
    const text = { residual: 'unstructured(age | Subject)', priors, chains: 1, warmup: 20, iterations: 40, seed: 2 };
    const matrix = sampleSync('distance ~ age', orthodontWithout('age', 14), text);
    const [a, b] = [7, 33].map((s) => {
      const r = Array.from({ length: 3 }, (_, k) => of(matrix, 'rho', k)[s]!);
      const rows = [
        [1, r[0]!, r[1]!],
        [r[0]!, 1, r[2]!],
        [r[1]!, r[2]!, 1],
      ];
      const sds = Array.from({ length: 3 }, (_, t) => of(matrix, 'sigma', t)[s]!);
      const beta = [0, 1].map((k) => of(matrix, 'beta', k)[s]!);
      const own = matrix.priors.sigma as { df: number; scale: number };
      return (
        2 * Math.log(determinant(rows)) +
        sds.reduce((sum, sd) => sum + halfT(sd, own), 0) -
        0.5 * beta.reduce((sum, value) => sum + (value / 10) ** 2, 0)
      );
    }) as [number, number];
    const all = logPriorDraws(matrix);
    expect(all[33]! - all[7]!).toBeCloseTo(b - a, 7);
  });

  it('sensitivity is of the parameters of residuals too, and a strong prior is seen', () => {
    const names = sensitivity(apart).rows.map(({ variable }) => variable);
    expect(names).toContain('omega_group');
    expect(names.some((name) => name.startsWith('delta_group'))).toBe(false);
    const strong = sampleSync('y ~ x', columns, { ...options, sigma: '~ kind', priors: { delta: normal(2, 0.1) } });
    const row = sensitivity(strong).rows.find(({ variable }) => variable === 'delta[kindb]')!;
    const weak = sensitivity(chained).rows.find(({ variable }) => variable === 'delta[kindb]')!;
    expect(row.diagnosis).not.toBe('none');
    expect(row.prior).toBeGreaterThan(3 * weak.prior);
  });

  it('rSquared takes the mean of the rows variances', () => {
    const find = (fit: Fit, measure: string, part: string): number =>
      rSquared(fit).rows.find((row) => row.measure === measure && row.part === part)!.estimate!;
    let [conditional, marginal] = [0, 0];
    for (let s = 0; s < S; s++) {
      const fixed = x.map((value) => of(apart, 'beta', 1)[s]! * value);
      const mu = fixed.map((value, i) => value + of(apart, 'u_group', groupOf(apart)[i]!)[s]!);
      const error = fixed.reduce((sum, _, i) => sum + sdAt(apart, i, s) ** 2 / n, 0);
      conditional += variance(mu) / (variance(mu) + error) / S;
      marginal += variance(fixed) / (variance(fixed) + error + of(apart, 'tau_group')[s]! ** 2) / S;
    }
    expect(find(apart, 'bayesian', 'conditional')).toBeCloseTo(conditional, 9);
    expect(find(apart, 'bayesian', 'marginal')).toBeCloseTo(marginal, 9);
    expect(find(apart, 'nakagawa', 'marginal')).toBeCloseTo(marginal, 9);
    const { unit } = visits.residual!;
    const model = visits.residual!.sds.map(({ estimate }) => estimate ** 2);
    expect(unit).toBeGreaterThan(0);
    const found = rSquared(visits).rows.find((row) => row.measure === 'nakagawa' && row.part === 'marginal')!;
    const among = variance(fitted(visits));
    expect(found.estimate!).toBeCloseTo(among / (among + model.reduce((sum, value) => sum + value / 4, 0)), 8);
  });

  it('the variance along a column of sigma is that of its sd', () => {
    const { variances } = varianceFunction(apart, 'x', { values: [-1, 2] });
    for (const value of [-1, 2]) {
      const own = of(apart, 'delta').map((delta, s) => (of(apart, 'sigma')[s]! * Math.exp(delta * value)) ** 2);
      const mean = own.reduce((sum, each) => sum + each / S, 0);
      expect(variances.find((row) => row.value === value && row.part === 'residual')!.estimate).toBeCloseTo(mean, 9);
    }
    expect(faultOf(() => varianceFunction(chained, 'x')).message).toContain('marginalCovariance');
  });
});

/** The rows of other values of a column. */
function orthodontWithout(column: string, value: string | number): Record<string, (string | number)[]> {
  const out = orthodont.columns.get(column)!.values;
  return Object.fromEntries(
    [...orthodont.columns].map(([name, { values }]) => [
      name,
      Array.from(values as ArrayLike<string | number>).filter((_, i) => out[i] !== value),
    ]),
  );
}

function fitted({ design, fixef }: typeof visits): number[] {
  return Array.from({ length: design.n }, (_, i) =>
    fixef.estimates.reduce((sum, value, k) => sum + value * design.X[i * design.p + k]!, 0),
  );
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
