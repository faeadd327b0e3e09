import {
  exponential,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  lkj,
  normal,
} from '../../src/graph/priors.ts';
import type { ModelCase } from './modelCase.ts';

/** Rows of J groups: group j has 1 + (7 j mod `largest`) of them, so that some have one. */
export function groupColumns(J: number, largest: number): Record<string, (number | string)[]> {
  const group = Array.from({ length: J }, (_, j) => new Array<number>(1 + ((7 * j) % largest)).fill(j)).flat();
  const each = <T>(value: (i: number, j: number) => T): T[] => group.map((j, i) => value(i, j));
  return {
    g: each((_, j) => `g${j}`),
    h: each((i) => `h${(i * 5) % 6}`),
    k: each((i) => `k${i % 3}`),
    x: each((i) => Math.round(100 * Math.cos(3 * i)) / 100),
    z: each((i) => Math.round(100 * Math.sin(5 * i + 1)) / 100),
    w: each((_, j) => Math.round(100 * Math.sin(2 * j)) / 100),
    s: each((i) => 0.4 + 0.2 * (i % 5)),
  };
}

const beta = normal(0, 2);

function normalGroups(J: number): ModelCase {
  return {
    name: `hierarchical normal, J = ${J}`,
    formula: 'y ~ 1 + (1 | g)',
    priors: { beta, Sigma_g: halfT(3, 1), sigma: halfNormal(1.5) },
    rows: groupColumns(J, J === 3 ? 4 : 6),
  };
}

function slopes(J: number): ModelCase {
  return {
    name: `slopes, q = 2, J = ${J}`,
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(1), corr_g: lkj(2), sigma: exponential(1) },
    rows: groupColumns(J, J === 3 ? 6 : 8),
  };
}

/** Rows of J groups at whole times with gaps, in an order of their own. */
function timedColumns(J: number, largest: number): Record<string, (number | string)[]> {
  const columns = groupColumns(J, largest);
  const seen = new Map<number | string, number>();
  const time = columns.g!.map((g, i) => {
    const next = (seen.get(g) ?? 0) + 1 + (i % 2);
    seen.set(g, next);
    return next;
  });
  return { ...columns, time };
}

/** Visits 1 to T of J groups, one in five of them missing. */
function visits(J: number, T: number): Record<string, (number | string)[]> {
  const seen = Array.from({ length: J * T }, (_, i) => i).filter((i) => i % 5 !== 3);
  return {
    g: seen.map((i) => `g${Math.floor(i / T)}`),
    k: seen.map((i) => `k${Math.floor(i / T) % 3}`),
    time: seen.map((i) => 1 + (i % T)),
    x: seen.map((i) => Math.round(100 * Math.cos(3 * i)) / 100),
  };
}

/** Gaussian models whose residuals depend on each other or whose residual sd depends on terms. */
export const structuredCalibrationCases: readonly ModelCase[] = [
  {
    name: 'residuals ar1, J = 8',
    formula: 'y ~ x + (1 | g)',
    residual: 'ar1(time | g)',
    priors: { beta, Sigma_g: halfNormal(1), sigma: halfNormal(1.5) },
    rows: timedColumns(8, 6),
  },
  {
    name: 'residuals car1, sigma by terms, J = 8',
    formula: 'y ~ x',
    residual: 'car1(time | g)',
    sigma: '~ z',
    priors: { beta, sigma: halfNormal(1.5) },
    rows: timedColumns(8, 6),
  },
  {
    name: 'residuals cs, sigma by terms, J = 8',
    formula: 'y ~ x + (0 + x | g)',
    residual: 'cs(g)',
    sigma: '~ k',
    priors: { beta, Sigma_g: halfNormal(1), sigma: halfNormal(1.5) },
    rows: groupColumns(8, 6),
  },
  {
    name: 'residual sds of groups, J = 8',
    formula: 'y ~ x + (1 | g)',
    sigma: '~ (1 | g)',
    priors: { beta, Sigma_g: halfNormal(1), sigma: halfNormal(1.5) },
    rows: groupColumns(8, 6),
  },
  {
    name: 'residual sds of groups and by terms, cs, J = 8',
    formula: 'y ~ x',
    residual: 'cs(g)',
    sigma: '~ z + (1 | g)',
    priors: { beta, sigma: halfNormal(1.5), omega_g: halfNormal(0.7) },
    rows: timedColumns(8, 6),
  },
  {
    name: 'residuals toeplitz, J = 8',
    formula: 'y ~ x',
    residual: 'toeplitz(time | g)',
    priors: { beta, sigma: halfNormal(1.5) },
    rows: visits(8, 4),
  },
  {
    name: 'residuals unstructured, J = 8',
    formula: 'y ~ x + (1 | k)',
    residual: 'unstructured(time | g)',
    priors: { beta, Sigma_k: halfNormal(1), sigma: halfNormal(1.5), rho: lkj(1.5) },
    rows: visits(8, 3),
  },
  {
    name: 'residuals unstructured of six visits, J = 12',
    formula: 'y ~ x',
    residual: 'unstructured(time | g)',
    priors: { beta, sigma: halfNormal(1.5) },
    rows: visits(12, 6),
  },
];

/** The Gaussian models of the calibration. */
export const gaussianCalibrationCases: readonly ModelCase[] = [
  normalGroups(3),
  normalGroups(8),
  normalGroups(50),
  {
    name: 'slope alone, q = 1, J = 8',
    formula: 'y ~ x + (0 + x | g)',
    priors: { beta, Sigma_g: halfCauchy(0.7), sigma: inverseGamma(3, 2) },
    rows: groupColumns(8, 7),
  },
  slopes(3),
  slopes(8),
  slopes(50),
  {
    name: 'slopes, q = 3, Huang & Wand, J = 8',
    formula: 'y ~ x + z + (1 + x + z | g)',
    priors: { beta, Sigma_g: halfTCov(2, 1), sigma: halfNormal(1.5) },
    rows: groupColumns(8, 9),
  },
  {
    name: 'level-2 predictor of intercept and slope, J = 8',
    formula: 'y ~ x * w + (1 + x | g)',
    priors: { beta, Sigma_g: halfTCov(2, 1), sigma: halfT(3, 1) },
    rows: groupColumns(8, 8),
  },
  {
    name: 'two crossed factors, J = 8 and 6',
    formula: 'y ~ x + (1 | g) + (1 | h)',
    priors: { beta, Sigma_g: halfT(3, 1), Sigma_h: halfNormal(1), sigma: halfNormal(1.5) },
    rows: groupColumns(8, 8),
  },
  {
    name: 'nested factors, J = 8 and 20 or so',
    formula: 'y ~ 1 + (1 | g / k)',
    priors: { beta, Sigma_g: halfNormal(1), 'Sigma_g:k': halfNormal(0.7), sigma: exponential(1) },
    rows: groupColumns(8, 8),
  },
  {
    name: 'known standard errors, J = 8',
    formula: 'y | se(s) ~ 1 + (1 | g)',
    priors: { beta, Sigma_g: halfCauchy(1) },
    rows: groupColumns(8, 4),
  },
];

/**
 * Rows of 30 by 20 levels crossed at random, one cell in eight met, with a small third factor; and of levels nested
 * three deep.
 */
const sparse = Array.from({ length: 75 }, (_, i) => [(i * 17 + ((i * i) % 7)) % 30, (i * i * 3 + i * 7) % 20] as const);
const nested = Array.from({ length: 72 }, (_, i) => [i % 4, i % 12, i % 36] as const);

/** The models of the crossed kernel's calibration. */
export const crossedCalibrationCases: readonly ModelCase[] = [
  {
    name: 'crossed 30 x 20, sparse, and a small factor',
    formula: 'y ~ x + (1 | a) + (1 | b) + (1 | k)',
    priors: { beta, Sigma_a: halfNormal(1), Sigma_b: halfT(3, 1), Sigma_k: halfNormal(1), sigma: halfNormal(1.5) },
    rows: {
      a: sparse.map(([a]) => `a${a}`),
      b: sparse.map(([, b]) => `b${b}`),
      k: sparse.map((_, i) => `k${i % 4}`),
      x: sparse.map((_, i) => Math.round(100 * Math.cos(3 * i)) / 100),
    },
  },
  {
    name: 'nested three levels, 4, 12 and 36',
    formula: 'y ~ 1 + (1 | a / b / c)',
    priors: {
      beta,
      Sigma_a: halfNormal(1),
      'Sigma_a:b': halfNormal(0.7),
      'Sigma_a:b:c': halfNormal(0.7),
      sigma: exponential(1),
    },
    rows: {
      a: nested.map(([a]) => `a${a}`),
      b: nested.map(([, b]) => `b${b}`),
      c: nested.map(([, , c]) => `c${c}`),
    },
  },
  {
    name: 'crossed slopes, J = 8 and 6',
    formula: 'y ~ x + (1 + x | g) + (1 + x || h)',
    priors: { beta, tau_g: halfNormal(1), corr_g: lkj(2), tau_h: halfNormal(0.7), sigma: halfNormal(1.5) },
    rows: groupColumns(8, 8),
  },
];
