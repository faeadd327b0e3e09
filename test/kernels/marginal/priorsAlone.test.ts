import { describe, expect, it } from 'vitest';
import { type SummaryRow, summarizeDraws } from '../../../diagnostics/summarizeDraws.ts';
import { drawVariables, exponential, formula, halfT, inverseWishart, sampleSync } from '../../../src/index.ts';
import { createRng } from '../../../src/random/rng.ts';
import { pooledDraws } from '../../../src/summary/pooledDraws.ts';

/**
 * A row a level of g and x near 1e7: z' Sigma_g z >= x^2 Sigma_g,xx (1 - rho^2) whatever the intercept's sd, and the
 * inverse Wishart keeps the slope's variance given the intercept in the hundreds, so that each row has a variance of
 * 1e16 from g beside which sigma^2 and tau_h^2 are 1e-12 of it: their posterior is their prior. The same in double
 * precision with cross-products as they are has entries of (x tau / sigma)^2, beside which 1 is lost.
 */
describe('sds that rows cannot tell beside slopes of a column far from 0', () => {
  it('have their priors as posterior', () => {
    const rng = createRng([522, 1]);
    const rows = Array.from({ length: 9 }, (_, i) => ({
      y: 30 * rng.normal(),
      x: 1e7 + 1e4 * rng.normal(),
      g: `g${i}`,
      h: `h${i % 3}`,
    }));
    const model = formula('y ~ 1 + x + (1 + x | g) + (1 | h)', {
      priors: {
        Sigma_g: inverseWishart(2, [
          [147.68, 0],
          [0, 4100.2],
        ]),
        'tau_h[Intercept]': exponential(0.012),
        sigma: halfT(3, 84),
      },
    });
    const fit = sampleSync(model, { rows }, { seed: 1, warmup: 200, iterations: 1000 });
    // Quantiles of |t| with 3 degrees of freedom and of an exponential at .05, .5 and .95.
    const cuts = {
      sigma: [0.0681, 0.7649, 3.1824].map((q) => 84 * q),
      'tau_h[Intercept]': [0.05, 0.5, 0.95].map((p) => -Math.log1p(-p) / 0.012),
    };
    for (const [name, quantiles] of Object.entries(cuts)) {
      const [variable] = drawVariables(fit, name);
      const values = pooledDraws(variable!);
      const [{ essBulk, essTail }] = summarizeDraws([variable!]) as [SummaryRow];
      expect(Math.min(essBulk, essTail)).toBeGreaterThan(300);
      quantiles.forEach((cut, k) => {
        const p = [0.05, 0.5, 0.95][k]!;
        const share = values.filter((value) => value < cut).length / values.length;
        expect(Math.abs(share - p), `${name} below ${cut}`).toBeLessThan(
          4.5 * Math.sqrt((p * (1 - p)) / Math.min(essBulk, essTail)),
        );
      });
    }
  });
});
