import { halfNormal, halfT, normal } from '../../src/graph/priors.ts';
import type { ModelCase } from './modelCase.ts';

const value = (i: number): number => Math.round(10 * Math.cos(3 * i)) / 10;

/** Small models in which each mutant's fault weighs much, as a degree of freedom does among few rows. */
export const mutantCalibrationCases: Readonly<Record<string, ModelCase>> = {
  'regression on few rows': {
    name: 'regression on few rows',
    formula: 'y ~ x + z + w + (1 | g)',
    priors: { beta: normal(0, 2), Sigma_g: halfNormal(0.5), sigma: halfNormal(2) },
    rows: {
      x: Array.from({ length: 9 }, (_, i) => value(i)),
      z: Array.from({ length: 9 }, (_, i) => value(5 * i + 1)),
      w: Array.from({ length: 9 }, (_, i) => i % 2),
      g: Array.from({ length: 9 }, (_, i) => `g${i % 3}`),
    },
  },
  'three groups of one row': {
    name: 'three groups of one row',
    formula: 'y ~ 1 + (1 | g)',
    priors: { beta: normal(0, 2), Sigma_g: halfT(3, 1), sigma: halfNormal(1) },
    rows: { g: ['g0', 'g1', 'g2'] },
  },
  'rare successes': {
    name: 'rare successes',
    family: 'binomialLogit',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { 'beta[Intercept]': normal(-2, 1), 'beta[x]': normal(0, 1), Sigma_g: halfNormal(0.7) },
    rows: {
      x: Array.from({ length: 10 }, (_, i) => (i % 2 ? 1 : -1)),
      n: new Array<number>(10).fill(25),
      g: Array.from({ length: 10 }, (_, i) => `g${Math.floor(i / 2)}`),
    },
  },
};
