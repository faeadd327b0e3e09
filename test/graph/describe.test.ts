import { describe, expect, test } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { equations } from '../../src/graph/describe.ts';

describe('the equations of a graph without data', () => {
  test('give radon with a declared level-2 regression one regression per level', () => {
    const graph = formula('log_radon ~ floor + (1 + floor | county)', { level2: { county: '~ log_uranium' } });
    expect(equations(graph)).toEqual({
      multilevel: [
        'log_radon_i ~ normal(b_county[j,Intercept] + b_county[j,floor] floor_i, sigma)',
        'b_county[j,Intercept] = beta[Intercept] + beta[log_uranium] log_uranium_j + u_county[j,Intercept]',
        'b_county[j,floor] = beta[floor] + beta[floor:log_uranium] log_uranium_j + u_county[j,floor]',
        'u_county[j] ~ normal(0, Sigma_county), with sds tau_county and correlations corr_county',
        '(j: the county of row i; gamma_county: the beta in the lines of b_county)',
      ],
      composite:
        'log_radon_i ~ normal(beta[Intercept] + beta[floor] floor_i + beta[log_uranium] log_uranium_j + ' +
        'beta[floor:log_uranium] floor_i log_uranium_j + u_county[j,Intercept] + u_county[j,floor] floor_i, sigma)',
    });
  });

  test('keep a predictor on the rows where nothing says that it is constant within groups', () => {
    const { multilevel } = equations(formula('log_radon ~ floor * log_uranium + (1 + floor | county)'));
    expect(multilevel.slice(0, 3)).toEqual([
      'log_radon_i ~ normal(beta[log_uranium] log_uranium_i + beta[floor:log_uranium] floor_i log_uranium_i + ' +
        'b_county[j,Intercept] + b_county[j,floor] floor_i, sigma)',
      'b_county[j,Intercept] = beta[Intercept] + u_county[j,Intercept]',
      'b_county[j,floor] = beta[floor] + u_county[j,floor]',
    ]);
  });

  test('take known standard errors and weights in the place of sigma, and add offsets', () => {
    expect(equations(formula('y | se(s) ~ 1 + offset(log(e)) + (1 | school)')).multilevel).toEqual([
      'y_i ~ normal(b_school[j,Intercept] + offset(log(e))_i, se_i)',
      'se_i = s of row i, known',
      'b_school[j,Intercept] = beta[Intercept] + u_school[j,Intercept]',
      'u_school[j,Intercept] ~ normal(0, tau_school[Intercept])',
      '(j: the school of row i)',
    ]);
    expect(equations(formula('y | weights(w) ~ x')).composite).toBe(
      'y_i ~ normal(beta[Intercept] + beta[x] x_i, sigma / sqrt(w_i))',
    );
  });

  test('leave the coefficients that several factors share in the regression of the rows, deviations beside them', () => {
    const { multilevel, composite } = equations(formula('y ~ x + (1 + x | a) + (1 | b)'));
    expect(multilevel).toEqual([
      'y_i ~ normal(beta[Intercept] + u_a[j,Intercept] + b_a[j,x] x_i + u_b[k,Intercept], sigma)',
      'b_a[j,x] = beta[x] + u_a[j,x]',
      'u_a[j] ~ normal(0, Sigma_a), with sds tau_a and correlations corr_a',
      'u_b[k,Intercept] ~ normal(0, tau_b[Intercept])',
      '(j: the a of row i; k: the b of row i)',
    ]);
    expect(composite).toBe(
      'y_i ~ normal(beta[Intercept] + beta[x] x_i + u_a[j,Intercept] + u_a[j,x] x_i + u_b[k,Intercept], sigma)',
    );
  });

  test('give every varying column without a population column a deviation of mean zero, every sd its line under ||', () => {
    expect(equations(formula('y ~ 0 + x + (1 + x || g) + (0 + z + w | g)')).multilevel).toEqual([
      'y_i ~ normal(u_g[j,Intercept] + b_g[j,x] x_i + u_g[j,z] z_i + u_g[j,w] w_i, sigma)',
      'b_g[j,x] = beta[x] + u_g[j,x]',
      'u_g[j,Intercept] ~ normal(0, tau_g[Intercept])',
      'u_g[j,x] ~ normal(0, tau_g[x])',
      'u_g[j,(z, w)] ~ normal(0, Sigma_g_2), with sds tau_g and correlations corr_g',
      '(j: the g of row i)',
    ]);
  });

  test('stand dots for every other column', () => {
    const { multilevel, composite } = equations(formula('y ~ . + (1 | g)'));
    expect(multilevel[0]).toBe('y_i ~ normal(... + b_g[j,Intercept], sigma)');
    expect(multilevel.at(-1)).toBe('(j: the g of row i; ...: every other column of the rows)');
    expect(composite).toBe('y_i ~ normal(beta[Intercept] + ... + u_g[j,Intercept], sigma)');
  });
});
