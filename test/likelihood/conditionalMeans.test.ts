import { expect, it } from 'vitest';
import { formula, maximumLikelihood } from '../../src/index.ts';
import { conditionalMeans } from '../../src/likelihood/conditionalMeans.ts';
import { eight, radonReml } from '../plots/plotFits.ts';

it('is the normal-normal model in closed form, eight schools, from complete pooling to none', () => {
  const { y, standardErrors } = eight.design.response;
  const at = conditionalMeans(eight.design);
  for (const tau of [0, 0.5, 3, 10, 40]) {
    // Precision-weighted mean, then each school between it and its own (Gelman et al., BDA3, equation 5.20 and 5.17).
    const weights = Array.from(standardErrors!, (se) => 1 / (se * se + tau * tau));
    const sum = weights.reduce((a, b) => a + b, 0);
    const mu = weights.reduce((total, w, j) => total + w * y[j]!, 0) / sum;
    const { beta, u } = at([Float64Array.of(tau)]);
    expect(beta[0]).toBeCloseTo(mu, 9);
    eight.design.groupTerms[0]!.index.forEach((j, i) => {
      const own = (tau * tau) / (tau * tau + standardErrors![i]! ** 2);
      expect(u[0]![j]).toBeCloseTo(own * (y[i]! - mu), 9);
    });
  }
});

it('is the fit itself at the estimates of REML, with correlated slopes', () => {
  const { design, groups, sigma, fixef } = radonReml;
  const { Sigma } = groups[0]!;
  const lower = Float64Array.of(Math.sqrt(Sigma[0]!), 0, Sigma[2]! / Math.sqrt(Sigma[0]!), 0);
  lower[3] = Math.sqrt(Math.max(0, Sigma[3]! - lower[2]! ** 2));
  const { beta, u } = conditionalMeans(design)([lower.map((value) => value / sigma!)]);
  beta.forEach((value, c) => {
    expect(value).toBeCloseTo(fixef.estimates[c]!, 6);
  });
  groups[0]!.modes.forEach((value, i) => {
    expect(u[0]![i]).toBeCloseTo(value, 6);
  });
});

it('refuses a response that is not gaussian', () => {
  const rows = { y: [0, 1, 1, 0, 1, 0, 0, 1], g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c'] };
  const { design } = maximumLikelihood(formula('y ~ 1 + (1 | g)', { family: 'binomial' }), { rows });
  expect(() => conditionalMeans(design)).toThrow(/coefficients given their variances are of gaussian responses/);
});
