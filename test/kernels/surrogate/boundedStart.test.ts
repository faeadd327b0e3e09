import { expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { uniform } from '../../../src/graph/priors.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { summarize } from '../../../src/summary/summarize.ts';

it('chains start where bounds are, on the columns as written too, and agree with the whitened sampler', () => {
  const rng = createRng([5]);
  const rows = Array.from({ length: 60 }, (_, i) => {
    const x = 50 + rng.normal();
    const y = 0.5 * (x - 50) + 0.3 * (i % 6) + rng.normal() > 0.7 ? 1 : 0;
    return { y, x, g: `g${i % 6}`, h: `h${(i * 7) % 5}` };
  });
  const priors = {
    'tau_g[Intercept]': uniform(0.01, 0.02),
    'tau_g[x]': uniform(0.001, 0.002),
    tau_h: uniform(0, 0.03),
  };
  const graph = formula('y ~ x + (x | g) + (1 | h)', { family: 'binomial', priors });
  const [crossed, whitened] = ['crossed', 'whitened'].map((kernels) =>
    sampleSync(graph, { rows }, { kernels, seed: 2, chains: 2, warmup: 200, iterations: 300 }),
  );
  const codes = check(crossed!).findings.map(({ code }) => code);
  expect(codes).not.toContain('constant');
  expect(codes).not.toContain('stuckChain');
  const others = new Map(summarize(whitened!).map((row) => [row.variable, row]));
  const compared = summarize(crossed!).filter(({ variable }) => /^(?:beta|tau)/.test(variable));
  expect(compared).toHaveLength(5);
  for (const row of compared) {
    const other = others.get(row.variable)!;
    // Five means, four combined Monte Carlo standard errors.
    expect(Math.abs(row.mean - other.mean), row.variable).toBeLessThan(4 * Math.hypot(row.mcseMean, other.mcseMean));
  }
});
