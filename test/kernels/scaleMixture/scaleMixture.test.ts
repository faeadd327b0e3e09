import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { mcseMean } from '../../../diagnostics/mcse.ts';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import type { Design } from '../../../src/design/design.ts';
import { studentT } from '../../../src/families/studentT.ts';
import { formula } from '../../../src/formula/formula.ts';
import { normal } from '../../../src/graph/priors.ts';
import { mixtureRows } from '../../../src/kernels/scaleMixture/mixtureRows.ts';
import { drawMixing, residualTailsStep } from '../../../src/kernels/scaleMixture/residualTails.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { drawParameter, LEAST, logParameterDensity, type ParameterPrior } from '../../../src/priors/parameterPrior.ts';
import { logScaleDensity, type ScalePrior } from '../../../src/priors/priors.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { denseMarginal } from '../../oracle/denseMarginal.ts';
import { gammaCdf } from '../../oracle/gammaCdf.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../../oracle/goodnessOfFit.ts';

const sigmaPrior: ScalePrior = { distribution: 'halfT', df: 3, scale: 2 };
const nuPrior: ParameterPrior = { distribution: 'gamma', shape: 2, rate: 0.1 };

describe('the prior of the degrees of freedom', () => {
  const priors: ParameterPrior[] = [
    nuPrior,
    { distribution: 'gamma', shape: 0.5, rate: 3 },
    { distribution: 'gamma', shape: 4, rate: 40 },
    { distribution: 'gamma', shape: 30, rate: 60 },
    { distribution: 'exponential', rate: 0.05 },
    { distribution: 'uniform', low: 0.2, high: 6 },
    { distribution: 'uniform', low: 2, high: 6 },
  ];
  it.each(priors)('is drawn from, cut off at 1, with the density it has: %j', (prior) => {
    const rng = createRng([5101]);
    const draws = Float64Array.from({ length: 20000 }, () => drawParameter(prior, LEAST.nu, rng));
    const whole = (x: number): number => {
      if (prior.distribution === 'gamma') return gammaCdf(x, prior.shape, prior.rate);
      if (prior.distribution === 'exponential') return gammaCdf(x, 1, prior.rate);
      return Math.max(0, (x - prior.low) / (prior.high - prior.low));
    };
    const below = whole(LEAST.nu);
    // Where next to nothing is above 1 the distribution function has few digits there: by quadrature of the density on
    // (1, 4), which holds all but 1e-20.
    const h = 1e-4;
    const masses = new Float64Array(30001);
    for (let i = 1; i < masses.length; i += 1) {
      masses[i] = masses[i - 1]! + Math.exp(logParameterDensity(prior, LEAST.nu, 1 + (i - 0.5) * h));
    }
    const mass = (x: number): number => {
      const at = Math.min((x - 1) / h, 29999);
      const i = Math.floor(at);
      return (masses[i]! + (at - i) * (masses[i + 1]! - masses[i]!)) / masses[30000]!;
    };
    const cdf = below > 0.99 ? mass : (x: number): number => (whole(x) - below) / (1 - below);
    expect(Math.min(...draws)).toBeGreaterThan(1);
    expect(kolmogorovSmirnov(draws, cdf)).toBeLessThan(KS_BOUND);
    expect(logParameterDensity(prior, LEAST.nu, 1)).toBe(-Infinity);
  });
});

describe('scale and degrees of freedom given the residuals', () => {
  const square = Float64Array.of(0.1, 0.4, 1e-3, 30, 2, 0.7, 0.05, 1.1, 0.2, 0.9, 5, 0.3);
  const n = square.length;
  const step = residualTailsStep(n, sigmaPrior, nuPrior);
  const oracle = (sigma: number, nu: number): number => {
    let sum =
      logScaleDensity(sigmaPrior, sigma) + logParameterDensity(nuPrior, LEAST.nu, nu) + Math.log(sigma) + Math.log(nu);
    for (const value of square) sum += studentT.logLik(Math.sqrt(value), 1, 0, sigma, nu);
    return sum;
  };

  it('have the density of independent t rows and their priors', () => {
    const at = (sigma: number, nu: number): number => step.logDensity(square, { sigma, nu }) - oracle(sigma, nu);
    const constant = at(1, 5);
    for (const [sigma, nu] of [
      [0.01, 1.2],
      [0.5, 3],
      [2, 40],
      [30, 300],
    ] as const) {
      // Sums of 12 terms up to 1e3.
      expect(Math.abs(at(sigma, nu) - constant)).toBeLessThan(1e-11);
    }
    expect(step.logDensity(square, { sigma: 1, nu: 1 })).toBe(-Infinity);
    expect(step.logDensity(square, { sigma: 0, nu: 3 })).toBe(-Infinity);
  });

  it('keep it where residuals are so large that a product of them would overflow', () => {
    const wide = Float64Array.from({ length: 40 }, (_, i) => 10 ** (8 * (i % 30)));
    const own = residualTailsStep(40, sigmaPrior, undefined);
    const sum = (sigma: number): number =>
      wide.reduce((total, value) => total + studentT.logLik(Math.sqrt(value), 1, 0, sigma, 4), 0) +
      logScaleDensity(sigmaPrior, sigma) +
      Math.log(sigma);
    const at = (sigma: number): number => own.logDensity(wide, { sigma, nu: 4 }) - sum(sigma);
    // Sums near 2e4: rounding.
    expect(Math.abs(at(1e3) - at(1))).toBeLessThan(1e-9);
  });

  it('are left invariant by the slice steps: means and sds of log sigma and log nu against quadrature, within 4 standard errors', () => {
    let total = 0;
    const moments = new Float64Array(4);
    for (let s = -4; s <= 4; s += 0.02) {
      // nu = 1 + exp(t): d log nu = exp(t) / nu dt.
      for (let t = -14; t <= 6; t += 0.05) {
        const nu = 1 + Math.exp(t);
        const mass = Math.exp(step.logDensity(square, { sigma: Math.exp(s), nu })) * (Math.exp(t) / nu);
        total += mass;
        moments[0]! += mass * s;
        moments[1]! += mass * s * s;
        moments[2]! += mass * Math.log(nu);
        moments[3]! += mass * Math.log(nu) ** 2;
      }
    }
    const rng = createRng([5102]);
    const tails = { sigma: 1, nu: 5 };
    const draws = Array.from({ length: 4 }, () => new Float64Array(20000));
    for (let i = 0; i < 20000; i += 1) {
      step.step(square, tails, rng);
      const s = Math.log(tails.sigma);
      const t = Math.log(tails.nu);
      [s, s * s, t, t * t].forEach((value, k) => {
        draws[k]![i] = value;
      });
    }
    draws.forEach((series, k) => {
      const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
      expect(Math.abs(mean - moments[k]! / total) / mcseMean([series])).toBeLessThan(4);
    });
  });

  it('give mixing variables of the gamma distribution they have', () => {
    const rng = createRng([5103]);
    const draws = Float64Array.from({ length: 20000 });
    const out = new Float64Array(1);
    for (let i = 0; i < draws.length; i += 1) {
      drawMixing(Float64Array.of(7), Float64Array.of(2), { sigma: 1.5, nu: 3 }, rng, out);
      draws[i] = out[0]! / 2;
    }
    // p(lambda) N(e; 0, sigma^2 / (w lambda)), w e^2 = 7: Gamma((nu + 1) / 2, (nu + 7 / sigma^2) / 2).
    expect(kolmogorovSmirnov(draws, (x) => gammaCdf(x, 2, (3 + 7 / 2.25) / 2))).toBeLessThan(KS_BOUND);
  });
});

describe('rows under precisions that change', () => {
  const n = 18;
  const each = <T>(value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));
  const rows = {
    // In the order of the factor with most levels: the table's order is that of the rows.
    g: each((i) => `g${Math.floor(i / 3)}`),
    h: each((i) => `h${(i * 7) % 4}`),
    year: each((i) => 2000 + ((i * 5) % 7)),
    o: each((i) => Math.cos(i)),
    w: each((i) => 0.5 + (i % 4)),
    y: each((i) => 900 + Math.sin(4 * i) + 0.3 * (i % 3)),
  };
  const graph = formula('y | weights(w) ~ year + offset(o) + (1 + year | g) + (1 | h)', {
    family: 'student',
    priors: { beta: normal(1, 20) },
  });
  const design = buildDesign(graph, { rows });
  const priors = resolvePriors(design);
  const table = mixtureRows(design, crossProducts(design), priors.beta);
  const rng = createRng([5104]);
  const omega = Float64Array.from({ length: n }, () => rng.gamma(2, 1));

  it('have residuals w (y - eta)^2 that are those of the rows', () => {
    const state = emptyState(layout(design));
    for (let i = 0; i < state.position.length; i += 1) state.position[i] = rng.normal();
    const x = new Float64Array(table.size);
    const square = new Float64Array(n);
    table.read(state, x);
    table.squares(x, square);
    const { X, p, response, groupTerms } = design;
    for (let i = 0; i < n; i += 1) {
      let e = response.y[i]! - response.offset![i]!;
      for (let k = 0; k < p; k += 1) e -= X[i * p + k]! * state.at['beta']![k]!;
      for (const { factor, q, Z, index } of groupTerms) {
        for (let k = 0; k < q; k += 1) e -= Z[i * q + k]! * state.at[`u_${factor}`]![index[i]! * q + k]!;
      }
      // Terms of size 2000 and 900: their rounding.
      expect(Math.abs(square[i]! / (response.weights![i]! * e * e) - 1)).toBeLessThan(1e-11);
    }
    const before = state.position.slice();
    state.position.fill(0);
    table.write(x, state);
    state.position.forEach((value, i) => {
      const covariance = !(i < p || String(before[i]) === '0') && value === 0;
      if (!covariance) expect(Math.abs(value - before[i]!)).toBeLessThan(1e-9);
    });
  });

  it('have the likelihood of the dense model with those precisions', () => {
    const weighted: Design = { ...design, response: { ...design.response, weights: omega } };
    const { likelihood } = table;
    table.fill(omega);
    const point = (seed: number, sigma: number): number => {
      const own = createRng([seed]);
      const Lambda = [
        Float64Array.of(0.4 + own.uniform(), 0, 0.02 * own.normal(), 0.05),
        Float64Array.of(own.uniform()),
      ];
      likelihood.evaluate(Lambda);
      likelihood.solve(sigma);
      const ours =
        -likelihood.degreesOfFreedom * Math.log(sigma) -
        0.5 * (likelihood.logDeterminantK() + likelihood.logDeterminantP() + likelihood.rss() / (sigma * sigma));
      const covariances = Lambda.map((L, f) => {
        const { q } = design.groupTerms[f]!;
        const M = Matrix.from1DArray(q, q, Array.from(L)).mul(sigma);
        return M.mmul(M.transpose());
      });
      const prior = { mean: [1, 1], precision: [1 / 400, 1 / 400] };
      return ours - denseMarginal(weighted, sigma, covariances, prior);
    };
    // The dense matrices hold 2000^2 beside 1: 1e-6 is their rounding.
    for (const [seed, sigma] of [
      [2, 0.6],
      [3, 1.7],
    ] as const) {
      expect(Math.abs(point(seed, sigma) - point(1, 1))).toBeLessThan(1e-5);
    }
  });
});
