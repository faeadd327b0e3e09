import { describe, expect, it } from 'vitest';
import { quantile } from '../../diagnostics/quantile.ts';
import type { ModelData } from '../../src/data/frame.ts';
import { halfT, lkj, normal } from '../../src/graph/priors.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { asReference, compareWith, disagreements, namedChains } from './agreement.ts';
import { drawsOf, exact, logitFit, summaryOf } from './logitFit.ts';

/** Agreement is within this many combined Monte Carlo standard errors, of means and of sds. */
const LIMIT = 4;

describe('voters_sim, 50 states, against the truth it was drawn from', () => {
  const truth = fixtureFrame('voters_sim_truth').columns;
  const model = 'y ~ income * avgincome + (1 + income | state)';
  const data = { rows: fixtureFrame('voters_sim') };
  const fit = logitFit(model, data, { iterations: 1000 });
  const chains = namedChains(fit);
  const states = Array.from<unknown>(truth.get('state')!.values).map(String);

  it('has coefficients, sds and correlation within 3 posterior sds', () => {
    const known: Readonly<Record<string, number>> = {
      'beta[Intercept]': 0.3,
      'beta[income]': 0.25,
      'beta[avgincome]': -0.45,
      'beta[income:avgincome]': -0.2,
      'tau_state[Intercept]': 0.6,
      'tau_state[income]': 0.25,
      'corr_state[Intercept,income]': -0.3,
    };
    const far = Object.entries(known).filter(([name, value]) => {
      const { mean, sd } = summaryOf(drawsOf(chains, name));
      return !(Math.abs(mean - value) < 3 * sd);
    });
    expect(far).toEqual([]);
  });

  it.each([
    ['Intercept', 'b0'],
    ['income', 'b1'],
  ])(
    'has the true %s (%s) in the central interval of probability 0.9 of as many of the 50 states as chance allows',
    (term, column) => {
      const values = Array.from<unknown>(truth.get(column)!.values).map(Number);
      const covered = states.filter((state, j) => {
        const draws = drawsOf(chains, `b_state[${state},${term}]`);
        return quantile([draws], 0.05) < values[j]! && values[j]! < quantile([draws], 0.95);
      }).length;
      // Binomial(50, 0.9): 38 or fewer has probability 0.3%, all 50 has 0.5%; that intervals are not too wide is judged
      // below.
      expect(covered).toBeGreaterThan(38);
      // Errors in posterior sds: their mean square is near 1 when widths are honest. 99% of chi-square(50) / 50 is
      // between 0.56 and 1.59.
      const square = states.reduce((sum, state, j) => {
        const { mean, sd } = summaryOf(drawsOf(chains, `b_state[${state},${term}]`));
        return sum + ((mean - values[j]!) / sd) ** 2 / states.length;
      }, 0);
      expect(square).toBeGreaterThan(0.56);
      expect(square).toBeLessThan(1.59);
    },
  );

  it('has the same posterior by Pólya-Gamma', () => {
    const other = logitFit(model, data, { kernels: 'polyaGamma', iterations: 1200 });
    expect(disagreements(compareWith(fit, asReference(other, namedChains(other).keys())), LIMIT)).toEqual([]);
  });
});

describe('small states', () => {
  // Income 0 of all voters in a, 2 in b; c to f are ordinary; z stands in the table alone, with an average income.
  const income: Readonly<Record<string, readonly number[]>> = {
    a: [0],
    b: [2],
    c: [-1, 0, 1],
    d: [-2, 1],
    e: [-1, 1, 2],
    f: [0, 1],
  };
  const cells = Object.entries(income).flatMap(([state, values], j) =>
    values.map((x, i) => ({ state, income: x, n: 9 + 2 * i + j, yes: 2 + ((3 * i + 2 * j) % 7) })),
  );
  const states = { state: [...'abcdefz'], avgincome: [0.5, -1, 0.2, 1.1, -0.6, -0.2, 1.8] };
  const data: ModelData = { rows: cells, groups: { state: states } };
  const text = 'yes | trials(n) ~ income + avgincome + (1 + income || state)';
  const priors = { beta: normal(0, 2), tau_state: halfT(3, 1) };

  /** The fit by each engine, made once. */
  const fits = new Map<string, ReturnType<typeof logitFit>>();
  const fitBy = (kernels: 'whitened' | 'polyaGamma') => {
    const iterations = { whitened: 5000, polyaGamma: 10000 }[kernels];
    const fit = fits.get(kernels) ?? logitFit(text, data, { kernels, iterations, priors });
    fits.set(kernels, fit);
    return fit;
  };
  const engines = ['whitened', 'polyaGamma'] as const;

  it.each(engines)(
    'a state without voters has the level-2 line, its width that of the line and of tau: %s',
    (kernels) => {
      const fit = fitBy(kernels);
      const chains = namedChains(fit);
      const [beta, gamma] = ['beta[Intercept]', 'beta[avgincome]'].map((name) => drawsOf(chains, name));
      const line = summaryOf(beta!.map((value, s) => value + 1.8 * gamma![s]!));
      const tau2 = summaryOf(drawsOf(chains, 'tau_state[Intercept]').map((value) => value * value)).mean;
      // b_z = line + u_z with u_z of mean 0 and variance tau^2 whatever the data: both moments are known from the other
      // draws.
      const known = exact('b_state[z,Intercept]', { mean: line.mean, sd: Math.sqrt(line.sd ** 2 + tau2) });
      const zero = exact('u_state[z,Intercept]', { mean: 0, sd: Math.sqrt(tau2) });
      expect(disagreements(compareWith(fit, [known, zero]), LIMIT)).toEqual([]);
    },
  );

  it.each(engines)('a state whose voters all have income 0 has a slope from the other states alone: %s', (kernels) => {
    const fit = fitBy(kernels);
    const chains = namedChains(fit);
    const tau2 = summaryOf(drawsOf(chains, 'tau_state[income]').map((value) => value * value)).mean;
    const moments = { mean: 0, sd: Math.sqrt(tau2) };
    const references = [exact('u_state[a,income]', moments), exact('u_state[z,income]', moments)];
    expect(disagreements(compareWith(fit, references), LIMIT)).toEqual([]);
    const own = shrinkage(fit, 'state').rows.filter(({ term, noPooling }) => term === 'income' && noPooling === null);
    expect(own.map(({ level, reason }) => [level, reason])).toEqual([
      ['a', 'income is 0 in all rows of a'],
      ['b', 'the rows of b cannot tell income from Intercept'],
      ['z', 'z has no rows'],
    ]);
  });

  it('has one posterior by both engines, correlated intercepts and slopes, three states in all', () => {
    const three = { rows: cells.filter(({ state }) => 'abc'.includes(state)) };
    const correlated = 'yes | trials(n) ~ income + (1 + income | state)';
    const tight = { ...priors, corr_state: lkj(2) };
    // Sds of three states have tails as heavy as their priors': by 640 000 draws of each engine the means are .6639 and
    // .6637, with errors of .0009.
    const first = logitFit(correlated, three, { kernels: 'whitened', iterations: 6000, priors: tight });
    const second = logitFit(correlated, three, { kernels: 'polyaGamma', iterations: 8000, priors: tight });
    expect(disagreements(compareWith(first, asReference(second, namedChains(second).keys())), LIMIT)).toEqual([]);
  });
});
