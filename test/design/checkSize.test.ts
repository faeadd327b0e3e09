import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';

const n = 40;
const g = Array.from({ length: n }, (_, i) => `g${i % 8}`);
const x = Array.from({ length: n }, (_, i) => Math.sin(3 * i));
const y = Array.from({ length: n }, (_, i) => 4 + ((i * 5) % 7) + (i % 8) / 2 + Math.cos(i * i));
const rows = (unitY: number, unitX: number) => ({
  rows: { g, x: x.map((v) => v * unitX), y: y.map((v) => v * unitY) },
});

describe('numbers whose squares leave the range of doubles', () => {
  it.each([1e300, 1e160, 1e110, 1e-110, 1e-160, 1e-300])('are refused as such in a response: y times %d', (unit) => {
    const graph = formula('y ~ x + (1 | g)');
    const size = unit > 1 ? 'large' : 'small';
    expect(() => maximumLikelihood(graph, rows(unit, 1))).toThrow(
      new RegExp(`response "y" is too ${size}: its largest number is .*accepted are sizes from 1e-102 to 1e\\+102`),
    );
  });

  it.each([1e300, 1e60, 1e-60, 1e-300])('are refused in a column, of the population or varying: x times %d', (unit) => {
    expect(() => buildDesign(formula('y ~ x + (1 | g)'), rows(1, unit))).toThrow(/column "x" is too/);
    expect(() => buildDesign(formula('y ~ 1 + (0 + x | g)'), rows(1, unit))).toThrow(/varying column "x" is too/);
  });

  it.each([
    [1e100, 1e-49],
    [1e-100, 1e49],
    [1e100, 1e49],
    [1e-100, 1e-49],
  ])('leave nothing infinite or lost in what is accepted: y times %d, x times %d', (unitY, unitX) => {
    const plain = maximumLikelihood(formula('y ~ x + (1 + x | g)'), rows(1, 1));
    const fit = maximumLikelihood(formula('y ~ x + (1 + x | g)'), rows(unitY, unitX));
    const slope = unitY / unitX;
    expect(fit.fixef.standardErrors[1]! / slope / plain.fixef.standardErrors[1]!).toBeCloseTo(1, 6);
    expect(fit.groups[0]!.tau[1]! / slope / plain.groups[0]!.tau[1]!).toBeCloseTo(1, 4);
    expect(fit.sigma! / unitY / plain.sigma!).toBeCloseTo(1, 6);
  });

  it('are no matter where a column is 0, or a response one number', () => {
    expect(() => buildDesign(formula('y ~ 1 + (1 | g)'), { rows: { g, y: y.map(() => 0) } })).not.toThrow();
  });
});

describe('numbers of trials beyond the digits of the likelihood', () => {
  const counts = (power: number) => {
    const m = y.map(() => 2 ** power);
    const s = m.map((total, i) => Math.round(total / (1 + Math.exp(-(0.3 + 0.5 * x[i]! + 0.4 * Math.cos(i % 8))))));
    return { rows: { g, x, s, m } };
  };
  const graph = formula('s | trials(m) ~ x + (1 | g)', { family: 'binomial' });

  it.each([40, 48, 53])('are refused: 2^%d each', (power) => {
    expect(() => maximumLikelihood(graph, counts(power))).toThrow(
      expect.objectContaining({
        code: 'too-many-trials',
        message: expect.stringMatching(/^s has .* trials in all, and beyond 1e\+12/),
      }),
    );
  });

  it('have estimates and standard errors up to there, and without groups beyond', () => {
    // The between-group sd hardly moves with the number of trials, so that 2^20 each says what 2^34 each must.
    const [few, many] = [20, 34].map((power) => maximumLikelihood(graph, counts(power)));
    expect(Math.abs(many!.groups[0]!.tau[0]! / few!.groups[0]!.tau[0]! - 1)).toBeLessThan(1e-3);
    expect(many!.fixef.standardErrors[0]! / few!.fixef.standardErrors[0]!).toBeCloseTo(1, 2);
    const alone = maximumLikelihood(formula('s | trials(m) ~ x', { family: 'binomial' }), counts(53));
    expect(alone.fixef.standardErrors.every((se) => se > 0 && se < 1e-6)).toBe(true);
  });
});
