import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { icc } from '../../src/summary/icc.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { data } from '../likelihood/goldenData.ts';
import { drawOf, syntheticFit } from './syntheticFit.ts';

const reml = (text: string, from: ModelData) => maximumLikelihood(formula(text), from);

describe('the intraclass correlation of nested factors', () => {
  // lme4 1.1-31, REML: sds 2.9041 (cask in batch), 1.2874 (batch), 0.8234.
  const [cask, batch, residual] = [2.9041 ** 2, 1.2874 ** 2, 0.8234 ** 2];
  const total = cask + batch + residual;

  it('counts what the outer factor shares; the share is of the factor alone', () => {
    const rows = icc(reml('strength ~ 1 + (1 | batch/cask)', data('pastes')));
    const byFactor = Object.fromEntries(rows.map((row) => [row.factor, row]));
    const inner = byFactor['batch:cask']!;
    expect(inner.estimate).toBeCloseTo((cask + batch) / total, 3);
    expect(inner.share!.estimate).toBeCloseTo(cask / total, 3);
    expect(inner.nestedIn).toEqual(['batch']);
    expect([inner.estimate!.toFixed(3), inner.share!.estimate.toFixed(3)]).toEqual(['0.937', '0.783']);
    const outer = byFactor['batch']!;
    expect(outer.estimate).toBeCloseTo(batch / total, 3);
    expect(outer.share!.estimate).toBe(outer.estimate);
    expect(outer.nestedIn).toEqual([]);
  });

  it('finds the nesting in the data, however it is written, and none in crossed factors', () => {
    const written = icc(reml('strength ~ 1 + (1 | sample) + (1 | batch)', data('pastes')));
    expect(written.map((row) => row.nestedIn)).toEqual([['batch'], []]);
    expect(written[0]!.estimate).toBeCloseTo((cask + batch) / total, 3);
    const crossed = icc(reml('diameter ~ 1 + (1 | plate) + (1 | sample)', data('penicillin')));
    expect(crossed.map((row) => row.nestedIn)).toEqual([[], []]);
    expect(crossed.map((row) => row.estimate)).toEqual(crossed.map((row) => row.share!.estimate));
  });

  it('shrinkage has both', () => {
    const fit = reml('strength ~ 1 + (1 | batch/cask)', data('pastes'));
    const { icc: correlation, varianceShare, nestedIn, iccAt } = shrinkage(fit, 'batch:cask');
    expect(correlation!.toFixed(3)).toBe('0.937');
    expect(varianceShare!.toFixed(3)).toBe('0.783');
    expect([nestedIn, iccAt]).toEqual([['batch'], null]);
  });
});

describe('with varying slopes', () => {
  const sleep = reml('Reaction ~ Days + (1 + Days | Subject)', data('sleepstudy'));

  it('the correlation is at some x, which is said', () => {
    // lme4 1.1-31, REML: sds 24.7407, 5.9221, correlation 0.0656, sigma 25.5918.
    const at = (x: number) => {
      const v = 24.7407 ** 2 + 2 * x * 0.0656 * 24.7407 * 5.9221 + (x * 5.9221) ** 2;
      return v / (v + 25.5918 ** 2);
    };
    const [zero] = icc(sleep);
    expect(zero!.at).toBe('Days = 0');
    expect(zero!.estimate).toBeCloseTo(at(0), 4);
    const [nine] = icc(sleep, { at: { Days: 9 } });
    expect(nine!.at).toBe('Days = 9');
    expect(nine!.estimate).toBeCloseTo(at(9), 4);
    expect([zero!, nine!].map((row) => row.estimate!.toFixed(3))).toEqual(['0.483', '0.847']);
    expect(shrinkage(sleep, 'Subject', { at: { Days: 9 } })).toMatchObject({ iccAt: 'Days = 9', icc: nine!.estimate });
  });

  it('moves with the origin of x as the rows do', () => {
    const { rows } = data('sleepstudy') as {
      rows: { n: number; columns: ReadonlyMap<string, { values: ArrayLike<number | string> }> };
    };
    const column = (name: string) => Array.from(rows.columns.get(name)!.values) as number[];
    const year = column('Days').map((day) => day + 2000);
    const shifted = reml('Reaction ~ year + (1 + year | Subject)', {
      rows: { Reaction: column('Reaction'), Subject: column('Subject'), year },
    });
    for (const day of [0, 4.5, 9]) {
      const [here] = icc(sleep, { at: { Days: day } });
      const [there] = icc(shifted, { at: { year: day + 2000 } });
      expect(there!.estimate).toBeCloseTo(here!.estimate!, 5);
    }
  });

  it('refuses what no varying column reads, and what is no value', () => {
    expect(() => icc(sleep, { at: { days: 9 } })).toThrow(
      /no varying column of the model reads "days"; they read Days/,
    );
    expect(() => icc(sleep, { at: { Days: Number.NaN } })).toThrow(/at: Days is NaN; accepted is a finite number/);
    expect(() => icc(reml('Reaction ~ Days + (1 | Subject)', data('sleepstudy')), { at: { Days: 1 } })).toThrow(
      /none varies but intercepts/,
    );
  });
});

describe('generated points, against the rows themselves', () => {
  const n = 60;
  const rows = {
    y: Array.from({ length: n }, (_, i) => Math.sin(i * i)),
    x: Array.from({ length: n }, (_, i) => 1 + ((i * 7) % 11)),
    t: Array.from({ length: n }, (_, i) => ['a', 'b', 'c'][(i * 5) % 3]!),
    g: Array.from({ length: n }, (_, i) => `g${i % 6}`),
    h: Array.from({ length: n }, (_, i) => `h${(i * i) % 5}`),
  };

  // Row i of the design has the varying columns of a row with these values; v_f = z' Sigma z by definition, in every
  // draw.
  it.each([
    ['y ~ 1 + (1 + x | g)', ['x']],
    ['y ~ 1 + (1 + log(x) + I(x^2) || g) + (1 | h)', ['x']],
    ['y ~ 1 + (1 + scale(x) | g) + (0 + x | h)', ['x']],
    ['y ~ 1 + (1 + poly(x, 2) | g)', ['x']],
    ['y ~ 1 + (1 + t | g) + (1 | h)', ['t']],
    ['y ~ 1 + (0 + t | g)', ['t']],
    ['y ~ 1 + (1 + factor(t, ref = "b"):x | g) + (1 | h)', ['x', 't']],
    ['y ~ 1 + (1 + t * x | g) + (1 + x | h)', ['x', 't']],
  ] as [string, ('x' | 't')[]][])('%s', (text, names) => {
    const fit = syntheticFit(formula(text), { rows }, { iterations: 12 });
    const { groupTerms } = fit.design;
    for (const i of [0, 17, 44]) {
      const found = icc(fit, { at: Object.fromEntries(names.map((name) => [name, rows[name][i]!])) });
      const S = 24;
      const expected = new Float64Array(groupTerms.length);
      for (let s = 0; s < S; s++) {
        const v = groupTerms.map(({ factor, q, Z, blocks }) => {
          const z = (k: number) => Z[i * q + k]! * drawOf(fit, `tau_${factor}`, k, s);
          let pair = 0;
          let sum = 0;
          for (let k = 0; k < q; k++) sum += z(k) ** 2;
          for (const { start, size } of blocks) {
            for (let k = start; k < start + size; k++) {
              for (let l = k + 1; l < start + size; l++)
                sum += 2 * z(k) * z(l) * drawOf(fit, `corr_${factor}`, pair++, s);
            }
          }
          return Math.max(0, sum);
        });
        const all = v.reduce((sum, value) => sum + value, 0) + drawOf(fit, 'sigma', 0, s) ** 2;
        for (let f = 0; f < v.length; f++) expected[f]! += v[f]! / all / S;
      }
      for (let f = 0; f < expected.length; f++) expect(found[f]!.share!.estimate).toBeCloseTo(expected[f]!, 12);
    }
  });

  it('a column that is not given is 0, and the text says which', () => {
    const fit = syntheticFit(formula('y ~ 1 + (1 + scale(x) + t | g) + (0 + x | h)'), { rows });
    expect(icc(fit)[0]!.at).toBe('scale(x) = 0, tb = 0, tc = 0, x = 0');
    expect(icc(fit, { at: { t: 'b' } })[0]!.at).toBe('t = b, scale(x) = 0, x = 0');
    expect(icc(fit, { at: { t: 'b', x: 0 } })[1]).toMatchObject({
      estimate: null,
      share: null,
      reason: 'nothing varies by h at t = b, x = 0',
    });
    expect(icc(fit, { at: { t: 'b', x: 2 } })[1]!.estimate).toBeGreaterThan(0);
    expect(() => icc(fit, { at: { t: 'z' } })).toThrow(/t is "z" in at, a level without a coefficient/);
  });
});
