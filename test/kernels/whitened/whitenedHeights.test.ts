import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { marginalHeight } from '../../../src/kernels/whitened/marginalHeight.ts';
import { thirdOrder } from '../../../src/kernels/whitened/thirdOrder.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import type { Priors } from '../../../src/priors/priors.ts';

// Few trials, all or none of them successes in most groups: far from Gaussian.
const rows = { y: [5, 0, 5, 1, 4], n: [5, 5, 5, 5, 5], g: [...'abcde'] };
const design = buildDesign(formula('y | trials(n) ~ 1 + (1 | g)', { family: 'binomialLogit' }), { rows });
const priors: Priors = {
  beta: { mean: Float64Array.of(0), sd: Float64Array.of(1.5), source: ['beta'] },
  sigma: null,
  groups: [[{ kind: 'separation', tau: [{ distribution: 'halfT', df: 3, scale: 2.5 }], eta: 1 }]],
};
const model = toTheEnd(fitWhitenedModel(design, priors));

/** log p(x, y), x = sqrt(tau), up to a constant, by sums over fine grids of beta and of each u. */
function direct(x: number): number {
  const tau = x * x;
  const step = 0.05;
  let total = 0;
  for (let beta = -7; beta <= 7; beta += step) {
    let product = Math.exp(-0.5 * (beta / 1.5) ** 2);
    rows.y.forEach((y, j) => {
      let sum = 0;
      for (let z = -7; z <= 7; z += step) {
        const eta = beta + tau * z;
        sum += step * Math.exp(y * eta - rows.n[j]! * Math.log1p(Math.exp(eta)) - 0.5 * z * z);
      }
      product *= sum;
    });
    total += step * product;
  }
  return Math.log(total) - 2 * Math.log(1 + (tau / 2.5) ** 2 / 3) + Math.log(x);
}

const points = [0.7, 1, 1.3, 1.7, 2];
const truth = points.map(direct);

describe('the marginal likelihood of the covariances of a whitened model', () => {
  it('is measured to 2% where groups are far from Gaussian, less what is known of it already', () => {
    const { height } = marginalHeight(model.table, model.map);
    const own = points.map((x) => {
      const factor = model.allocateFactor();
      expect(model.map.factorAt(factor, Float64Array.of(x))).toBe(true);
      const whole = height(factor, 0);
      expect(height(factor, 3)).toBeCloseTo(whole - 3, 12);
      return whole;
    });
    points.forEach((_, i) => {
      expect(Math.abs(own[i]! - own[1]! - (truth[i]! - truth[1]!))).toBeLessThan(0.02);
    });
  });

  it('is what the proposal is fitted to', () => {
    const own = points.map((x) => model.proposal.proposal.logDensity(Float64Array.of(x)));
    points.forEach((_, i) => {
      expect(Math.abs(own[i]! - own[1]! - (truth[i]! - truth[1]!))).toBeLessThan(0.02);
    });
  });

  it('has for its third order a twelfth of the squared skewnesses l (Lambda / L)^3 of the blocks', () => {
    const factor = model.allocateFactor();
    expect(model.map.factorAt(factor, Float64Array.of(1.2))).toBe(true);
    const out = new Float64Array(3 * model.table.J);
    const total = thirdOrder(model.table, factor, out);
    const Lambda = factor.likelihood.working[0]![0]!;
    let sum = 0;
    factor.pseudo.third().forEach((third, j) => {
      const skewness = third * (Lambda * factor.inverse[j]!) ** 3;
      expect(Math.abs(skewness)).toBeLessThan(1.25);
      expect(Math.sign(out[3 * j + 1]!)).toBe(Math.sign(skewness));
      sum += skewness * skewness;
    });
    expect(sum).toBeGreaterThan(0.01);
    expect(total).toBeCloseTo(sum / 12, 12);
  });
});
