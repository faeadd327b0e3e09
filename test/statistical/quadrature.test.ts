import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import type { Prior } from '../../src/graph/priors.ts';
import { exponential, flat, halfCauchy, halfNormal, inverseGamma, normal, uniform } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { asReference, compareWith, disagreements, fixtureJson, type Reference } from './agreement.ts';

interface Moments {
  readonly mean: number;
  readonly sd: number;
}
interface GaussianCase {
  readonly beta: Readonly<Record<string, Moments>>;
  readonly tau: Moments;
  readonly sigma: Moments;
  readonly b: { readonly groups: readonly string[]; readonly mean: readonly number[]; readonly sd: readonly number[] };
}
interface SchoolsCase {
  readonly tau: Moments;
  readonly mu: Moments;
  readonly theta: readonly Moments[];
}

const exact = (name: string, { mean, sd }: Moments): Reference => ({ name, mean, sd, mcseMean: 0, mcseSd: 0 });

/**
 * Deterministic quadrature has no Monte Carlo error: the limit is 4 of our own standard errors, which are at most
 * 1.5% of the posterior sd.
 */
const LIMIT = 4;
const LARGEST_MCSE = 0.015;

const ig = inverseGamma;
const hc = halfCauchy;
const cases: readonly [string, string, string, string, number, Prior, Prior][] = [
  ['radon_M1_hc', 'radon', 'log_radon ~ 1 + (1 | county)', 'county', 100, hc(2.5), hc(2.5)],
  ['radon_M1_ig', 'radon', 'log_radon ~ 1 + (1 | county)', 'county', 100, ig(1, 0.05), ig(0.001, 0.001)],
  ['radon_M2_hc', 'radon', 'log_radon ~ floor + (1 | county)', 'county', 100, hc(2.5), hc(2.5)],
  ['radon_M2_ig', 'radon', 'log_radon ~ floor + (1 | county)', 'county', 100, ig(1, 0.05), ig(0.001, 0.001)],
  ['radon_arm_M2_hc', 'radon_arm', 'log_radon ~ floor + (1 | county)', 'county', 100, hc(2.5), hc(2.5)],
  ['hsb40_oneway_hc', 'hsb40', 'mathach ~ 1 + (1 | school)', 'school', 100, hc(2.5), hc(2.5)],
  ['hsb40_oneway_ig', 'hsb40', 'mathach ~ 1 + (1 | school)', 'school', 1000, ig(1, 1), ig(0.001, 0.001)],
  ['oneway_tiny_hc', 'oneway_tiny', 'y ~ 1 + (1 | group)', 'group', 100, hc(10), hc(10)],
  ['oneway_tiny_ig', 'oneway_tiny', 'y ~ 1 + (1 | group)', 'group', 1000, ig(1, 10), ig(0.001, 0.001)],
  ['dyestuff_hc', 'dyestuff', 'Yield ~ 1 + (1 | Batch)', 'Batch', 1e4, hc(50), hc(50)],
  ['dyestuff2_hc', 'dyestuff2', 'Yield ~ 1 + (1 | Batch)', 'Batch', 100, hc(5), hc(5)],
  ['rail_hc', 'rail', 'travel ~ 1 + (1 | Rail)', 'Rail', 1000, hc(25), hc(25)],
];

describe('varying intercepts against quadrature', () => {
  const { posteriors } = fixtureJson<{ posteriors: Record<string, GaussianCase> }>('gaussian_ri');
  it.each(cases)('%s: every mean and sd within 4 standard errors', (key, data, text, factor, sb, tau, sigma) => {
    const truth = posteriors[key]!;
    const graph = formula(text, { priors: { beta: normal(0, sb), [`tau_${factor}`]: tau, sigma } });
    const fit = sampleSync(
      graph,
      { rows: fixtureFrame(data) },
      { chains: 4, warmup: 100, iterations: 3000, seed: 101 },
    );
    const references = [
      ...Object.entries(truth.beta).map(([label, moments]) => exact(`beta[${label}]`, moments)),
      exact(`tau_${factor}[Intercept]`, truth.tau),
      exact('sigma', truth.sigma),
      ...truth.b.groups.map((level, j) =>
        exact(`u_${factor}[${level},Intercept]`, { mean: truth.b.mean[j]!, sd: truth.b.sd[j]! }),
      ),
    ];
    const found = compareWith(fit, references);
    expect(disagreements(found, LIMIT)).toEqual([]);
    expect(found.filter(({ mcseMean, sd }) => mcseMean > LARGEST_MCSE * sd).map(({ name }) => name)).toEqual([]);
  });
});

describe('eight schools against quadrature', () => {
  const { posteriors } = fixtureJson<{ posteriors: Record<string, SchoolsCase> }>('eight_schools');
  it.each<[string, Prior, Prior]>([
    ['hc5_mu_n100', normal(0, 100), halfCauchy(5)],
    ['hc25_mu_n100', normal(0, 100), halfCauchy(2.5)],
    ['hc5_flat', flat(), halfCauchy(5)],
    ['hn10', normal(0, 100), halfNormal(10)],
    ['unif30', flat(), uniform(0, 30)],
  ])('%s: tau, mu and every school within 4 standard errors', (key, beta, tau) => {
    const truth = posteriors[key]!;
    const graph = formula('y | se(sigma) ~ 1 + (1 | school)', { priors: { beta, tau_school: tau } });
    const fit = sampleSync(
      graph,
      { rows: fixtureFrame('eight_schools') },
      { chains: 4, warmup: 100, iterations: 3000, seed: 202 },
    );
    const references = [
      exact('tau_school[Intercept]', truth.tau),
      exact('beta[Intercept]', truth.mu),
      ...truth.theta.map((moments, j) => exact(`b_school[${'ABCDEFGH'[j]},Intercept]`, moments)),
    ];
    const found = compareWith(fit, references);
    expect(disagreements(found, LIMIT)).toEqual([]);
    expect(found.filter(({ mcseMean, sd }) => mcseMean > LARGEST_MCSE * sd).map(({ name }) => name)).toEqual([]);
  });

  it('the Gibbs kernels agree with the same quadrature, exponential prior included, by the marginal kernel', () => {
    const rows = fixtureFrame('eight_schools');
    const graph = formula('y | se(sigma) ~ 1 + (1 | school)', { priors: { tau_school: exponential(0.2) } });
    const options = { chains: 4, warmup: 500, iterations: 5000, seed: 303 };
    const marginal = sampleSync(graph, { rows }, options);
    const gibbs = sampleSync(graph, { rows }, { ...options, kernels: 'gibbs' });
    const references = asReference(marginal, ['tau_school[Intercept]', 'beta[Intercept]']);
    expect(disagreements(compareWith(gibbs, references), LIMIT)).toEqual([]);
  });
});
