import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { halfCauchy, halfT, lkj, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { check } from '../../src/summary/checks/check.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

interface Reference {
  readonly variable: string;
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
}

const orthodont = fixtureFrame('orthodont');
const TEXT = 'distance ~ age * Sex';
const OPTIONS = { chains: 2, warmup: 50, iterations: 600, seed: 11 };
const priors = { beta: normal(0, 100), sigma: halfCauchy(2.5) };
const fits = {
  toeplitz: sampleSync(TEXT, orthodont, { ...OPTIONS, residual: 'toeplitz(age | Subject)', priors }),
  unstructured: sampleSync(TEXT, orthodont, { ...OPTIONS, residual: 'unstructured(age | Subject)', priors }),
};

describe('sampling several correlations of residuals', () => {
  it.each(['toeplitz', 'unstructured'] as const)(
    'agrees with random walks in the correlations themselves: %s',
    (structure) => {
      const file = new URL(`../fixtures/posteriors/posterior_orthodont_${structure}.json`, import.meta.url);
      const { key } = JSON.parse(readFileSync(file, 'utf8')) as { key: Reference[] };
      const ours = summarize(fits[structure]);
      const places = (base: string) =>
        ours.filter(({ variable }) => variable === base || variable.startsWith(`${base}[`));
      let compared = 0;
      for (const { variable, mean, sd, mcse_mean } of key) {
        const [, base, at] = /^(\w+)(?:\[(\d+)\])?$/.exec(variable)!;
        const row = places(base!)[Number(at ?? 1) - 1]!;
        // Four combined Monte Carlo standard errors of up to fourteen means.
        expect(Math.abs(row.mean - mean)).toBeLessThan(4 * Math.hypot(mcse_mean, row.mcseMean));
        expect(Math.abs(row.sd / sd - 1)).toBeLessThan(0.15);
        expect(row.essBulk).toBeGreaterThan(0.3 * OPTIONS.chains * OPTIONS.iterations);
        compared += 1;
      }
      expect(compared).toBe(ours.length);
    },
  );

  it.each(['toeplitz', 'unstructured'] as const)('survives JSON and passes the checks: %s', (structure) => {
    const text = toJson(fits[structure]);
    expect(toJson(fromJson(text))).toBe(text);
    expect(check(fits[structure]).ok).toBe(true);
  });

  it('names an sd for each occasion and a correlation for each pair, and describes their priors', () => {
    const names = summarize(fits.unstructured).map(({ variable }) => variable);
    expect(names).toContain('sigma[14]');
    expect(names).toContain('rho[8,14]');
    const words = describeModel(
      plan(TEXT, orthodont, { residual: 'unstructured(age | Subject)', priors: { rho: lkj(2) } }),
    );
    expect(words).toMatch(/rho +lkj\(2\) +rho/);
    expect(describeModel(plan(TEXT, orthodont, { residual: 'toeplitz(age | Subject)' }))).toMatch(
      /rho +partial autocorrelations uniform +default/,
    );
  });

  it('answers what is asked of other fits', () => {
    const { unstructured } = fits;
    const ml = maximumLikelihood(TEXT, orthodont, { residual: 'unstructured(age | Subject)' });
    const { rows } = compare(unstructured, ml);
    expect(rows.map(({ parameter }) => parameter)).toEqual(summarize(unstructured).map(({ variable }) => variable));
    expect(rows.every(({ ml: estimate }) => estimate !== null)).toBe(true);
    const loo = leaveOneOut(unstructured, { by: 'Subject' });
    expect(loo.elpd.estimate).toBeLessThan(ml.logLik + 20);
    const asked = [{ age: 16, Sex: 'Male', Subject: 'new' }];
    const [next] = predict(fits.toeplitz, asked, { kind: 'response' }).rows;
    expect(next!.sd as number).toBeGreaterThan(0);
  });

  it('draws correlations of residuals from their priors', () => {
    const draws = 300;
    const given = { sigma: halfT(3, 1), beta: normal(0, 1) };
    for (const [residual, rho] of [
      ['toeplitz(age | Subject)', 1 / 3],
      // LKJ(1) of four: every correlation is 2 Beta(2, 2) - 1, of variance 1/5.
      ['unstructured(age | Subject)', 1 / 5],
    ] as const) {
      const prior = simulatePrior(TEXT, orthodont, { residual, priors: given, draws });
      const { offset } = prior.parameters.variables.find(({ name }) => name === 'rho')!;
      const own = prior.parameters.values.subarray(offset * draws, (offset + 1) * draws);
      const square = own.reduce((sum, value) => sum + value * value, 0) / draws;
      // The square lies in (0, 1), so that its sd is below 1/2.
      expect(Math.abs(square - rho)).toBeLessThan((4 * 0.5) / Math.sqrt(draws));
      expect(prior.responses.every(Number.isFinite)).toBe(true);
    }
  });

  it('takes eight visits, of which patients miss some, and end early', () => {
    const fit = sampleSync('y ~ time + (1 | site)', visitsOf(60, 8), {
      ...OPTIONS,
      iterations: 250,
      residual: 'unstructured(time | patient)',
    });
    const rows = summarize(fit);
    // 8 sds, 28 correlations, two coefficients, an sd of sites and their three deviations.
    expect(rows.filter(({ variable }) => /^(sigma|rho)/u.test(variable))).toHaveLength(36);
    for (const { essBulk } of rows) expect(essBulk).toBeGreaterThan(0.2 * 2 * 250);
    const draw = toJson(fit);
    expect(toJson(fromJson(draw))).toBe(draw);
  });

  it('notes a varying intercept that nothing tells from the structure', () => {
    const rows = visitsOf(20, 3);
    const findings = (text: string) =>
      check(
        sampleSync(text, rows, {
          chains: 2,
          warmup: 20,
          iterations: 50,
          seed: 1,
          residual: 'unstructured(time | patient)',
        }),
      ).findings.filter(({ code }) => code === 'notApart');
    expect(findings('y ~ 1 + (1 | site)')).toEqual([]);
    expect(findings('y ~ 1 + (1 | patient)')).toMatchObject([{ severity: 'note', variable: '*' }]);
  });

  it('refuses what never departs from what other times say', () => {
    const rows = visitsOf(40, 3).map((row, _, all) => ({
      ...row,
      // The last visit is carried forward.
      y: row.time === 2 ? (all.find(({ patient, time }) => patient === row.patient && time === 1)?.y ?? row.y) : row.y,
    }));
    const carried = rows.filter(({ patient }) => rows.filter((row) => row.patient === patient).length === 3);
    const fault = faultOf(() => sampleSync('y ~ 1', carried, { ...OPTIONS, residual: 'unstructured(time | patient)' }));
    expect(fault.code).toBe('improper-posterior');
    expect(fault.message).toContain('becomes a combination of those at other times');
  });

  it('says how many other parameters it takes', () => {
    const rows = visitsOf(40, 20);
    const fault = faultOf(() => sampleSync('y ~ 1', rows, { ...OPTIONS, residual: 'toeplitz(time | patient)' }));
    expect(fault.code).toBe('no-kernels');
    expect(fault.message).toContain('with 19 sds and correlations together');
    expect(fault.message).toContain('with at most 15 sds, correlations and terms together besides those of occasions');
  });
});

/** Patients of three sites with up to T visits, of which one in twelve is missing and one patient in ten ends early. */
function visitsOf(n: number, T: number) {
  const random = createRng([8]);
  return Array.from({ length: n }, (_, j) => {
    const level = random.normal();
    let last = 0;
    let out = false;
    return Array.from({ length: T }, (_unused, time) => {
      last = 0.5 * last + random.normal();
      out ||= time > 2 && random.uniform() < 0.1;
      const here = !out && random.uniform() > 1 / 12;
      return here ? [{ patient: `p${j}`, site: `s${j % 3}`, time, y: 5 + level + last }] : [];
    }).flat();
  }).flat();
}
