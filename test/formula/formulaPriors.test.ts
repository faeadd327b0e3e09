import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import {
  defaultPrior,
  exponential,
  flat,
  halfNormal,
  halfT,
  halfTCov,
  inverseWishart,
  lkj,
  normal,
  type Prior,
  separation,
} from '../../src/graph/priors.ts';

const priorsOf = (
  text: string,
  priors: Record<string, Prior>,
  level2: Record<string, string> = {},
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(formula(text, { priors, level2 }).nodes).filter(([, node]) => node.kind === 'prior'),
  );

describe('priors of a formula', () => {
  it('stand at the nodes of their names', () => {
    const priors = { beta: normal(0, 5), sigma: halfT(3, 1), Sigma_g: inverseWishart(3, 1) };
    expect(priorsOf('y ~ x + (x | g)', priors)).toEqual(priors);
  });

  it('on sds and correlations apart make one separation prior on Sigma, the part not given default', () => {
    const Sigma = (priors: Record<string, Prior>): unknown => priorsOf('y ~ x + (x | g)', priors)['Sigma_g'];
    expect(Sigma({ tau_g: halfT(3, 1), corr_g: lkj(2) })).toEqual(separation({ tau: halfT(3, 1), corr: lkj(2) }));
    expect(Sigma({ tau_g: halfT(3, 1) })).toEqual(separation({ tau: halfT(3, 1), corr: defaultPrior() }));
    expect(Sigma({ corr_g: lkj(2) })).toEqual(separation({ tau: defaultPrior(), corr: lkj(2) }));
    expect(Sigma({ 'tau_g[x]': flat() })).toEqual(separation({ tau: defaultPrior(), corr: defaultPrior() }));
  });

  it('on the sd of one varying term, or of each of a diagonal covariance, stand at Sigma as they are', () => {
    expect(priorsOf('y ~ x + (1 | g)', { tau_g: halfNormal(1) })['Sigma_g']).toEqual(halfNormal(1));
    expect(priorsOf('y ~ x + (1 | g)', { Sigma_g: halfNormal(1) })).toEqual(
      priorsOf('y ~ x + (1 | g)', { tau_g: halfNormal(1) }),
    );
    expect(priorsOf('y ~ x + (x || g)', { tau_g: halfNormal(1) })['Sigma_g']).toEqual(halfNormal(1));
    expect(priorsOf('y ~ x + (1 | g) + (0 + x | g)', { tau_g: flat() })).toMatchObject({
      Sigma_g: flat(),
      Sigma_g_2: flat(),
    });
  });

  it('on correlations hold for one varying term that may have several columns, a factor', () => {
    expect(priorsOf('y ~ (0 + sector | g)', { corr_g: lkj(2) })['Sigma_g']).toEqual(
      separation({ tau: defaultPrior(), corr: lkj(2) }),
    );
  });

  it('of one column override: they keep their name, the label spelled as the model spells it', () => {
    const priors = {
      'beta[ a:x ]': normal(0, 1),
      'beta[(Intercept)]': flat(),
      'beta[sectorPublic]': flat(),
      'tau_g[log( x )]': flat(),
    };
    const nodes = priorsOf('y ~ x*a + sector + (log(x) | g)', priors);
    expect(Object.keys(nodes)).toEqual([
      'beta',
      'Sigma_g',
      'sigma',
      'beta[Intercept]',
      'beta[sectorPublic]',
      'beta[x:a]',
      'tau_g[log(x)]',
    ]);
    expect(priorsOf('y ~ factor(f) + (1 | g)', { 'beta[factor(f)level ~ 1]': flat() })).toHaveProperty(
      ['beta[factor(f)level ~ 1]'],
      flat(),
    );
  });

  it('of gamma stand at the mean of b, or override columns where no level-2 regression is written', () => {
    expect(priorsOf('y ~ x + (1 | g)', { gamma_g: normal(0, 2) }, { g: '~ w' })).toEqual({
      beta: defaultPrior(),
      gamma_g: normal(0, 2),
      Sigma_g: defaultPrior(),
      sigma: defaultPrior(),
    });
    expect(priorsOf('y ~ w + (1 | g)', { gamma_g: normal(0, 2) })).toMatchObject({
      beta: defaultPrior(),
      gamma_g: normal(0, 2),
    });
  });

  it('of beta stand by themselves where all its columns belong to level-2 regressions', () => {
    expect(priorsOf('y ~ x + (x | g)', { beta: normal(0, 2) }, { g: '~ w' })).toEqual({
      gamma_g: defaultPrior(),
      Sigma_g: defaultPrior(),
      sigma: defaultPrior(),
      beta: normal(0, 2),
    });
    const both = { beta: normal(0, 2), gamma_g: flat() };
    expect(priorsOf('y ~ z + (x | g)', both, { g: '~ w' })).toMatchObject(both);
  });

  it('of nested factors are named by their columns', () => {
    expect(priorsOf('y ~ (1 | a/b)', { 'tau_a:b': flat() })).toMatchObject({
      Sigma_a: defaultPrior(),
      'Sigma_a:b': flat(),
    });
  });

  it.each<[string, string, Record<string, Prior>, string, string]>([
    [
      'an unknown name',
      'y ~ x + (1 | g)',
      { sgima: halfT(3, 1) },
      'unknown-prior',
      'the model has no "sgima"; did you mean "sigma"? Accepted: sigma, ',
    ],
    [
      'a factor that is not there',
      'y ~ x + (1 | g)',
      { tau_h: flat() },
      'unknown-prior',
      'did you mean "tau_g"? Accepted: tau_g',
    ],
    [
      'sigma with known standard errors',
      'y | se(s) ~ (1 | g)',
      { sigma: flat() },
      'unknown-prior',
      '(with se(...) the residual sd is known)',
    ],
    ['beta without coefficients', 'y ~ 0 + (1 | g)', { beta: flat() }, 'unknown-prior', 'the model has no "beta"'],
    ['a label that is empty', 'y ~ x', { 'beta[]': flat() }, 'unknown-prior', 'the model has no "beta[]"'],
    [
      'Sigma and tau both',
      'y ~ (x | g)',
      { Sigma_g: halfTCov(2, 1), tau_g: flat() },
      'conflicting-priors',
      'give "Sigma_g" (sds and correlations in one) or "tau_g" (apart), not both',
    ],
    [
      'Sigma and one tau both',
      'y ~ (x | g)',
      { Sigma_g: halfTCov(2, 1), 'tau_g[x]': flat() },
      'conflicting-priors',
      '"tau_g[x]"',
    ],
    [
      'one column twice',
      'y ~ a:b',
      { 'beta[a:b]': flat(), 'beta[b:a]': flat() },
      'conflicting-priors',
      '"beta[a:b]" is given twice',
    ],
    [
      'correlations of one coefficient',
      'y ~ (1 | g)',
      { corr_g: lkj(1) },
      'unknown-prior',
      'no two coefficients vary together by g',
    ],
    [
      'correlations of a diagonal covariance',
      'y ~ (x || g)',
      { corr_g: lkj(1) },
      'unknown-prior',
      'no two coefficients vary together',
    ],
    [
      'a matrix for one sd',
      'y ~ (x | g)',
      { tau_g: halfTCov(2, 1) },
      'invalid-prior',
      '"tau_g" must be the prior of one sd',
    ],
    [
      'a coefficient for one sd',
      'y ~ (x | g)',
      { 'tau_g[x]': normal(0, 1) },
      'invalid-prior',
      '"tau_g[x]" must be the prior of one sd',
    ],
    [
      'an sd for correlations',
      'y ~ (x | g)',
      { corr_g: exponential(1) },
      'invalid-prior',
      '"corr_g" must be lkj(eta), not exponential',
    ],
    ['an sd for coefficients', 'y ~ x', { beta: halfT(3, 1) }, 'wrong-parent', 'accepted: a prior of coefficients'],
    ['an sd for one coefficient', 'y ~ x', { 'beta[x]': halfT(3, 1) }, 'wrong-parent', 'node "beta[x]" is halfT'],
    ['an sd for a matrix', 'y ~ (x | g)', { Sigma_g: halfT(3, 1) }, 'wrong-parent', 'for 2 varying terms'],
    ['what is no prior', 'y ~ x', { sigma: 3 as never }, 'invalid-node', 'priors["sigma"]: expected a prior such as'],
  ])('refuse %s', (_, text, priors, code, message) => {
    const build = (): unknown => formula(text, { priors });
    expect(build).toThrow(ModelError);
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ code }));
  });
});
