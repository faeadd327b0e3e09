import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { combineImputations } from '../../../src/summary/comparison/combineImputations.ts';
import { faultOf } from '../../faultOf.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

const y = [2.1, 0.3, 1.8, 3.9, 4.4, 2.7, 1.2, 2.9, 0.4, 1.1];
const g = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'c'];
const x = [1, 2, 3, 2, 4, 1, 0, 3, 1, 0];
/** The third and the eighth x, thrice imputed. */
const completed = [
  [3, 3],
  [2, 4],
  [4, 2.5],
].map(([a, b]) => ({ rows: { y, g, x: x.map((value, i) => (i === 2 ? a! : i === 7 ? b! : value)) } }));
const graph = formula('y ~ x');

describe('combineImputations', () => {
  it('has Rubin’s rules of maximum likelihood fits', () => {
    const fits = completed.map((data) => maximumLikelihood(graph, data));
    const { rows, kind, imputations } = combineImputations(fits, { level: 0.95 });
    expect([kind, imputations, rows.map(({ parameter }) => parameter)]).toEqual([
      'estimates',
      3,
      ['beta[Intercept]', 'beta[x]', 'sigma'],
    ]);
    const q = fits.map(({ fixef }) => fixef.estimates[1]!);
    const u = fits.map(({ fixef }) => fixef.vcov[3]!);
    const mean = (q[0]! + q[1]! + q[2]!) / 3;
    const within = (u[0]! + u[1]! + u[2]!) / 3;
    const between = ((q[0]! - mean) ** 2 + (q[1]! - mean) ** 2 + (q[2]! - mean) ** 2) / 2;
    const total = within + (4 / 3) * between;
    const r = ((4 / 3) * between) / within;
    const [, slope] = rows;
    expect(slope!.estimate).toBeCloseTo(mean, 12);
    expect(slope!.se).toBeCloseTo(Math.sqrt(total), 12);
    expect(slope!.df! / (2 * (1 + 1 / r) ** 2)).toBeCloseTo(1, 10);
    expect(slope!.missingInformation).toBeCloseTo(((4 / 3) * between) / total, 12);
    expect(slope!.upper! - slope!.estimate!).toBeGreaterThan(1.96 * slope!.se!);
    expect(rows[2]).toMatchObject({ se: null, lower: null });
    expect(rows[2]!.estimate).toBeCloseTo(
      fits.reduce((sum, { sigma }) => sum + sigma! / 3, 0),
      12,
    );
    const same = combineImputations([fits[0]!, fits[0]!]);
    expect(same.rows[1]).toMatchObject({ df: Number.POSITIVE_INFINITY, missingInformation: 0 });
  });

  it.each([
    [
      'o ~ x + (1 + x | g)',
      'ordinal',
      ['beta[x]', 'threshold[1|2]', 'threshold[2|3]'],
      ['tau_g[Intercept]', 'tau_g[x]', 'corr_g[Intercept,x]'],
    ],
    ['c ~ x + (1 | g)', 'negbinomial', ['beta[Intercept]', 'beta[x]'], ['tau_g[Intercept]', 'shape']],
  ] as const)('has every parameter of %s, family %s, as the draws do', (text, family, withErrors, without) => {
    const graph = formula(text, { family });
    const o = [2, 1, 2, 3, 3, 2, 1, 2, 1, 3];
    const c = [3, 0, 9, 1, 14, 2, 0, 6, 0, 4];
    const data = completed.map(({ rows }) => ({ rows: { ...rows, o, c } }));
    const fits = data.map((each) => maximumLikelihood(graph, each));
    const { rows } = combineImputations(fits);
    const names = [...withErrors, ...without];
    expect(rows.map(({ parameter }) => parameter).sort()).toEqual(names.sort());
    const draws = combineImputations(data.map((each, m) => syntheticFit(graph, each, { seed: m + 1 })));
    expect(draws.rows.map(({ parameter }) => parameter).sort()).toEqual(names);
    for (const { parameter, se, estimate } of rows) {
      expect(se === null).toBe((without as readonly string[]).includes(parameter));
      expect(estimate === null || Number.isFinite(estimate)).toBe(true);
    }
    const row = (name: string) => rows.find(({ parameter }) => parameter === name)!;
    if (family === 'ordinal') {
      const all = fits.map(({ thresholds }) => thresholds!.estimates[1]!);
      expect(row('threshold[2|3]').estimate).toBeCloseTo((all[0]! + all[1]! + all[2]!) / 3, 12);
      expect(row('threshold[2|3]').se!).toBeGreaterThan(fits[0]!.thresholds!.standardErrors[1]! / 2);
    } else {
      const all = fits.map(({ own }) => own!);
      const mean = (all[0]! + all[1]! + all[2]!) / 3;
      expect(row('shape').estimate).toBe(Number.isFinite(mean) ? mean : null);
    }
  });

  it('pools draws', () => {
    const fits = completed.map((data, m) => syntheticFit(formula('y ~ x + (1 | g)'), data, { seed: m + 1 }));
    const { rows, kind } = combineImputations(fits);
    expect(kind).toBe('draws');
    expect(rows.map(({ parameter }) => parameter)).toEqual(['beta[Intercept]', 'beta[x]', 'tau_g[Intercept]', 'sigma']);
    const all = fits.flatMap((fit) => Array.from({ length: 50 }, (_, s) => drawOf(fit, 'beta', 1, s)));
    const mean = all.reduce((sum, value) => sum + value, 0) / 150;
    expect(rows[1]!.estimate).toBeCloseTo(mean, 12);
    expect(rows[1]!.se).toBeCloseTo(Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 149), 12);
    expect(rows[1]!.lower!).toBeLessThan(rows[1]!.upper!);
    expect(all.filter((value) => value < rows[1]!.lower!).length).toBe(8);
  });

  it('refuses what is no set of imputations', () => {
    const [one, two] = completed.map((data) => maximumLikelihood(graph, data));
    const other = maximumLikelihood(formula('y ~ 1'), completed[0]!);
    expect(faultOf(() => combineImputations([one!])).message).toContain('give two or more');
    expect(faultOf(() => combineImputations([one!, other])).message).toBe(
      'combineImputations: fit 2 is of another model than the first',
    );
    const draws = syntheticFit(graph, completed[0]!);
    expect(faultOf(() => combineImputations([one!, draws])).message).toContain('the other kind');
    expect(
      faultOf(() => combineImputations([draws, syntheticFit(graph, completed[1]!, { iterations: 30 })])).message,
    ).toContain('another number of draws');
    expect(faultOf(() => combineImputations(two as never)).code).toBe('combine');
    expect(faultOf(() => combineImputations([one!, two!], { level: 2 })).code).toBe('option');
  });
});
