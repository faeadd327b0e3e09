import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { halfCauchy, inverseGamma, inverseWishart, lkj, normal, type Prior } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { type Comparison, compareWith, disagreements, fixtureJson, type Reference } from './agreement.ts';
import { referenceOf } from './referenceOf.ts';

/** Ours must be nearly as precise as the reference: those whose standard error is more than half as large again. */
function lessPrecise(found: readonly Comparison[], reference: readonly Reference[]): string[] {
  return found.filter(({ mcseMean }, i) => mcseMean > 1.5 * reference[i]!.mcseMean).map(({ name }) => name);
}

const vague = inverseGamma(0.001, 0.001);
const wishart = inverseWishart(3, 0.1);

/** [reference, data, formula, factor, varying terms, iterations of each of 4 chains, priors] */
const cases: readonly [string, string, string, string, readonly string[], number, Record<string, Prior>][] = [
  [
    'jags_oneway_tiny',
    'oneway_tiny',
    'y ~ 1 + (1 | group)',
    'group',
    ['Intercept'],
    9000,
    { beta: normal(0, 1000), tau_group: inverseGamma(1, 10), sigma: vague },
  ],
  [
    'jags_radon_M2',
    'radon',
    'log_radon ~ floor + (1 | county)',
    'county',
    ['Intercept'],
    1400,
    { beta: normal(0, 100), tau_county: inverseGamma(1, 0.05), sigma: vague },
  ],
  [
    'jags_radon_M3',
    'radon',
    'log_radon ~ floor + (1 + floor | county)',
    'county',
    ['Intercept', 'floor'],
    6000,
    { beta: normal(0, 100), Sigma_county: wishart, sigma: vague },
  ],
  [
    'jags_radon_M4',
    'radon',
    'log_radon ~ floor * log_uranium + (1 + floor | county)',
    'county',
    ['Intercept', 'floor'],
    4600,
    { beta: normal(0, 100), Sigma_county: wishart, sigma: vague },
  ],
  [
    'jags_sleep_rs',
    'sleepstudy',
    'Reaction ~ Days + (1 + Days | Subject)',
    'Subject',
    ['Intercept', 'Days'],
    10_000,
    {
      beta: normal(0, 1000),
      Sigma_Subject: inverseWishart(3, [
        [200, 0],
        [0, 20],
      ]),
      sigma: vague,
    },
  ],
  [
    'stan_radon_M2',
    'radon',
    'log_radon ~ floor + (1 | county)',
    'county',
    ['Intercept'],
    4100,
    { beta: normal(0, 100), tau_county: halfCauchy(2.5), sigma: halfCauchy(2.5) },
  ],
  [
    'stan_radon_M3',
    'radon',
    'log_radon ~ floor + (1 + floor | county)',
    'county',
    ['Intercept', 'floor'],
    1900,
    { beta: normal(0, 100), tau_county: halfCauchy(2.5), corr_county: lkj(2), sigma: halfCauchy(2.5) },
  ],
  [
    'stan_radon_M4',
    'radon',
    'log_radon ~ floor * log_uranium + (1 + floor | county)',
    'county',
    ['Intercept', 'floor'],
    2300,
    { beta: normal(0, 100), tau_county: halfCauchy(2.5), corr_county: lkj(2), sigma: halfCauchy(2.5) },
  ],
  [
    'stan_sleep_rs',
    'sleepstudy',
    'Reaction ~ Days + (1 + Days | Subject)',
    'Subject',
    ['Intercept', 'Days'],
    2800,
    { beta: normal(0, 1000), tau_Subject: halfCauchy(25), corr_Subject: lkj(2), sigma: halfCauchy(25) },
  ],
  [
    'stan_exam_rs3',
    'exam',
    'normexam ~ standLRT + sex + (1 + standLRT + sex | school)',
    'school',
    ['Intercept', 'standLRT', 'sexM'],
    1200,
    { beta: normal(0, 100), tau_school: halfCauchy(2.5), corr_school: lkj(2), sigma: halfCauchy(2.5) },
  ],
];

describe('JAGS and Stan under the same priors', () => {
  it.each(cases)(
    '%s: every mean and sd within 4 combined standard errors, ours at most half as large again',
    (name, data, text, factor, terms, iterations, priors) => {
      const fit = sampleSync(
        formula(text, { priors }),
        { rows: fixtureFrame(data) },
        { chains: 4, warmup: 100, iterations, seed: 404 },
      );
      const reference = referenceOf(fixtureJson(name), factor, terms);
      const found = compareWith(fit, reference);
      expect(disagreements(found, 4)).toEqual([]);
      expect(lessPrecise(found, reference)).toEqual([]);
    },
  );
});
