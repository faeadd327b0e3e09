import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { inverseGamma, normal } from '../../../src/graph/priors.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { influenceText } from '../../../src/report/influenceText.ts';
import { influence } from '../../../src/summary/comparison/influence.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';

describe('influence of an ML fit', () => {
  // R 4.2, lme4 1.1-31, optimizer "bobyqa", rhoend = 1e-10: r <- update(m, data = subset(sleepstudy, Subject != "308"));
  // fixef(r); VarCorr(r); d <- fixef(m) - fixef(r); t(d) %*% solve(vcov(m)) %*% d / 2
  it.each([
    ['308', [251.829365775, 9.80273204991, 26.34625814, 5.52035759986, 23.6469624431], 0.0924170397543],
    ['335', [250.721011444, 11.2524812478, 25.3941490669, 5.05906437559, 26.1885006335], 0.129480500109],
  ] as const)('is that of lme4 refitted without Subject %s', (subject, without, distance) => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
    const { by, groups, rows } = influence(fit, 'Subject');
    expect([by, groups.length, rows.length]).toEqual(['refit', 18, 90]);
    const own = rows.filter(({ level }) => level === subject);
    expect(own.map(({ parameter }) => parameter)).toEqual([
      'beta[Intercept]',
      'beta[Days]',
      'tau_Subject[Intercept]',
      'tau_Subject[Days]',
      'sigma',
    ]);
    own.forEach((row, k) => {
      // lme4's sds are its optimiser's, to 1e-6 or so of themselves.
      expect(row.without! / without[k]! - 1).toBeCloseTo(0, k < 2 ? 8 : 5);
    });
    expect(groups.find(({ level }) => level === subject)!.cooksDistance).toBeCloseTo(distance, 6);
    expect(influenceText(influence(fit, 'Subject'), { rows: 2 })).toContain('by a fit without it; to: with all 18');
  });

  it('is a fit to the other rows, of counts too, and says where they do not determine a coefficient', () => {
    const rows = {
      y: [1, 0, 3, 2, 5, 1, 0, 2, 4, 7, 3, 2],
      x: [0, 1, 2, 1, 2, 3, 0, 1, 3, 2, 1, 0],
      d: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1],
      g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd'],
    };
    const counted = (text: string, keep: (g: string) => boolean) => {
      const at = rows.g.flatMap((g, i) => (keep(g) ? [i] : []));
      const chosen = {
        y: at.map((i) => rows.y[i]!),
        x: at.map((i) => rows.x[i]!),
        d: at.map((i) => rows.d[i]!),
        g: at.map((i) => rows.g[i]!),
      };
      return maximumLikelihood(formula(text, { family: 'poisson' }), { rows: chosen });
    };
    const text = 'y ~ x + (1 | g)';
    const { rows: out } = influence(
      counted(text, () => true),
      'g',
    );
    for (const level of ['a', 'd']) {
      const without = counted(text, (g) => g !== level);
      const [intercept, slope, tau] = out.filter((row) => row.level === level);
      expect(intercept!.without).toBeCloseTo(without.fixef.estimates[0]!, 5);
      expect(slope!.without).toBeCloseTo(without.fixef.estimates[1]!, 5);
      expect(tau!.without).toBeCloseTo(without.groups[0]!.tau[0]!, 4);
    }
    const { groups } = influence(
      counted('y ~ x + d + (1 | g)', () => true),
      'g',
    );
    expect(groups[3]).toMatchObject({ level: 'd', cooksDistance: null });
    expect(groups[3]!.reason).toMatch(/determine|dependent/);
  });

  it('is of thresholds too, and the shape of counts', () => {
    const g = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'c', 'c', 'c', 'c', 'd', 'd', 'd', 'd'];
    const x = [0, 1, 2, 1, 2, 3, 0, 1, 3, 2, 1, 0, 0, 1, 2, 3];
    const o = [2, 1, 2, 3, 3, 2, 1, 2, 1, 3, 3, 2, 1, 3, 2, 3];
    const c = [3, 0, 9, 1, 14, 2, 0, 6, 0, 4, 3, 9, 0, 11, 1, 30];
    for (const [text, family] of [
      ['o ~ x + (1 | g)', 'ordinal'],
      ['c ~ x + (1 | g)', 'negbinomial'],
    ] as const) {
      const fitted = (keep: (g: string) => boolean) => {
        const at = g.flatMap((level, i) => (keep(level) ? [i] : []));
        const [own, xs, os, cs] = [g, x, o, c].map((values) => at.map((i) => values[i]!)) as [
          string[],
          number[],
          number[],
          number[],
        ];
        return maximumLikelihood(formula(text, { family }), { rows: { g: own, x: xs, o: os, c: cs } });
      };
      const whole = fitted(() => true);
      const rows = influence(whole, 'g').rows.filter(({ level }) => level === 'b');
      const without = fitted((level) => level !== 'b');
      const row = (name: string) => rows.find(({ parameter }) => parameter === name)!;
      if (family === 'ordinal') {
        expect(rows.map(({ parameter }) => parameter)).toEqual([
          'beta[x]',
          'threshold[1|2]',
          'threshold[2|3]',
          'tau_g[Intercept]',
        ]);
        const [estimates, gone] = [whole.thresholds!, without.thresholds!];
        expect(row('threshold[1|2]').without).toBeCloseTo(gone.estimates[0]!, 4);
        const change = (estimates.estimates[0]! - gone.estimates[0]!) / estimates.standardErrors[0]!;
        expect(row('threshold[1|2]').change).toBeCloseTo(change, 4);
      } else {
        expect(row('shape').estimate).toBe(whole.own);
        expect(row('shape').without! / without.own!).toBeCloseTo(1, 3);
        expect(row('shape').change).toBeNull();
      }
    }
  });

  it('refuses a factor that the model has not', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 | Subject)'), data('sleepstudy'));
    expect(faultOf(() => influence(fit, 'subject')).code).toBe('unknown-factor');
  });
});

describe('influence of draws', () => {
  it('is the posterior without the group, as a fit without it has it', () => {
    const rows = {
      y: [2.1, -0.3, 0.8, 1.9, 2.4, 2.7, -0.2, 0.9, 0.4, 1.1, 3, 0.2],
      x: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2],
      g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'e', 'e'],
    };
    const graph = formula('y ~ x + (1 | g)', { priors: { beta: normal(0, 3), tau_g: inverseGamma(3, 2) } });
    const size = { chains: 2, warmup: 200, iterations: 1500, seed: 2 };
    const { by, groups, rows: out } = influence(sampleSync(graph, { rows }, size), 'g');
    expect(by).toBe('weights');
    for (const level of ['b', 'd']) {
      const group = groups.find((each) => each.level === level)!;
      expect(group.paretoK).toBeLessThan(0.7);
      const at = rows.g.flatMap((g, i) => (g === level ? [] : [i]));
      const of = <T>(values: readonly T[]) => at.map((i) => values[i]!);
      const refit = sampleSync(graph, { rows: { y: of(rows.y), x: of(rows.x), g: of(rows.g) } }, size);
      for (const row of out.filter((each) => each.level === level)) {
        const { draws } = refit;
        const variable = draws.variables.find(({ name }) => row.parameter.startsWith(name))!;
        const at = variable.offset + (row.parameter === 'beta[x]' ? 1 : 0);
        const values = draws.values.subarray(at * 3000, (at + 1) * 3000);
        const mean = values.reduce((sum, value) => sum + value, 0) / 3000;
        const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3000);
        // Weights and draws are worth 400 independent draws at least: four standard errors of both means.
        expect(Math.abs(row.without! - mean)).toBeLessThan(4 * sd * Math.sqrt(2 / 400));
        // And it is the change that is seen, not its absence.
        if (row.parameter === 'beta[Intercept]' && level === 'b') expect(Math.abs(row.change!)).toBeGreaterThan(0.1);
      }
    }
  });
});
