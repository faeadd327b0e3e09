import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../src/families/familyOf.ts';
import { formula } from '../../src/formula/formula.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { createRng } from '../../src/random/rng.ts';
import { groupLogLikelihood } from '../../src/summary/comparison/groupLogLikelihood.ts';
import { faultOf } from '../faultOf.ts';
import { denseSigma, denseZ, logNormalDensity, rowVariances } from '../oracle/denseGroups.ts';
import { drawOf, syntheticFit } from './syntheticFit.ts';

const rng = createRng([77]);
const n = 48;
const group = Array.from({ length: n }, (_, i) => i % 6);
const rows = {
  y: group.map((j) => j - 2 + 2 * rng.normal()),
  x: group.map(() => rng.normal()),
  g: group.map((j) => `g${j}`),
  // Classes within groups, three to a group; class g5.1 has one row; and a crossed factor.
  class: group.map((j, i) => `g${j}.${i === 47 ? 9 : Math.floor(i / 6) % 3}`),
  h: group.map((_, i) => `h${(i * 5 + (i >> 3)) % 4}`),
  count: group.map(() => Math.floor(6 * rng.uniform())),
  won: group.map(() => (rng.uniform() < 0.5 ? 1 : 0)),
  size: group.map(() => 6),
  t: group.map((_, i) => 1 + (i % 3)),
};
const data = { rows };

/**
 * The obvious log density of a group's rows: its own levels and those inside it by their covariance, others as drawn.
 */
function denseLogDensity(fit: Fit, f: number, j: number, s: number): number {
  const { design } = fit;
  const own = Array.from({ length: design.n }, (_, i) => i).filter((i) => design.groupTerms[f]!.index[i] === j);
  const members = new Set(own);
  const Z = denseZ(design);
  const width = Z.columns;
  const Sigma = Matrix.zeros(width, width);
  const u = new Array<number>(width).fill(0);
  let at = 0;
  for (const term of design.groupTerms) {
    const tau = term.labels.map((_, k) => drawOf(fit, `tau_${term.factor}`, k, s));
    const corr = term.blocks[0]!.size > 1 ? [drawOf(fit, `corr_${term.factor}`, 0, s)] : [];
    const block = denseSigma(term, tau, corr);
    for (let level = 0; level < term.J; level++) {
      const elsewhere = Array.from(term.index).some((l, i) => l === level && !members.has(i));
      for (let k = 0; k < term.q; k++) {
        const place = at + level * term.q + k;
        if (elsewhere) u[place] = drawOf(fit, `u_${term.factor}`, level * term.q + k, s);
        else for (let l = 0; l < term.q; l++) Sigma.set(place, at + level * term.q + l, block.get(k, l));
      }
    }
    at += term.J * term.q;
  }
  const variances = rowVariances(design, drawOf(fit, 'sigma', 0, s));
  const Zj = new Matrix(own.map((i) => Z.getRow(i)));
  const V = Zj.mmul(Sigma)
    .mmul(Zj.transpose())
    .add(Matrix.diag(own.map((i) => variances[i]!)));
  const mean = own.map((i, r) => {
    let value = 0;
    for (let c = 0; c < design.p; c++) value += design.X[i * design.p + c]! * drawOf(fit, 'beta', c, s);
    for (let c = 0; c < width; c++) value += Zj.get(r, c) * u[c]!;
    return value;
  });
  return logNormalDensity(
    own.map((i) => design.response.y[i]!),
    mean,
    V,
  );
}

/** By the trapezium rule over +-12 in each coordinate, `points` to a side. */
function gridLogDensity(fit: Fit, j: number, s: number, points: number): number {
  const { design } = fit;
  const { q, Z, index, labels, factor, blocks } = design.groupTerms[0]!;
  const family = familyOf(design);
  const tau = labels.map((_, k) => drawOf(fit, `tau_${factor}`, k, s));
  const corr = (blocks[0]?.size ?? 1) > 1 ? drawOf(fit, `corr_${factor}`, 0, s) : 0;
  const Lambda = q === 1 ? [tau[0]!] : [tau[0]!, 0, corr * tau[1]!, Math.sqrt(1 - corr * corr) * tau[1]!];
  const has = (name: string) => fit.draws.variables.some((variable) => variable.name === name);
  const sigma = has('sigma') ? drawOf(fit, 'sigma', 0, s) : 1;
  const own =
    design.response.nu ?? design.response.shape ?? (has('shape') ? Math.abs(drawOf(fit, 'shape', 0, s)) : undefined);
  const members = Array.from({ length: design.n }, (_, i) => i).filter((i) => index[i] === j);
  const base = members.map((i) => {
    let value = design.response.offset?.[i] ?? 0;
    for (let c = 0; c < design.p; c++) value += design.X[i * design.p + c]! * drawOf(fit, 'beta', c, s);
    return value;
  });
  const size = members.map((i) => design.response.trials?.[i] ?? design.response.exposure?.[i] ?? 1);
  const h = 24 / (points - 1);
  const grid = Array.from({ length: points }, (_, k) => -12 + k * h);
  const nodes = q === 1 ? grid.map((e) => [e]) : grid.flatMap((a) => grid.map((b) => [a, b]));
  const values = nodes.map((e) => {
    let sum = q * Math.log(h / Math.sqrt(2 * Math.PI));
    for (const value of e) sum -= (value * value) / 2;
    members.forEach((i, r) => {
      let eta = base[r]!;
      for (let k = 0; k < q; k++) {
        for (let l = 0; l <= k; l++) eta += Z[i * q + k]! * Lambda[k * q + l]! * e[l]!;
      }
      sum += family.logLik(design.response.y[i]!, size[r]!, eta, sigma, own);
    });
    return sum;
  });
  const largest = values.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

const draws = [0, 7, 19, 33, 49];

describe('groupLogLikelihood of normal rows', () => {
  it.each([
    ['crossed factors, the other as drawn', 'y ~ x + (1 + x | g) + (1 | h)', 0],
    ['classes within groups, integrated out too', 'y ~ x + (1 + x | g) + (1 | class)', 0],
    ['classes with slopes of their own', 'y ~ x + (1 | g) + (1 + x | class)', 0],
    ['classes, a crossed factor and groups', 'y ~ x + (1 | g) + (1 | class) + (1 + x || h)', 0],
    ['the classes of groups', 'y ~ x + (1 + x | g) + (1 | class)', 1],
  ])('is the dense density: %s', (_, text, f) => {
    const fit = syntheticFit(formula(text), data);
    const { factor, J } = fit.design.groupTerms[f]!;
    const { values } = groupLogLikelihood(fit, factor);
    for (const s of draws) {
      for (let j = 0; j < J; j++) {
        expect(values[s * J + j]! / denseLogDensity(fit, f, j, s)).toBeCloseTo(1, 9);
      }
    }
  });
});

describe('groupLogLikelihood of other rows', () => {
  // The rule is chosen to 1e-3 at some draws; these are random, with sds up to 5: far rougher than a posterior.
  it.each([
    ['0/1, an intercept', 'won ~ x + (1 | g)', { family: 'binomialLogit' }, 3e-3],
    ['0/1, a slope', 'won ~ x + (1 + x | g)', { family: 'binomialLogit' }, 3e-3],
    ['counts of trials', 'count | trials(size) ~ x + (1 + x | g)', { family: 'binomialLogit' }, 3e-3],
    ['probit', 'won ~ x + (1 | g)', { family: 'probit' }, 3e-3],
    ['counts', 'count | exposure(t) ~ x + (1 + x || g)', { family: 'poisson' }, 3e-3],
    ['counts that vary more', 'count ~ x + (1 | g)', { family: 'negbinomial', shape: 2 }, 3e-3],
    ['Student-t rows', 'y ~ x + (1 | g)', { family: 'student', nu: 4 }, 3e-3],
  ] as const)('is the integral on a grid: %s', (_, text, options, tolerance) => {
    const fit = syntheticFit(formula(text, options), data);
    const { J, q } = fit.design.groupTerms[0]!;
    const { values } = groupLogLikelihood(fit, 'g');
    let largest = 0;
    for (const s of draws.slice(0, q === 1 ? 5 : 2)) {
      for (let j = 0; j < J; j++) {
        const exact = gridLogDensity(fit, j, s, q === 1 ? 3001 : 141);
        largest = Math.max(largest, Math.abs(values[s * J + j]! - exact));
      }
    }
    expect(largest).toBeLessThan(tolerance);
  });

  it('refuses levels within the group, and many coefficients', () => {
    const nested = syntheticFit(formula('won ~ x + (1 | g) + (1 | class)', { family: 'binomialLogit' }), data);
    expect(faultOf(() => groupLogLikelihood(nested, 'g')).message).toBe(
      'won is binomialLogit, and "g0" has 4 levels (of g, class) that have rows nowhere else; of rows that are not normal the deviations of one level are integrated out; leave smaller groups out',
    );
    const wide = syntheticFit(formula('won ~ x + (1 + x + size + t || g)', { family: 'binomialLogit' }), {
      rows: { ...rows, size: rows.y.map(() => rng.normal()) },
    });
    expect(faultOf(() => groupLogLikelihood(wide, 'g')).message).toContain('4 coefficients vary by g');
    expect(faultOf(() => groupLogLikelihood(wide, 'k')).code).toBe('unknown-factor');
  });
});
