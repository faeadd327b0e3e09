import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { parsePrior } from '../../src/formula/parsePrior.ts';
import { cauchy, horseshoe, laplace } from '../../src/graph/mixturePriors.ts';
import { studentT } from '../../src/graph/nodes.ts';
import {
  exponential,
  flat,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  uniform,
} from '../../src/graph/priors.ts';

describe('parsePrior', () => {
  it.each([
    ['sigma ~ half_t(3, 1)', 'sigma', halfT(3, 1)],
    ['  beta[floor]~normal( -1.5 ,2e1 ) ', 'beta[floor]', normal(-1.5, 20)],
    ['beta ~ flat()', 'beta', flat()],
    ['tau_county ~ half_cauchy(2.5)', 'tau_county', halfCauchy(2.5)],
    ['tau_county[floor] ~ half_normal(.5)', 'tau_county[floor]', halfNormal(0.5)],
    ['beta[x] ~ student_t(3, -1, 2.5)', 'beta[x]', studentT(3, -1, 2.5)],
    ['beta[x] ~ cauchy(0, 1)', 'beta[x]', cauchy(0, 1)],
    ['gamma_g ~ laplace(0.5, 2)', 'gamma_g', laplace(0.5, 2)],
    ['beta ~ horseshoe(0.1, 4, 2)', 'beta', horseshoe(0.1, 4, 2)],
    ['sigma ~ exponential(1)', 'sigma', exponential(1)],
    ['sigma ~ uniform(0, 100)', 'sigma', uniform(0, 100)],
    ['sigma ~ inverse_gamma(0.001, 0.001)', 'sigma', inverseGamma(0.001, 0.001)],
    ['Sigma_county ~ inverse_wishart(3, 1)', 'Sigma_county', inverseWishart(3, 1)],
    ['Sigma_a:b ~ half_t_cov(2, 10)', 'Sigma_a:b', halfTCov(2, 10)],
    ['corr_county ~ lkj(2)', 'corr_county', lkj(2)],
    ['beta[factor(x)a ~ b] ~ normal(0, 1)', 'beta[factor(x)a ~ b]', normal(0, 1)],
  ])('reads %j', (text, name, prior) => {
    expect(parsePrior(text)).toEqual({ name, prior });
  });

  it.each([
    [
      'sigma half_t(3, 1)',
      'expected a name, a tilde and a distribution, as in "sigma ~ half_t(3, 1)"; accepted: normal(mean, sd), flat()',
    ],
    ['~ half_t(3, 1)', 'expected a name'],
    ['', 'expected a name'],
    [
      'sigma ~ halfT(3, 1)',
      '"halfT(3, 1)" is no distribution with its numbers in parentheses; accepted: normal(mean, sd), flat(), student_t(df, location, scale), cauchy(location, scale), laplace(location, scale), horseshoe(globalScale, slabDf, slabScale), half_t(df, scale)',
    ],
    ['sigma ~ half_t 3', 'is no distribution'],
    ['sigma ~ half_t(3, 1', 'is no distribution'],
    ['sigma ~ half_t(3)', 'expected half_t(df, scale), found 1 number'],
    ['sigma ~ half_t(3, x)', '"x" is no number; expected half_t(df, scale)'],
    ['sigma ~ half_t(3,)', '"" is no number'],
    ['sigma ~ half_t(3, 0x10)', '"0x10" is no number'],
    ['sigma ~ half_t(3, -1)', 'halfT(df, scale): scale must be a positive finite number, not -1'],
    ['sigma ~ half_t(3, 1e999)', 'must be a positive finite number, not Infinity'],
    ['sigma ~ default()', 'is no distribution'],
    ['sigma ~ __proto__()', 'is no distribution'],
  ])('refuses %j with a sentence that quotes it', (text, message) => {
    expect(() => parsePrior(text)).toThrow(ModelError);
    expect(() => parsePrior(text)).toThrow(message);
    expect(() => parsePrior(text)).toThrow(`prior ${JSON.stringify(text)}: `);
  });
});
