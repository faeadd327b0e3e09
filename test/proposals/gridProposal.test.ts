import { describe, expect, it } from 'vitest';
import { toTheEnd } from '../../src/pausing.ts';
import { gridProposal } from '../../src/proposals/gridProposal.ts';
import { createRng } from '../../src/random/rng.ts';

describe('the table of a density on the positive line', () => {
  it.each([
    [0, 0.5],
    [30, 0.5],
    [-40, 1],
    [3, 0.001],
    [11.9, 0.02],
  ])(
    'is that of a log-normal wherever it lies and however narrow it is: mean %d, sd %d of the logarithm',
    (mean, sd) => {
      const proposal = toTheEnd(gridProposal((x) => -0.5 * ((Math.log(x) - mean) / sd) ** 2 - Math.log(x), 1));
      const z = Array.from({ length: 61 }, (_, i) => (i - 30) / 10);
      for (const value of z) {
        const t = mean + sd * value;
        const exact = -0.5 * value * value - Math.log(sd * Math.sqrt(2 * Math.PI)) - t;
        // Piecewise linear between 384 knots: better than 2% within three sds.
        expect(Math.abs(proposal.logDensity(Float64Array.of(Math.exp(t))) - exact)).toBeLessThan(0.02);
      }
      const rng = createRng([81]);
      const out = new Float64Array(1);
      const count = 20_000;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < count; i += 1) {
        proposal.draw(rng, out);
        const value = (Math.log(out[0]!) - mean) / sd;
        sum += value;
        squares += value * value;
      }
      // Four standard errors, and 1% for the table.
      expect(Math.abs(sum / count)).toBeLessThan(4 / Math.sqrt(count) + 0.01);
      expect(Math.abs(squares / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count) + 0.01);
    },
  );
});
