import { describe, expect, it } from 'vitest';
import { halfNormal } from '../../src/graph/priors.ts';
import { calibration, notUniform } from './calibration.ts';
import { calibrationCases } from './calibrationCases.ts';

const byName = (name: string): (typeof calibrationCases)[number] =>
  calibrationCases.find((each) => each.name === name)!;
const LEVEL = 0.01;
/** Quantities of the runs together. */
const QUANTITIES = 70;

// `npm run calibrate` has twelve models and ten times the data sets.
describe('simulation-based calibration', () => {
  it.each([
    ['hierarchical normal, J = 8', 'auto', 4, 20, 100],
    ['slope alone, q = 1, J = 8', 'auto', 4, 20, 100],
    ['slopes, q = 2, J = 3', 'auto', 4, 20, 50],
    ['slopes, q = 2, J = 3', 'gibbs', 10, 200, 100],
    ['known standard errors, J = 8', 'auto', 4, 20, 100],
  ])('finds uniform ranks of every parameter and the log-likelihood: %s, %s', (name, rule, thin, warmup, dataSets) => {
    const found = calibration(byName(name), { rule, dataSets, draws: 49, thin, warmup, seed: 20260701, bins: 10 });
    expect(found.length).toBeGreaterThan(5);
    expect(notUniform(found, LEVEL, QUANTITIES)).toEqual([]);
  });

  it('finds ranks that are not uniform where the sampler believes in other priors', () => {
    const given = byName('known standard errors, J = 8');
    const believed = { ...given, priors: { ...given.priors, Sigma_g: halfNormal(0.2) } };
    const pace = { dataSets: 100, draws: 49, thin: 4, warmup: 20, bins: 10 };
    const found = calibration(given, { rule: 'auto', ...pace, seed: 20260702, believed });
    const wrong = notUniform(found, LEVEL, QUANTITIES).map(({ quantity }) => quantity);
    expect(wrong).toContain('tau_g[Intercept]');
  });
});
