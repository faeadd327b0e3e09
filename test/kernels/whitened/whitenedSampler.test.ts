import { describe, expect, it } from 'vitest';
import { mcseMean } from '../../../diagnostics/mcse.ts';
import type { ModelData } from '../../../src/data/frame.ts';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import type { ModelGraph } from '../../../src/graph/node.ts';
import { halfT, normal as normalPrior } from '../../../src/graph/priors.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { whitenedMetropolisKernel } from '../../../src/kernels/whitened/whitenedMetropolis.ts';
import type { WhitenedModel } from '../../../src/kernels/whitened/whitenedModel.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { gridProposal } from '../../../src/proposals/gridProposal.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { chance } from '../../fuzz/chance.ts';
import { fuzzKinds } from '../../fuzz/posterior/fuzzKinds.ts';
import { randomModel } from '../../fuzz/posterior/randomModel.ts';
import { logitQuadrature } from '../../oracle/logitQuadrature.ts';
import { fittedElsewhere } from '../fittedElsewhere.ts';

const groups = [
  { y: [1], trials: [6] },
  { y: [5], trials: [7] },
  { y: [3], trials: [4] },
  { y: [9], trials: [9] },
];
const rows = groups.map(({ y, trials }, j) => ({ y: y[0]!, n: trials[0]!, g: `g${j}` }));
const priors = { beta: normalPrior(0, 2), tau_g: halfT(3, 1.5) };
const grid = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

describe('steps in whitened coordinates', () => {
  const logPrior = (beta: number, tau: number) => -0.5 * (beta / 2) ** 2 - 2 * Math.log1p((tau / 1.5) ** 2 / 3);
  const taus = grid(Math.log(1e-3), Math.log(40), 161).map(Math.exp);
  const exact = logitQuadrature(groups, logPrior, grid(-7, 7, 141), taus);
  const design = buildDesign(formula('y | trials(n) ~ 1 + (1 | g)', { family: 'binomialLogit', priors }), { rows });
  const fitted = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));

  /** Compares draws of tau, beta and u by the kernel over a model with the posterior. */
  const compare = (model: WhitenedModel, draws = 60_000) => {
    const kernel = whitenedMetropolisKernel(
      design,
      fittedElsewhere(() => model),
    );
    const state = emptyState(layout(design));
    const rng = createRng([75]);
    kernel.init(state, rng);
    const expected = [exact.tau, exact.beta, ...exact.u];
    const drawn = expected.map(() => new Float64Array(draws));
    for (let i = 0; i < draws; i += 1) {
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      [state.at['tau_g']![0]!, state.at['beta']![0]!, ...state.at['u_g']!].forEach((value, k) => {
        drawn[k]![i] = value;
      });
    }
    const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / draws;
    expected.forEach(({ mean, sd }, k) => {
      const error = mcseMean([drawn[k]!]);
      expect(Math.abs(average(drawn[k]!) - mean)).toBeLessThan(4 * error);
      const squares = drawn[k]!.map((value) => (value - mean) ** 2);
      expect(Math.abs(average(squares) - sd * sd)).toBeLessThan(4 * mcseMean([squares]));
      // So that the comparison says something.
      expect(error).toBeLessThan(0.05 * sd);
    });
  };

  // Places and widths of a proposal of sqrt(tau); tau has mean 2.0 and sd 1.2. A proposal ends at 7.5 widths, and what
  // is beyond is left to the walks after a refusal.
  it.each([
    [0.8, 0.15],
    [1.6, 0.15],
    [1, 3],
  ])(
    'have the posterior by quadrature from a proposal that is far from it: log-normal at %d, of width %d',
    (at, width) => {
      const proposal = toTheEnd(gridProposal((x) => -0.5 * (Math.log(x / at) / width) ** 2 - Math.log(x), at));
      compare({ ...fitted, proposal: { ...fitted.proposal, proposal, walk: Float64Array.of(0.5) } });
    },
  );

  it('have it by slice sampling alone', () => {
    compare({ ...fitted, steps: { pairs: 0, slices: 1 } }, 20_000);
  });

  // Of the transforms T(x) = c x + s sqrt(1 + x^2) - m.
  it.each([
    [0.6, 0.5],
    [0.6, -0.5],
    [3, 0],
  ])('have it from proposals of the blocks that are %d times as wide and off by %d', (times, off) => {
    compare({
      ...fitted,
      allocateFactor() {
        const factor = fitted.allocateFactor();
        const skew = factor.skew.slice();
        const at = (phi: Float64Array): boolean => {
          const finite = factor.target.at(phi);
          for (let k = 0; k < skew.length; k += 1) skew[k] = times * factor.skew[k]! - (k % 3 === 2 ? off : 0);
          return finite;
        };
        return { ...factor, skew, target: { ...factor.target, at } };
      },
    });
  });
});

describe('steps C, every coordinate by slice sampling', () => {
  it('have the posterior that the other steps have: correlated slopes, a crossed factor, 0/1 rows', () => {
    const { normal, uniform } = chance([31]);
    const data = { y: [] as number[], x: [] as number[], g: [] as string[], h: [] as string[] };
    for (let j = 0; j < 6; j += 1) {
      const u = 0.8 * normal();
      for (let t = 0; t < 8; t += 1) {
        const x = normal();
        data.x.push(x);
        data.g.push(`g${j}`);
        data.h.push(`h${t % 3}`);
        data.y.push(uniform() < 1 / (1 + Math.exp(-u - 0.7 * x)) ? 1 : 0);
      }
    }
    const graph = formula('y ~ x + (x | g) + (1 | h)', {
      family: 'binomial',
      priors: { beta: normalPrior(0, 2), 'tau_g[Intercept]': halfT(3, 1), 'tau_g[x]': halfT(3, 1), tau_h: halfT(3, 1) },
    });
    const design = buildDesign(graph, { rows: data });
    const model = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
    const variables = layout(design);
    const draws = 2500;
    const drawn = [
      { pairs: 4, slices: 0 },
      { pairs: 0, slices: 1 },
    ].map((steps) => {
      const kernel = whitenedMetropolisKernel(
        design,
        fittedElsewhere(() => ({ ...model, steps })),
      );
      const state = emptyState(variables);
      const rng = createRng([76, steps.pairs]);
      kernel.init(state, rng);
      const values = Array.from(state.position, () => new Float64Array(draws));
      const info = new Float64Array(kernel.stats.length);
      for (let i = -200; i < draws; i += 1) {
        kernel.step(state, rng, 'sampling', info);
        expect(info.every(Number.isFinite)).toBe(true);
        state.position.forEach((value, k) => {
          if (i >= 0) values[k]![i] = Math.sign(value) * Math.log1p(Math.abs(value));
        });
      }
      return values;
    });
    drawn[0]!.forEach((one, k) => {
      const other = drawn[1]![k]!;
      const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / draws;
      for (const of of [
        (values: Float64Array) => values,
        (values: Float64Array) => values.map((value) => value ** 2),
      ]) {
        const error = Math.hypot(mcseMean([of(one)]), mcseMean([of(other)]));
        expect(Math.abs(mean(of(one)) - mean(of(other)))).toBeLessThan(4.5 * error);
      }
    });
  });
});

describe('steps of a sweep', () => {
  const stepsOf = (graph: ModelGraph, rows: ModelData) => {
    const design = buildDesign(graph, rows);
    return toTheEnd(fitWhitenedModel(design, resolvePriors(design))).steps;
  };

  it('are slices where the approximation does not hold: eight rows, and a prior that has the sd of one factor at 70', () => {
    const random = randomModel(fuzzKinds.find(({ name }) => name === 'logit')!, 520);
    expect(stepsOf(formula(random.formula, random.options), { rows: random.rows })).toEqual({ pairs: 4, slices: 3 });
  });

  const allSuccesses = (family: 'binomial' | 'probit', J: number, m: number) => {
    const g = Array.from({ length: J * m }, (_, i) => `g${Math.floor(i / m)}`);
    const graph = formula('y ~ 1 + (1 | g)', { family, priors: { 'beta[Intercept]': normalPrior(0, 100) } });
    return { graph, data: { rows: { y: g.map(() => 1), g } } };
  };

  it('are slices where it is too light in a tail: all responses successes, two groups of four', () => {
    const { graph, data } = allSuccesses('binomial', 2, 4);
    expect(stepsOf(graph, data).slices).toBeGreaterThan(0);
  });

  // A chain that stays in a tail had 6 effective draws of 4000 here.
  it.each([
    ['binomial', 2, 4],
    ['binomial', 5, 5],
    ['probit', 2, 4],
  ] as const)('leave no chain in a tail: %s, all responses successes, %i groups of %i', (family, J, m) => {
    const { graph, data } = allSuccesses(family, J, m);
    const fit = sampleSync(graph, data, { seed: 5, warmup: 200 });
    expect(check(fit).ok).toBe(true);
    for (const { essBulk, essTail } of summarize(fit, { variables: ['beta', 'tau_g'] })) {
      expect(Math.min(essBulk, essTail)).toBeGreaterThan(400);
    }
  });

  // A chain that began at a correlation of -1 crept along it by thousandths, ten thousand evaluations a step, while its
  // sds rose to 1e153: pseudo-observations of 1e30 left no digits of the density.
  it('take a chain from a correlation of 1, and sds under a heavy tail, to where the posterior is', () => {
    const random = randomModel(fuzzKinds.find(({ name }) => name === 'poisson')!, 20_012);
    const graph = formula(random.formula, random.options);
    const fit = sampleSync(graph, { rows: random.rows }, { seed: 3, warmup: 200, iterations: 400 });
    expect(check(fit).ok).toBe(true);
    const of = (name: string) => summarize(fit).find(({ variable }) => variable === name)!;
    expect(of('corr_g[Intercept,x1]').sd).toBeGreaterThan(0.4);
    expect(of('tau_g[Intercept]').q95).toBeLessThan(8);
  });

  it('take an sd over a hundred powers of ten where its prior falls off by a hundredth of a power', () => {
    const random = randomModel(fuzzKinds.find(({ name }) => name === 'probit')!, 20_035);
    const graph = formula(random.formula, random.options);
    const size = { seed: 3, chains: 1, warmup: 40, iterations: 60 };
    const [tau] = summarize(sampleSync(graph, { rows: random.rows }, size), { variables: ['tau_g'] });
    expect(tau!.q95).toBeGreaterThan(1e10);
    expect(tau!.essBulk).toBeGreaterThan(15);
  });

  it('are one to four pairs where it does', () => {
    const { pairs, slices } = stepsOf(formula('y | trials(n) ~ 1 + (1 | g)', { family: 'binomialLogit', priors }), {
      rows,
    });
    expect(pairs).toBeLessThan(5);
    expect(slices).toBe(0);
  });
});
