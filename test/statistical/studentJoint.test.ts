import { describe, expect, it } from 'vitest';
import { mcseMean } from '../../diagnostics/mcse.ts';
import { normalQuantile } from '../../diagnostics/special.ts';
import { buildDesign } from '../../src/design/buildDesign.ts';
import { crossProducts } from '../../src/design/crossProducts.ts';
import type { Design } from '../../src/design/design.ts';
import { familyRows, fillRows, simulateRows } from '../../src/families/familyRows.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import {
  exponential,
  gamma,
  halfCauchy,
  halfNormal,
  halfT,
  inverseGamma,
  normal,
  type Prior,
} from '../../src/graph/priors.ts';
import { drawDegrees } from '../../src/kernels/degreesPrior.ts';
import type { State } from '../../src/kernels/kernel.ts';
import { scaleMixtureKernel } from '../../src/kernels/scaleMixture.ts';
import { emptyState, layout } from '../../src/mcmc/layout.ts';
import { resolvePriors } from '../../src/mcmc/resolvePriors.ts';
import { createRng, type Rng } from '../../src/random/rng.ts';
import { drawCoefficients, drawScale } from '../../src/summary/priorDraw.ts';

/** Geweke's joint-distribution test (2004) of the whole sweep; see `jointDistribution`. */
interface JointCase {
  readonly name: string;
  readonly formula: string;
  readonly priors: Record<string, Prior>;
  readonly nu?: FormulaOptions['nu'];
}

const columns = {
  x: Array.from({ length: 14 }, (_, i) => Math.round(10 * Math.cos(3 * i)) / 10),
  g: Array.from({ length: 14 }, (_, i) => `g${Math.min(i % 6, (i * i) % 5)}`),
  h: Array.from({ length: 14 }, (_, i) => `h${(i * 7) % 4}`),
  w: Array.from({ length: 14 }, (_, i) => 0.5 + (i % 4)),
};

const cases: readonly JointCase[] = [
  { name: 'no groups, nu known', formula: 'y ~ x', priors: { beta: normal(0.5, 1), sigma: halfNormal(1) }, nu: 3 },
  {
    name: 'q = 1, weights',
    formula: 'y | weights(w) ~ x + (1 | g)',
    priors: { beta: normal(0.5, 1), tau_g: halfT(3, 1), sigma: inverseGamma(3, 2), nu: gamma(2, 0.1) },
  },
  {
    name: 'q = 2, crossed',
    formula: 'y ~ x + (1 + x || g) + (1 | h)',
    priors: {
      beta: normal(0.5, 1),
      tau_g: halfNormal(1),
      tau_h: halfCauchy(0.5),
      sigma: halfNormal(1),
      nu: exponential(0.3),
    },
  },
];

/** z-scores of the differences of both simulators in first and second moments. */
function joint(given: JointCase, starts: number, steps: number, seed: number, harm?: (state: State) => void): number[] {
  const rng = createRng([seed, 1]);
  const n = 14;
  const rows = { ...columns, y: Array.from({ length: n }, (_, i) => i % 3) };
  const graph = formula(given.formula, { family: 'student', priors: given.priors, nu: given.nu });
  const design = buildDesign(graph, { rows });
  const priors = resolvePriors(design);
  const state = emptyState(layout(design));
  const labels = design.columns.map(({ label }) => label);
  const { groupTerms, X, p, response } = design;
  const d = groupTerms.reduce((sum, { q }) => sum + q, 0);
  const nu = (): number => state.at['nu']?.[0] ?? given.nu!;
  const eta = new Float64Array(n);
  const y = new Float64Array(n);
  const model = familyRows(design);
  const fromPrior = (): void => {
    drawCoefficients(priors.beta, labels, rng, state.at['beta']!);
    groupTerms.forEach(({ factor, q, J, blocks }, f) => {
      const tau = state.at[`tau_${factor}`]!;
      blocks.forEach(({ start }, b) => {
        const prior = priors.groups[f]![b]!;
        if (prior.kind === 'separation') tau[start] = drawScale(prior.tau[0]!, factor, rng);
      });
      for (let i = 0; i < J * q; i += 1) state.at[`u_${factor}`]![i] = tau[i % q]! * rng.normal();
    });
    state.at['sigma']![0] = drawScale(priors.sigma!, 'sigma', rng);
    if (priors.nu) state.at['nu']![0] = drawDegrees(priors.nu, rng);
  };
  const predict = (): void => {
    for (let i = 0; i < n; i += 1) {
      let sum = 0;
      for (let k = 0; k < p; k += 1) sum += X[i * p + k]! * state.at['beta']![k]!;
      for (const { factor, q, Z, index } of groupTerms) {
        for (let k = 0; k < q; k += 1) sum += Z[i * q + k]! * state.at[`u_${factor}`]![index[i]! * q + k]!;
      }
      eta[i] = sum;
    }
  };
  const quantities = (): number[] => {
    predict();
    const singles = Object.entries(state.at).flatMap(([name, values]) =>
      Array.from(values.subarray(0, 4), (value) =>
        /^(tau|sigma|nu)/u.test(name) ? Math.log(value) : Math.asinh(value),
      ),
    );
    const fitOf = fillRows({ ...model, y }, eta, state.at['sigma']![0]!, {}, nu()) / n;
    const all = [...singles, Math.asinh(y[0]!), Math.asinh(y[n - 1]!), fitOf];
    return all.flatMap((value) => [value, value * value]);
  };
  // One proposal for all data: any is right.
  const proposal = {
    draw: (stream: Rng, out: Float64Array) => {
      for (let k = 0; k < d; k += 1) out[k] = Math.abs(1.2 * stream.normal());
    },
    logDensity: (phi: Float64Array) => phi.reduce((sum, value) => sum - 0.5 * (value / 1.2) ** 2, 0),
  };
  const walk = new Float64Array(d * d);
  for (let k = 0; k < d; k += 1) walk[k * d + k] = 0.4;
  const start = new Float64Array(d).fill(1);
  const differences: Float64Array[] = [];
  for (let s = 0; s < starts; s += 1) {
    fromPrior();
    let first: number[] = [];
    let mean: number[] = [];
    for (let step = 0; step < steps; step += 1) {
      predict();
      simulateRows(model, eta, state.at['sigma']![0]!, rng, y, nu());
      if (step === 0) {
        first = quantities();
        mean = first.map(() => 0);
      }
      const own: Design = { ...design, response: { ...response, y: y.slice() } };
      const kernel = scaleMixtureKernel(own, crossProducts(own), priors, (_design, table, target) => {
        const typical = table.weight.slice();
        table.fill(typical);
        target.calibrate(start);
        return { proposal: { proposal, walk, start }, typical };
      });
      kernel.step(state, rng, 'sampling');
      harm?.(state);
      const now = quantities();
      mean = mean.map((value, k) => value + now[k]! / steps);
    }
    mean.forEach((value, k) => {
      differences[k] ??= new Float64Array(starts);
      differences[k]![s] = value - first[k]!;
    });
  }
  return differences.map((series) => series.reduce((sum, value) => sum + value, 0) / starts / mcseMean([series]));
}

describe('the joint distribution of parameters and Student-t data', () => {
  const bound = (count: number): number => normalQuantile(1 - 0.01 / 3 / (2 * count));

  it.each(cases)('is left invariant by a sweep, at a level of 1% over all quantities: $name', (given) => {
    const z = joint(given, 800, 4, 407);
    expect(z.length).toBeGreaterThan(10);
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(bound(z.length));
  });

  it.each<[string, (state: State) => void]>([
    ['sigma 10% too large', (state) => (state.at['sigma']![0]! *= 1.1)],
    ['nu 15% too large', (state) => (state.at['nu']![0]! *= 1.15)],
  ])('is not where a sweep leaves %s', (_name, harm) => {
    const z = joint(cases[1]!, 600, 4, 408, harm);
    expect(Math.max(...z.map(Math.abs))).toBeGreaterThan(bound(z.length));
  });
});
