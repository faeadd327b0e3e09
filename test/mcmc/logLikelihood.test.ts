import { describe, expect, test } from 'vitest';
import { withGroupCoefficients } from '../../src/files/writtenDraws.ts';
import { findVariable } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { logLikelihood } from '../../src/mcmc/logLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { cases } from './smallFits.ts';

const size = { chains: 2, warmup: 5, iterations: 4, seed: 9 };
const fitOf = (name: string): Fit => {
  const { graph, data, options } = cases()[name]!();
  return sampleSync(graph, data, { ...options, ...size });
};
const draw = (fit: Fit, name: string, i = 0): number => {
  const { chains, iterations, values } = fit.draws;
  return values[((findVariable(fit.draws, name)!.offset + i) * chains + 1) * iterations + 2]!;
};
const logNormal = (y: number, mean: number, sd: number): number =>
  Math.log(Math.exp(-0.5 * ((y - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI)));

describe('the log-likelihood at one draw', () => {
  test('with known standard errors is the sum of normal log densities of the schools', () => {
    const fit = fitOf('eight schools, known standard errors');
    const { response, groupTerms } = fit.design;
    let sum = 0;
    response.y.forEach((y, i) => {
      const mean = draw(fit, 'beta') + draw(fit, 'u_school', groupTerms[0]!.index[i]!);
      sum += logNormal(y, mean, response.standardErrors![i]!);
    });
    expect(logLikelihood(fit.design, fit.draws, 1, 2)).toBeCloseTo(sum, 10);
  });

  test('with weights, an offset, a factor and varying slopes is the sum of normal log densities of the rows', () => {
    const fit = fitOf('dropped rows, a factor, weights, an offset, a polynomial');
    const { n, p, X, response, groupTerms } = fit.design;
    const term = groupTerms[0]!;
    let sum = 0;
    for (let i = 0; i < n; i += 1) {
      let mean = response.offset![i]!;
      for (let k = 0; k < p; k += 1) mean += X[i * p + k]! * draw(fit, 'beta', k);
      for (let k = 0; k < 2; k += 1) mean += term.Z[i * 2 + k]! * draw(fit, 'u_g', term.index[i]! * 2 + k);
      sum += logNormal(response.y[i]!, mean, draw(fit, 'sigma') / Math.sqrt(response.weights![i]!));
    }
    expect(logLikelihood(fit.design, fit.draws, 1, 2)).toBeCloseTo(sum, 10);
  });
});

describe('the draws with group coefficients', () => {
  test('have b_county = gamma w_j + u_j, intercepts and slopes moved by the level-2 predictor', () => {
    const name = 'radon, level-2 predictor in a group table, priors given, plain Gibbs';
    const fit = fitOf(name);
    const extended = withGroupCoefficients(fit);
    const term = fit.design.groupTerms[0]!;
    const uranium = fit.design.tables.get('county')!.columns.get('log_uranium')!.values as Float64Array;
    const beta = (label: string): number =>
      draw(
        fit,
        'beta',
        fit.design.columns.findIndex((column) => column.label === label),
      );
    const of = (j: number, k: number): number => {
      const scalar = findVariable(extended, 'b_county')!.offset + j * 2 + k;
      return extended.values[(scalar * 2 + 1) * 4 + 2]!;
    };
    for (let j = 0; j < term.J; j += 1) {
      const intercept = beta('Intercept') + beta('log_uranium') * uranium[j]! + draw(fit, 'u_county', j * 2);
      const slope = beta('floor') + beta('floor:log_uranium') * uranium[j]! + draw(fit, 'u_county', j * 2 + 1);
      expect(of(j, 0)).toBeCloseTo(intercept, 12);
      expect(of(j, 1)).toBeCloseTo(slope, 12);
    }
    expect(extended.variables.slice(0, -1)).toEqual(fit.draws.variables);
    expect(extended.values.subarray(0, fit.draws.values.length)).toEqual(fit.draws.values);
    expect(findVariable(extended, 'b_county')).toMatchObject({ dims: ['county', 'county_term'], size: 170 });
  });
});
