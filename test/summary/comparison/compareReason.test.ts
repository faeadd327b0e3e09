import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../src/data/frame.ts';
import { type FormulaOptions, formula } from '../../../src/formula/formula.ts';
import { halfNormal, halfT, normal } from '../../../src/graph/priors.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { LikelihoodMethod } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { type ComparisonRow, compare } from '../../../src/summary/comparison/compare.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { data } from '../../likelihood/goldenData.ts';

const size = { chains: 4, warmup: 300, iterations: 1000, seed: 20260101 };

function rowsOf(text: string, from: ModelData, options: FormulaOptions, method: LikelihoodMethod) {
  const graph = formula(text, options);
  const fit = sampleSync(graph, from, size);
  const gaussian = options.family === undefined || options.family === 'student' ? formula(text) : graph;
  const { rows } = compare(fit, maximumLikelihood(gaussian, from, { method }));
  const by = (name: string): ComparisonRow => rows.find(({ parameter }) => parameter === name)!;
  return { rows, by };
}

describe('the reasons of compare are printed after they were computed', () => {
  const dyestuff = { tau_Batch: halfT(3, 100), sigma: halfT(3, 100) };

  it('a prior on another parameter: the other criterion, with that parameter where the prior keeps it', () => {
    const priors = { 'beta[floor]': normal(0, 0.03), tau_county: halfT(3, 2.5), sigma: halfT(3, 2) };
    const text = 'log_radon ~ floor + (1 + floor | county)';
    const { by } = rowsOf(text, data('radon_arm'), { priors }, 'REML');
    expect(by('beta[floor]').reason).toMatch(/^weight of the prior normal\(0, 0.03\): [\d.]+ times as wide/);
    const tau = by('tau_county[floor]');
    const found = /of beta\[floor\]: with beta\[floor\] at its posterior mean (\S+) REML gives (\S+?)(;|$)/.exec(
      tau.reason!,
    )!;
    expect(Number(found[1])).toBeCloseTo(by('beta[floor]').posteriorMean, 3);
    // The same criterion, written with an offset.
    const held = maximumLikelihood(
      formula(`log_radon ~ 1 + offset(${found[1]} * floor) + (1 + floor | county)`),
      data('radon_arm'),
    );
    expect(Number(found[2])).toBeCloseTo(held.groups[0]!.tau[1]!, 2);
    expect(Math.abs(tau.posteriorMean - Number(found[2]))).toBeLessThan(0.25 * Math.abs(tau.posteriorMean - tau.ml!));
    expect(`${tau.reason}`).not.toMatch(/no single cause|skewness/);
  });

  it('says of REML what REML gives, and only where it is nearer', () => {
    const { by } = rowsOf('Yield ~ 1 + (1 | Batch)', data('dyestuff'), { priors: dyestuff }, 'ML');
    const reml = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff')).groups[0]!.tau[0]!;
    expect(by('tau_Batch[Intercept]').reason).toContain(`REML does, and gives ${Number(reml.toPrecision(3))}`);
    // Orthodont with slopes: REML is further from the posterior than ML in both sds, so that it is no reason.
    const priors = { tau_Subject: halfT(3, 5), sigma: halfT(3, 5) };
    const text = 'distance ~ age * Sex + (1 + age | Subject)';
    const { rows } = rowsOf(text, data('orthodont'), { priors }, 'ML');
    const remlFit = maximumLikelihood(formula(text), data('orthodont'));
    rows
      .filter(({ parameter }) => parameter.startsWith('tau_'))
      .forEach(({ ml, posteriorMean, reason }, k) => {
        expect(Math.abs(posteriorMean - remlFit.groups[0]!.tau[k]!)).toBeGreaterThan(Math.abs(posteriorMean - ml!));
        expect(reason ?? '').not.toMatch(/REML does/);
      });
    // The residual sd differs by more than half a posterior sd, REML is where ML is, and nothing that was tried is the
    // cause.
    for (const { reason } of rows) expect(reason ?? '').not.toMatch(/no single cause|takes no account/);
  });

  it('says of a prior what a wider one would do, as sampling with it does', () => {
    const options = { priors: { tau_Batch: halfNormal(12), sigma: halfT(3, 100) } };
    const { by } = rowsOf('Yield ~ 1 + (1 | Batch)', data('dyestuff'), options, 'REML');
    const found =
      /^weight of the prior halfNormal\(12\): ([\d.]+) times as wide it would put the posterior mean at ([\d.]+)/.exec(
        by('tau_Batch[Intercept]').reason!,
      )!;
    const wider = { ...options.priors, tau_Batch: halfNormal(12 * Number(found[1])) };
    const fit = sampleSync(formula('Yield ~ 1 + (1 | Batch)', { priors: wider }), data('dyestuff'), size);
    const [row] = summarize(fit, { variables: ['tau_Batch'] });
    // Weighted draws are worth a few hundred: four standard errors of 300 draws, beside three printed digits.
    expect(Math.abs(row!.mean - Number(found[2]))).toBeLessThan((4 * row!.sd) / Math.sqrt(300));
  });

  it('says of skewness where the mode is, and of few groups only with it', () => {
    const priors = { tau_plate: halfT(3, 5), tau_sample: halfT(3, 5), sigma: halfT(3, 5) };
    const text = 'diameter ~ 1 + (1 | plate) + (1 | sample)';
    const { by } = rowsOf(text, data('penicillin'), { priors }, 'REML');
    const { reason, ml, posteriorMean } = by('tau_sample[Intercept]');
    const mode = Number(/skewed \([\d.]+\) \(few groups: 6 of sample\), and its mode is ([\d.]+)/.exec(reason!)![1]);
    expect(Math.abs(mode - ml!)).toBeLessThan(0.5 * Math.abs(posteriorMean - ml!));
    expect(by('tau_plate[Intercept]').reason).toBeNull();
  });

  it('of Student-t rows, what the rows at their weights give', () => {
    const { rows } = data('dyestuff') as {
      rows: { columns: ReadonlyMap<string, { values: ArrayLike<number | string> }> };
    };
    const Yield = Array.from(rows.columns.get('Yield')!.values as ArrayLike<number>);
    Yield[3]! += 900;
    Yield[9]! += 900;
    Yield[15]! -= 700;
    const Batch = Array.from(rows.columns.get('Batch')!.values) as string[];
    const options = { family: 'student', nu: 3, priors: dyestuff } as const;
    const { by } = rowsOf('Yield ~ 1 + (1 | Batch)', { rows: { Yield, Batch } }, options, 'ML');
    const { reason, ml, posteriorMean } = by('beta[Intercept]');
    const weighted = Number(/at the weight the Student-t model gives it ML gives ([\d.]+)/.exec(reason!)![1]);
    expect(Math.abs(posteriorMean - weighted)).toBeLessThan(0.75 * Math.abs(posteriorMean - ml!));
  });

  it('gives none where the two do not part', () => {
    const priors = { tau_Subject: halfT(3, 50), sigma: halfT(3, 50) };
    const { by } = rowsOf('Reaction ~ Days + (1 | Subject)', data('sleepstudy'), { priors }, 'REML');
    expect(by('beta[Days]').reason).toBeNull();
    expect(by('sigma').reason).toBeNull();
  });
});
