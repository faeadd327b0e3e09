import { exponential, gamma, halfNormal, halfT, halfTCov, lkj, normal, uniform } from '../../src/graph/priors.ts';
import { groupColumns } from './calibrationGaussianCases.ts';
import type { ModelCase } from './modelCase.ts';

const beta = normal(0, 2);
const family = 'studentT';

function studentGroups(J: number): ModelCase {
  return {
    name: `Student-t, J = ${J}`,
    family,
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(3, 1), sigma: halfNormal(1.5), nu: gamma(2, 0.1) },
    rows: groupColumns(J, J === 3 ? 4 : 6),
  };
}

/** The Student-t models of the calibration. */
export const studentCalibrationCases: readonly ModelCase[] = [
  studentGroups(3),
  studentGroups(8),
  studentGroups(50),
  {
    name: 'Student-t, slopes, q = 2, J = 8',
    family,
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(1), corr_g: lkj(2), sigma: exponential(1), nu: gamma(2, 0.1) },
    rows: groupColumns(8, 8),
  },
  {
    name: 'Student-t, slopes, q = 2, Huang & Wand, heavy tails, J = 8',
    family,
    formula: 'y ~ x * w + (1 + x | g)',
    priors: { beta, Sigma_g: halfTCov(2, 1), sigma: halfT(3, 1), nu: uniform(1, 5) },
    rows: groupColumns(8, 8),
  },
  {
    name: 'Student-t, two crossed factors, weights, nu = 4 known, J = 8 and 6',
    family,
    formula: 'y | weights(s) ~ x + (1 | g) + (1 | h)',
    priors: { beta, Sigma_g: halfT(3, 1), Sigma_h: halfNormal(1), sigma: halfNormal(1.5) },
    nu: 4,
    rows: groupColumns(8, 8),
  },
];
