import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { normal } from '../../../src/graph/priors.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { fuzzKinds } from '../../fuzz/posterior/fuzzKinds.ts';
import { randomModel } from '../../fuzz/posterior/randomModel.ts';
import { posteriorModel } from '../../oracle/posterior/posteriorModel.ts';
import { priorImportance, weightBelow } from '../../oracle/posterior/priorImportance.ts';

/**
 * Posteriors of logit and probit models whose tails are those of wide priors, where the approximation about the mode is
 * too light: most of its proposals are accepted, and a chain that has come to the tail stays there. The truth is
 * importance sampling from the prior.
 */

/** Combined Monte Carlo errors by which a share may differ: one comparison in 15 000 by chance, of about 60. */
const ERRORS = 4;

/** A chain that stays in a tail for hundreds of steps fails in so many too. */
const SHORT = { chains: 2, warmup: 100, iterations: 600 };

/** Every response a success, or those of the first group alone. */
function rowsOf(J: number, m: number, all: boolean) {
  const g = Array.from({ length: J * m }, (_, i) => `g${Math.floor(i / m)}`);
  return { y: g.map((name, i) => (all || name === 'g0' || (i * i) % 5 < 3 ? 1 : 0)), g };
}

const cases = (['binomial', 'probit'] as const).flatMap((family) =>
  [
    [2, 4, true],
    [5, 5, true],
    [2, 4, false],
  ].map(([J, m, all]) => ({ family, J: J as number, m: m as number, all: all as boolean })),
);

function compare(fit: ReturnType<typeof sampleSync>, truth: ReturnType<typeof priorImportance>): void {
  expect(truth.effective).toBeGreaterThan(300);
  for (const row of summarize(fit)) {
    const own = truth.draws.get(row.variable);
    if (!own) continue;
    for (const [p, value] of [
      [0.05, row.q5],
      [0.5, row.q50],
      [0.95, row.q95],
    ] as const) {
      const ess = Math.min(row.essBulk, row.essTail, truth.effective);
      const error = Math.sqrt(2 * p * (1 - p)) / Math.sqrt(ess);
      expect(Math.abs(weightBelow(own, value) - p), `${row.variable} at ${p}`).toBeLessThan(ERRORS * error);
    }
  }
}

describe('the tail of a wide prior', () => {
  it.each(cases)('$family, $J groups of $m, all successes: $all', ({ family, J, m, all }) => {
    const graph = formula('y ~ 1 + (1 | g)', { family, priors: { 'beta[Intercept]': normal(0, 100) } });
    const rows = rowsOf(J, m, all);
    const fit = sampleSync(graph, { rows }, { seed: 1, ...SHORT });
    expect(check(fit).findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
    compare(fit, priorImportance(posteriorModel(plan(graph, { rows })), all ? 20_000 : 200_000, 1));
  });

  it('probit, crossed factors, an inverse Wishart of two degrees of freedom', () => {
    const random = randomModel(fuzzKinds.find(({ name }) => name === 'probit')!, 522);
    const fit = sampleSync(
      formula(random.formula, random.options),
      { rows: random.rows },
      { seed: 1, chains: 1, warmup: 50, iterations: 400 },
    );
    compare(fit, priorImportance(random.oracle(), 80_000, 1));
  });
});
