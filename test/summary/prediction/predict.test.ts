import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { simulate } from '../../../src/summary/prediction/simulate.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

const data = {
  rows: {
    y: [1, 2, 4, 3, 5, 7, 6, 8],
    x: [0, 1, 0, 1, 2, 0, 1, 3],
    wt: [1, 4, 1, 1, 1, 1, 1, 1],
    s: [1, 2, 1, 1, 1, 1, 1, 1],
    g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'],
    h: ['p', 'q', 'p', 'q', 'p', 'q', 'p', 'q'],
  },
  groups: { g: { g: ['a', 'b', 'c', 'd'], w: [0.5, -1, 2, 0] } },
};
const model = formula('y ~ x * w + (1 + x | g) + (1 | h)');
const fit = syntheticFit(model, data);
const many = syntheticFit(model, data, { chains: 4, iterations: 5000 });
const mean = (S: number, value: (s: number) => number) =>
  Array.from({ length: S }, (_, s) => value(s)).reduce((a, b) => a + b) / S;

describe('predict', () => {
  it('gives the linear predictor of observed groups draw by draw, beside the columns of the input', () => {
    const [row] = predict(fit, [{ g: 'c', h: 'q', x: 1.5, note: 'kept' }]).rows;
    const eta = (s: number) =>
      drawOf(fit, 'beta', 0, s) +
      1.5 * drawOf(fit, 'beta', 1, s) +
      2 * drawOf(fit, 'beta', 2, s) +
      3 * drawOf(fit, 'beta', 3, s) +
      drawOf(fit, 'u_g', 4, s) +
      1.5 * drawOf(fit, 'u_g', 5, s) +
      drawOf(fit, 'u_h', 1, s);
    expect(row).toMatchObject({ g: 'c', h: 'q', x: 1.5, note: 'kept' });
    expect(row!['mean']).toBeCloseTo(mean(50, eta), 12);
    expect(Object.keys(row!)).toEqual(['g', 'h', 'x', 'note', 'mean', 'sd', 'q5', 'q50', 'q95']);
  });

  it('predicts the rows of the fit where no others are given, and returns the draws when asked', () => {
    const { rows, draws } = predict(fit, undefined, { draws: true });
    expect(rows).toHaveLength(8);
    expect(draws).toHaveLength(8 * 50);
    const again = predict(fit, { rows: data.rows, groups: data.groups });
    rows.forEach((row, i) => {
      expect(row['mean']).toBeCloseTo(again.rows[i]!['mean'] as number, 12);
      expect(row['mean']).toBeCloseTo(
        mean(50, (s) => draws![i * 50 + s]!),
        12,
      );
    });
  });

  it('leaves deviations out by option: the population line, or some factors only', () => {
    const input = [{ g: 'a', h: 'p', x: 1, w: 0.5 }];
    const line = (s: number) =>
      drawOf(fit, 'beta', 0, s) +
      drawOf(fit, 'beta', 1, s) +
      0.5 * (drawOf(fit, 'beta', 2, s) + drawOf(fit, 'beta', 3, s));
    expect(predict(fit, input, { groups: 'none' }).rows[0]!['mean']).toBeCloseTo(mean(50, line), 12);
    expect(predict(fit, input, { groups: ['h'] }).rows[0]!['mean']).toBeCloseTo(
      mean(50, (s) => line(s) + drawOf(fit, 'u_h', 0, s)),
      12,
    );
    // The population line asks for no group at all.
    expect(predict(fit, [{ x: 1, w: 0.5 }], { groups: 'none' }).rows[0]!['mean']).toBeCloseTo(mean(50, line), 12);
  });

  it('draws the deviations of a new group from N(0, Sigma), the same for all its rows, with level-2 predictors from its table', () => {
    const rows = { g: ['new', 'new'], h: ['p', 'p'], x: [0, 2] };
    const groups = { g: { g: ['new'], w: [3] } };
    const { draws } = predict(many, { rows, groups }, { draws: true });
    const S = 20000;
    // Taken off the known parts, row 0 is u1 and row 1 is u1 + 2 u2.
    const u1 = (s: number) =>
      draws![s]! - drawOf(many, 'beta', 0, s) - 3 * drawOf(many, 'beta', 2, s) - drawOf(many, 'u_h', 0, s);
    const u2 = (s: number) =>
      (draws![S + s]! - draws![s]!) / 2 - drawOf(many, 'beta', 1, s) - 3 * drawOf(many, 'beta', 3, s);
    const tau1 = (s: number) => drawOf(many, 'tau_g', 0, s);
    const tau2 = (s: number) => drawOf(many, 'tau_g', 1, s);
    // Standardised draw by draw they are N(0, 1) with correlation rho_s: 4.5 standard errors of each mean over 20 000
    // draws.
    const z = (f: (s: number) => number, sd: number) => Math.abs(mean(S, f)) / (sd / Math.sqrt(S));
    expect(z((s) => u1(s) / tau1(s), 1)).toBeLessThan(4.5);
    expect(z((s) => (u1(s) / tau1(s)) ** 2 - 1, Math.SQRT2)).toBeLessThan(4.5);
    expect(z((s) => (u2(s) / tau2(s)) ** 2 - 1, Math.SQRT2)).toBeLessThan(4.5);
    // The correlations of the draws average 0, so the product is weighted by them: (z1 z2 - rho) rho, of sd below
    // sqrt(2) 0.8.
    const rho = (s: number) => drawOf(many, 'corr_g', 0, s);
    const product = (s: number) => (u1(s) * u2(s)) / (tau1(s) * tau2(s));
    expect(z((s) => (product(s) - rho(s)) * rho(s), 0.8 * Math.SQRT2)).toBeLessThan(4.5);
  });

  it('puts new groups on the population line, or refuses them, by option', () => {
    const input = { rows: { g: ['new'], h: ['p'], x: [1] }, groups: { g: { g: ['new'], w: [3] } } };
    const line = predict(fit, input, { groups: ['h'] }).rows[0]!['mean'];
    expect(predict(fit, input, { newGroups: 'population' }).rows[0]!['mean']).toBe(line);
    expect(() => predict(fit, input, { newGroups: 'error' })).toThrow(/g "new" in newdata is no group of the fit/);
  });

  it('needs the level-2 predictors of a new group, and the groups of every factor that takes part', () => {
    expect(() => predict(fit, { g: ['new'], h: ['p'], x: [1] })).toThrow(/has no row in groups.g/);
    expect(() => predict(fit, { g: ['a'], x: [1] })).toThrow(/does not say which h a row belongs to/);
    expect(() => predict(fit, { g: ['a'], h: ['p'], x: [1] }, { groups: ['county'] })).toThrow(/the model has g, h/);
  });

  it('adds residual noise to responses, with the weights of the rows', () => {
    const weighted = syntheticFit(formula('y | weights(wt) ~ x + (1 | g)'), data, { iterations: 10000 });
    const options = { kind: 'response', draws: true } as const;
    const responses = predict(weighted, { g: ['a', 'a'], x: [0, 0], wt: [1, 4] }, options).draws!;
    const eta = predict(weighted, { g: ['a', 'a'], x: [0, 0] }, { draws: true }).draws!;
    const S = 20000;
    for (const [i, weight] of [1, 4].entries()) {
      const z = (s: number) =>
        ((responses[i * S + s]! - eta[i * S + s]!) * Math.sqrt(weight)) / drawOf(weighted, 'sigma', 0, s);
      // Standard normal squares: mean 1, sd sqrt(2); 4.5 standard errors.
      expect(Math.abs(mean(S, (s) => z(s) ** 2) - 1)).toBeLessThan((4.5 * Math.SQRT2) / Math.sqrt(S));
    }
    const known = syntheticFit(formula('y | se(s) ~ 1 + (1 | g)'), data);
    expect(() => predict(known, { g: ['a'] }, { kind: 'response' })).toThrow(/no column "s"/);
    expect(predict(known, { g: ['a'], s: [0.1] }, { kind: 'response' }).rows).toHaveLength(1);
  });

  it('gives the same numbers for the same seed, others for another, and names the interval by its level', () => {
    const input = { rows: { g: ['new'], h: ['p'], x: [1], w: [2] } };
    expect(predict(fit, input)).toEqual(predict(fit, input));
    expect(predict(fit, input, { seed: 5 })).not.toEqual(predict(fit, input));
    expect(Object.keys(predict(fit, input, { level: 0.95 }).rows[0]!)).toContain('q97.5');
    expect(() => predict(fit, input, { level: 95 })).toThrow('level: got 95; accepted is a number between 0 and 1');
  });

  it('keeps columns with the names of object properties', () => {
    const rows = [
      JSON.parse('{"__proto__": "x", "constructor": 2, "g": "a", "h": "p", "x": 1}') as Record<string, unknown>,
    ];
    const [row] = predict(fit, rows).rows;
    expect(Object.getOwnPropertyNames(row)).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'mean']));
  });
});

describe('simulate', () => {
  it('replicates responses about the linear predictor of evenly spaced draws', () => {
    const { n, draws, responses } = simulate(many, { draws: 20000 });
    expect([n, draws]).toEqual([8, 20000]);
    const eta = predict(many, undefined, { draws: true }).draws!;
    const z = (s: number) => (responses[3 * draws + s]! - eta[3 * draws + s]!) / drawOf(many, 'sigma', 0, s);
    expect(Math.abs(mean(draws, z))).toBeLessThan(4.5 / Math.sqrt(draws));
    expect(Math.abs(mean(draws, (s) => z(s) ** 2) - 1)).toBeLessThan((4.5 * Math.SQRT2) / Math.sqrt(draws));
  });

  it('replicates new groups from N(0, Sigma) by option', () => {
    const { responses, draws } = simulate(many, { draws: 20000, groups: 'new' });
    // Row 0 has x = 0: y - x'beta is u_g + u_h + noise, of variance tau_g^2 + tau_h^2 + sigma^2.
    const z = (s: number) =>
      (responses[s]! - drawOf(many, 'beta', 0, s) - 0.5 * drawOf(many, 'beta', 2, s)) /
      Math.hypot(drawOf(many, 'tau_g', 0, s), drawOf(many, 'tau_h', 0, s), drawOf(many, 'sigma', 0, s));
    expect(Math.abs(mean(draws, (s) => z(s) ** 2) - 1)).toBeLessThan((4.5 * Math.SQRT2) / Math.sqrt(draws));
  });

  it('refuses more replicates than there are draws', () => {
    expect(() => simulate(fit, { draws: 51 })).toThrow('draws: got 51; accepted is a whole number from 1 to 50');
  });
});
