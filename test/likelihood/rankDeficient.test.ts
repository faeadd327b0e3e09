import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Frame, selectRows } from '../../src/data/frame.ts';
import { ModelError } from '../../src/errors.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { contrast } from '../../src/likelihood/inference/contrast.ts';
import { likelihoodRatio } from '../../src/likelihood/inference/likelihoodRatio.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { fixef } from '../../src/summary/estimates.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

interface Case {
  readonly names: readonly string[];
  /** Null where lme4 leaves the column out. */
  readonly estimates: readonly (number | null)[];
  readonly logLik?: number;
  readonly sds: readonly number[];
}

/** lme4's answers (bcg: REML by R's optimize), made by test/fixtures/likelihood/rankDeficient.R. */
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/likelihood/rankDeficient.json', import.meta.url), 'utf8'),
) as { readonly cases: Readonly<Record<string, Case>> };

const rows = (frame: Frame, keep: (i: number) => boolean): Frame => {
  const chosen = Int32Array.from(Array.from({ length: frame.n }, (_, i) => i).filter(keep));
  const columns = [...frame.columns].map(([name, column]) => [name, selectRows(column, chosen)] as const);
  return { n: chosen.length, columns: new Map(columns) };
};

const seeds = fixtureFrame('glmmTMB_1326');
/**
 * The rows of the cell whose coefficient diverges have likelihood 1 there, so that the others have the limit of the
 * whole.
 */
const seedsLeft = rows(
  seeds,
  (i) => !(seeds.columns.get('genotype')!.values[i] === 'b' && seeds.columns.get('year')!.values[i] === 2),
);

const models: readonly [name: string, text: string, options: FormulaOptions, data: Frame][] = [
  ['glmmTMB_522', 'y ~ f1 * f2 + (1 | g)', {}, fixtureFrame('glmmTMB_522')],
  ['mpg', 'cty ~ drv * class + (1 | manufacturer)', {}, fixtureFrame('mpg')],
  ['mpg_interaction', 'cty ~ interaction(drv, class) + (1 | manufacturer)', {}, fixtureFrame('mpg')],
  ['bcg', 'yi | se(sei) ~ acat * era + (1 | trial)', {}, fixtureFrame('bcg')],
  ['emmeans_344', 'response ~ factor(x1) * factor(x2) + (1 | id)', { family: 'binomial' }, fixtureFrame('emmeans_344')],
  [
    'glmmTMB_1326',
    'n_disease | trials(n_seeds) ~ genotype * factor(year) + (1 | interaction(genotype, year, plate))',
    { family: 'binomial' },
    seedsLeft,
  ],
];

describe('maximum likelihood of a design that is not of full rank', () => {
  it.each(models)(
    '%s is what lme4 makes of it: the same columns, estimates and criterion',
    (name, text, options, data) => {
      const golden = cases[name]!;
      const fit = maximumLikelihood(formula(text, options), { rows: data });
      const found = fixef(fit, { leftOut: true });
      expect(found.map(({ term }) => term)).toEqual(golden.names.map((label) => label.replace(', drop = TRUE', '')));
      expect(found.map(({ estimate }) => estimate === null)).toEqual(golden.estimates.map((value) => value === null));
      // lme4 stops at 1e-6 or so of a standard error: its own digits.
      found.forEach(({ estimate, se }, k) => {
        if (estimate === null) expect(se).toBe(null);
        else expect(Math.abs(estimate - golden.estimates[k]!)).toBeLessThan(2e-3 * se!);
      });
      if (golden.logLik !== undefined) expect(fit.logLik).toBeCloseTo(golden.logLik, name === 'glmmTMB_1326' ? 4 : 6);
      // REML of glmmTMB_522 does not depend on tau: f1 * f2 spans the groups.
      if (name === 'glmmTMB_522') return;
      expect(fit.groups[0]!.tau[0]).toBeCloseTo(golden.sds[0]!, 3);
      if (fit.sigma !== null) expect(fit.sigma).toBeCloseTo(golden.sds[1]!, 5);
    },
  );

  it('has a reason beside every coefficient that is left out, and counts what is left', () => {
    const fit = maximumLikelihood(formula('yi | se(sei) ~ acat * era + (1 | trial)'), { rows: fixtureFrame('bcg') });
    expect(fixef(fit, { leftOut: true }).at(-1)).toEqual({
      term: 'acatlow:eramid',
      estimate: null,
      se: null,
      reason: 'left out: acatlow:eramid depends on acatlow, acatlow:eralate',
    });
    expect(fixef(fit).length).toBe(5);
    expect(fit.df).toBe(6);
    expect(fit.design.deficiency!.cells).toEqual(['acat "low" with era "early"']);
  });

  it('refuses the whole of glmmTMB_1326 for what is wrong with it: one coefficient diverges', () => {
    const graph = formula('n_disease | trials(n_seeds) ~ genotype * factor(year)', { family: 'binomial' });
    try {
      maximumLikelihood(graph, { rows: seeds });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect((error as ModelError).message).toContain('genotypeb:year2');
    }
  });

  it('gives the same likelihood whatever spans the columns: f1 * f2, 0 + f1:f2, interaction(f1, f2)', () => {
    const data = { rows: fixtureFrame('mpg') };
    const fits = [
      'drv * class',
      '0 + drv:class',
      'interaction(drv, class)',
      'drv/class',
      '0 + interaction(drv, class)',
    ].map((text) => maximumLikelihood(formula(`cty ~ ${text} + (1 | manufacturer)`), data, { method: 'ML' }));
    for (const fit of fits) {
      expect(fit.design.p).toBe(12);
      expect(fit.logLik).toBeCloseTo(fits[0]!.logLik, 8);
    }
    const additive = maximumLikelihood(formula('cty ~ drv + class + (1 | manufacturer)'), data, { method: 'ML' });
    const ratio = likelihoodRatio(additive, fits[0]!);
    expect(ratio.df).toBe(3);
    expect(ratio.chiSquare).toBeCloseTo(2 * (fits[0]!.logLik - additive.logLik), 8);
  });

  it('leaves out what was asked for: the fit is that of the formula without it', () => {
    const data = { rows: fixtureFrame('mpg') };
    const asked = maximumLikelihood(formula('cty ~ displ + I(2 * displ) + cyl + (1 | class)'), data, {
      rankDeficient: 'drop',
    });
    const without = maximumLikelihood(formula('cty ~ displ + cyl + (1 | class)'), data);
    expect(asked.logLik).toBe(without.logLik);
    expect([...asked.fixef.estimates]).toEqual([...without.fixef.estimates]);
    expect(() => maximumLikelihood(formula('cty ~ displ + I(2 * displ) + (1 | class)'), data)).toThrow(
      "I(2 * displ) depends on displ; leave it out, or pass rankDeficient: 'drop' (--rank-deficient drop) to have I(2 * displ) left out as lme4 does",
    );
    expect(() => maximumLikelihood(formula('cty ~ displ'), data, { rankDeficient: 'keep' as 'drop' })).toThrow(
      'rankDeficient',
    );
  });
});

describe('a contrast of coefficients of which some are left out', () => {
  const data = { rows: fixtureFrame('emmeans_344') };
  const fit = maximumLikelihood(formula('response ~ factor(x1) * factor(x2) + (1 | id)', { family: 'binomial' }), data);
  // No row has x1 3 with x2 1: the column x13:x21 is 0.
  it('is estimable without the column that is 0, and not with it', () => {
    expect(contrast(fit, 'x12 + x12:x21').estimate).toBeCloseTo(fit.fixef.estimates[1]! + fit.fixef.estimates[4]!, 14);
    expect(() => contrast(fit, 'x13 + x13:x21')).toThrow(
      'contrast "x13 + x13:x21" is not estimable: x13:x21 is 0 in every row',
    );
    expect(() => contrast(fit, 'x12:x21 - x13:x21')).toThrow('not estimable');
  });

  it('is estimable where the left-out column takes the part it has in the rows: differences of cells that occur', () => {
    const bcg = maximumLikelihood(formula('yi | se(sei) ~ acat * era + (1 | trial)'), { rows: fixtureFrame('bcg') });
    // low, mid less low, late; and the same in words of the model with a column for every cell.
    const cells = maximumLikelihood(formula('yi | se(sei) ~ 0 + acat:era + (1 | trial)'), {
      rows: fixtureFrame('bcg'),
    });
    const one = contrast(bcg, 'eramid + acatlow:eramid - eralate - acatlow:eralate');
    const other = contrast(cells, 'acatlow:eramid - acatlow:eralate');
    expect(one.estimate).toBeCloseTo(other.estimate, 8);
    expect(one.standardError).toBeCloseTo(other.standardError, 8);
    // acatlow alone is the difference of a cell without rows.
    expect(() => contrast(bcg, 'acatlow')).toThrow(
      'contrast "acatlow" is not estimable: acatlow:eramid depends on acatlow, acatlow:eralate',
    );
    expect(contrast(bcg, 'eramid').estimate).toBe(bcg.fixef.estimates[3]);
  });
});
