import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/data/frame.ts';
import type { FormulaOptions } from '../../../src/formula/formula.ts';
import { coefficientTests } from '../../../src/likelihood/inference/satterthwaite.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { structuredAt } from '../../../src/likelihood/structured/structuredAt.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { golden } from '../goldenData.ts';

interface NlmeFit {
  readonly logLik: number;
  readonly fixef: Readonly<Record<string, number>>;
  readonly se: Readonly<Record<string, number>>;
  readonly sigma: number;
  readonly corStruct: Readonly<Record<string, number>> | readonly number[] | null;
  readonly varStruct: Readonly<Record<string, number>> | null;
}

interface SasFit {
  readonly minus2logLik: number;
  readonly fixef?: Readonly<Record<string, readonly [number, number, number]>>;
  readonly cov_lower?: Readonly<Record<string, number>>;
  readonly rho?: number;
  readonly variance?: number;
  readonly Intercept?: readonly [number, number, number];
}

const { nlme, sas } = golden<{ nlme: Record<string, NlmeFit>; sas: Record<string, SasFit> }>('residuals');

/** Orthodont and bodyweight as they are; ovary with its sine and cosine, and the order of the rows of each mare. */
function ovary(): Frame {
  const frame = fixtureFrame('ovary');
  const time = frame.columns.get('Time')!.values as Float64Array;
  const mare = [...(frame.columns.get('Mare')!.values as ArrayLike<unknown> as unknown[])];
  const seen = new Map<unknown, number>();
  const order = mare.map((name) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return seen.get(name)!;
  });
  const columns = new Map(frame.columns);
  columns.set('sine', { kind: 'number', values: time.map((t) => Math.sin(2 * Math.PI * t)) });
  columns.set('cosine', { kind: 'number', values: time.map((t) => Math.cos(2 * Math.PI * t)) });
  columns.set('order', { kind: 'number', values: Float64Array.from(order) });
  return { n: frame.n, columns };
}

const AGE = 'distance ~ age * Sex';
const WEIGHT = 'weight ~ Time * Diet';
const WAVE = 'follicles ~ sine + cosine';
const orthodont = fixtureFrame('orthodont');
const MODELS: Readonly<Record<string, readonly [string, FormulaOptions, Frame]>> = {
  orthodont_ri_ar1: [`${AGE} + (1 | Subject)`, { residual: 'ar1(age | Subject)' }, orthodont],
  orthodont_ri_varSex: [`${AGE} + (1 | Subject)`, { sigma: '~ Sex' }, orthodont],
  orthodont_rs_varSex: [`${AGE} + (age | Subject)`, { sigma: '~ Sex' }, orthodont],
  orthodont_gls_cs: [AGE, { residual: 'cs(Subject)' }, orthodont],
  orthodont_gls_ar1: [AGE, { residual: 'ar1(age | Subject)' }, orthodont],
  orthodont_gls_un: [AGE, { residual: 'unstructured(age | Subject)' }, orthodont],
  ovary_ar1: [`${WAVE} + (sine || Mare)`, { residual: 'ar1(order | Mare)' }, ovary()],
  ovary_ri_ar1: [`${WAVE} + (1 | Mare)`, { residual: 'ar1(order | Mare)' }, ovary()],
  bodyweight_car1: [`${WEIGHT} + (1 | Rat)`, { residual: 'car1(Time | Rat)' }, fixtureFrame('bodyweight')],
  bodyweight_varDiet: [`${WEIGHT} + (Time | Rat)`, { sigma: '~ Diet' }, fixtureFrame('bodyweight')],
};

/** Where nlme's search stopped short: our likelihood is higher by more than 1e-6 there (and at most by this). */
const SHORT: Readonly<Record<string, number>> = {
  orthodont_gls_cs_REML: 4e-5,
};

const numbers = (values: NlmeFit['corStruct']): number[] => (values === null ? [] : Object.values(values));
const of = (fit: MaximumLikelihoodFit): number[] => fit.residual!.parameters.map(({ estimate }) => estimate);

describe('nlme', () => {
  for (const [key, theirs] of Object.entries(nlme)) {
    it(key, () => {
      const method = key.endsWith('_REML') ? 'REML' : 'ML';
      const [text, options, data] = MODELS[key.slice(0, key.lastIndexOf('_'))]!;
      const fit = maximumLikelihood(text, data, { ...options, method });
      expect(fit.convergence.converged).toBe(true);
      const gained = fit.logLik - theirs.logLik;
      expect(gained).toBeGreaterThan(-1e-6);
      expect(gained).toBeLessThan(SHORT[key] ?? 1e-6);
      // Where likelihoods agree to 1e-6 the estimates of a flat optimum agree to its root.
      const near = key in SHORT ? 3e-3 : 1e-4;
      const close = (ours: number, value: number) => {
        expect(Math.abs(ours - value)).toBeLessThan(near * Math.max(1, Math.abs(value)));
      };
      close(fit.sigma!, theirs.sigma);
      const [estimates, ses] = [Object.values(theirs.fixef), Object.values(theirs.se)];
      estimates.forEach((value, k) => {
        close(fit.fixef.estimates[k]!, value);
      });
      // gls takes sigma^2 from n - p in the ses of ML too.
      const { n, p } = fit.design;
      const adjusted = key.includes('gls') && method === 'ML' ? Math.sqrt((n - p) / n) : 1;
      ses.forEach((value, k) => {
        close(fit.fixef.standardErrors[k]!, value * adjusted);
      });
      if (key.includes('gls_un')) {
        numbers(theirs.corStruct).forEach((value, k) => {
          close(of(fit)[k]!, value);
        });
        Object.values(theirs.varStruct!).forEach((value, k) => {
          close(fit.residual!.sds[k + 1]!.estimate / fit.sigma!, value);
        });
      } else {
        const ratios = Object.values(theirs.varStruct ?? {}).map(Math.log);
        [...numbers(theirs.corStruct), ...ratios].forEach((value, k) => {
          close(of(fit)[k]!, value);
        });
      }
    });
  }
});

describe('SAS', () => {
  const frame = fixtureFrame('fev');
  const full = 'FEV1 ~ RACE + factor(SEX, ref = "Male") + ARMCD * AVISIT';
  const fitted = (text: string, residual: string, method: 'ML' | 'REML') =>
    maximumLikelihood(text, frame, { residual, method, missing: 'drop' });

  // SAS stops where its gradient is small: within a thousandth of a standard error of the optimum.
  it.each(['REML', 'ML'] as const)('unstructured, %s', (method) => {
    const theirs = sas[`us_${method.toLowerCase()}`]!;
    const fit = fitted(full, 'unstructured(AVISIT | USUBJID)', method);
    expect(Math.abs(-2 * fit.logLik - theirs.minus2logLik)).toBeLessThan(0.051);
    const sds = fit.residual!.sds.map(({ estimate }) => estimate ** 2).sort((a, b) => a - b);
    const variances = [1, 2, 3, 4].map((t) => theirs.cov_lower![`${t},${t}`]!).sort((a, b) => a - b);
    variances.forEach((value, t) => {
      expect(Math.abs(sds[t]! / value - 1)).toBeLessThan(2e-4);
    });
    if (theirs.fixef === undefined) return;
    for (const { label, estimate, standardError, df } of coefficientTests(fit)) {
      const [value, se, degrees] = theirs.fixef[label]!;
      expect(Math.abs(estimate - value)).toBeLessThan(1e-3 * se);
      expect(Math.abs(standardError - se)).toBeLessThan(1.6e-4);
      expect(Math.abs(df - degrees)).toBeLessThan(0.6);
    }
  });

  it.each(['REML', 'ML'] as const)('ar1, %s', (method) => {
    const theirs = sas[`ar1_${method.toLowerCase()}`]!;
    const fit = fitted('FEV1 ~ 1', 'ar1(AVISIT | USUBJID)', method);
    expect(Math.abs(-2 * fit.logLik - theirs.minus2logLik)).toBeLessThan(0.051);
    expect(of(fit)[0]).toBeCloseTo(theirs.rho!, 4);
    expect(Math.abs(fit.sigma! ** 2 - theirs.variance!)).toBeLessThan(2e-3);
    const [test] = coefficientTests(fit);
    const [value, se, df] = theirs.Intercept!;
    expect(Math.abs(test!.estimate - value)).toBeLessThan(5.1e-5);
    expect(Math.abs(test!.standardError - se)).toBeLessThan(5.1e-5);
    expect(Math.abs(test!.df - df)).toBeLessThan(0.6);
  });

  it('compound symmetry, where SAS stops beside the optimum', () => {
    const { covariance, residual, minus2logLik, Intercept } = sas.cs_reml as unknown as {
      covariance: number;
      residual: number;
      minus2logLik: number;
      Intercept: readonly [number, number, number];
    };
    const fit = fitted('FEV1 ~ 1', 'cs(USUBJID)', 'REML');
    expect(Math.abs(-2 * fit.logLik - minus2logLik)).toBeLessThan(0.051);
    // The criterion at SAS's printed estimates is no lower than ours, and by next to nothing higher.
    const profiled = structuredAt(fit);
    const rho = covariance / (covariance + residual);
    const low = -1 / 3;
    const x = Math.log((rho - low) / (1 - rho));
    const theirs = profiled.at([Float64Array.of(x)], Math.sqrt(covariance + residual));
    expect(theirs - fit.deviance).toBeGreaterThan(-1e-9);
    expect(theirs - fit.deviance).toBeLessThan(1e-3);
    const [test] = coefficientTests(fit);
    expect(Math.abs(test!.estimate - Intercept[0])).toBeLessThan(1e-4);
    expect(Math.abs(test!.df - Intercept[2])).toBeLessThan(0.6);
  });
});
