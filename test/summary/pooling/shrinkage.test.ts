import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { shrinkage } from '../../../src/summary/pooling/shrinkage.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

const radon = { rows: fixtureFrame('radon_arm') };
const sleep = { rows: fixtureFrame('sleepstudy') };
/** Made by test/fixtures/summary/lme4Export.R with lm. */
const pooling = JSON.parse(readFileSync(new URL('../../fixtures/summary/pooling.json', import.meta.url), 'utf8')) as {
  sleep: { estimate: number[]; se: number[]; sigma: number; complete: number[] };
  radon: { county: string; terms: string[]; estimate: number[]; unscaled: number[] }[];
};

describe('shrinkage', () => {
  it('has the keys of the shrinkage document and nothing else', () => {
    const result = shrinkage(syntheticFit(formula('Reaction ~ Days + (1 + Days | Subject)'), sleep), 'Subject');
    expect(Object.keys(result)).toEqual([
      'factor',
      'rows',
      'poolingFactor',
      'icc',
      'varianceShare',
      'nestedIn',
      'iccAt',
    ]);
    expect(Object.keys(result.rows[0]!)).toEqual([
      'level',
      'term',
      'n',
      'noPooling',
      'noPoolingSe',
      'partialPooling',
      'q5',
      'q95',
      'populationLine',
      'completePooling',
      'shrinkageWeight',
      'reason',
    ]);
    expect(Object.keys(result.poolingFactor)).toEqual(['Intercept', 'Days']);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('gives the per-group regressions of R as no pooling, their standard errors with the pooled sigma, and the fit without groups', () => {
    const fit = syntheticFit(formula('Reaction ~ Days + (1 + Days | Subject)'), sleep);
    const { rows } = shrinkage(fit, 'Subject');
    const J = 18;
    let sigma2 = 0;
    for (let s = 0; s < 50; s++) sigma2 += drawOf(fit, 'sigma', 0, s) ** 2 / 50;
    rows.forEach((row, at) => {
      const k = at % 2;
      const inR = k * J + Math.floor(at / 2);
      expect(row.noPooling! / pooling.sleep.estimate[inR]!).toBeCloseTo(1, 10);
      expect(row.noPoolingSe! / Math.sqrt(sigma2)).toBeCloseTo(pooling.sleep.se[inR]! / pooling.sleep.sigma, 10);
      expect(row.completePooling! / pooling.sleep.complete[k]!).toBeCloseTo(1, 10);
    });
  });

  it('says of every radon county what its own rows can tell, as lm does, and why not', () => {
    const fit = syntheticFit(formula('log_radon ~ floor + (1 + floor | county)'), radon);
    const rows = new Map(shrinkage(fit, 'county').rows.map((row) => [`${row.level} ${row.term}`, row]));
    let missing = 0;
    for (const { county, terms, estimate } of pooling.radon) {
      const intercept = rows.get(`${county} Intercept`)!;
      const floor = rows.get(`${county} floor`)!;
      if (terms.length === 2) {
        expect(intercept.noPooling).toBeCloseTo(estimate[0]!, 10);
        expect(floor.noPooling).toBeCloseTo(estimate[1]!, 10);
        expect(floor.reason).toBeNull();
        continue;
      }
      missing += 1;
      expect(floor.noPooling).toBeNull();
      expect(floor.noPoolingSe).toBeNull();
      // lm drops an aliased floor whether it is always 0 or always 1; only in the first case is the intercept the
      // county's own.
      if (/floor is 0 in/.test(floor.reason!)) expect(intercept.noPooling).toBeCloseTo(estimate[0]!, 10);
      else expect(floor.reason).toMatch(/cannot tell floor from Intercept/);
    }
    expect(missing).toBe(25);
    expect(rows.get('MURRAY floor')!.reason).toBe('floor is 0 in the one row of MURRAY');
  });

  it('has no estimate of its own for a group without rows, which the model puts on the line', () => {
    const data = {
      rows: { y: [1, 3, 2, 6, 5, 9], g: ['a', 'a', 'b', 'b', 'c', 'c'] },
      groups: { g: { g: ['a', 'b', 'c', 'd'], w: [1, 2, 3, 4] } },
    };
    const { rows } = shrinkage(syntheticFit(formula('y ~ w + (1 | g)'), data), 'g');
    expect(rows[3]).toMatchObject({ level: 'd', n: 0, noPooling: null, reason: 'd has no rows', shrinkageWeight: 1 });
    const reml = shrinkage(maximumLikelihood(formula('y ~ w + (1 | g)'), data), 'g');
    expect(reml.rows[3]!.partialPooling).toBeCloseTo(reml.rows[3]!.populationLine, 14);
    // Group means 2, 4, 7 at w = 1, 2, 3: slope 5/2, line 28/3 at w = 4.
    expect(reml.rows[3]!.completePooling).toBeCloseTo(28 / 3, 12);
  });

  it('subtracts what does not vary by the factor before the regression of a group', () => {
    const x = [0.2, 1.4, -0.7, 2.2, 0.1, -1.3];
    const data = { rows: { y: [1, 3, 2, 6, 5, 9], x, o: [1, 1, 2, 2, 3, 3], g: ['a', 'a', 'b', 'b', 'c', 'c'] } };
    const fit = syntheticFit(formula('y ~ x + offset(o) + (1 | g)'), data);
    let slope = 0;
    for (let s = 0; s < 50; s++) slope += drawOf(fit, 'beta', 1, s) / 50;
    const { rows } = shrinkage(fit, 'g');
    expect(rows[1]!.noPooling).toBeCloseTo((2 - 2 - slope * -0.7 + 6 - 2 - slope * 2.2) / 2, 12);
  });

  it('puts partial pooling between the group and the line by the shrinkage weight, exactly so in REML with a varying intercept', () => {
    const reml = maximumLikelihood(formula('log_radon ~ 1 + (1 | county)'), radon);
    for (const row of shrinkage(reml, 'county').rows) {
      const w = row.shrinkageWeight;
      expect(row.partialPooling).toBeCloseTo(w * row.populationLine + (1 - w) * row.noPooling!, 10);
      expect(w).toBeCloseTo(1 / (1 + (row.n * reml.groups[0]!.tau[0]! ** 2) / reml.sigma! ** 2), 10);
    }
  });

  it('gives the pooling factor of Gelman and Pardoe', () => {
    const fit = syntheticFit(formula('Reaction ~ Days + (1 + Days | Subject)'), sleep);
    const S = 50;
    const J = 18;
    const variance = (x: number[]) => {
      const mean = x.reduce((a, b) => a + b) / x.length;
      return x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (x.length - 1);
    };
    const u = (j: number, s: number) => drawOf(fit, 'u_Subject', 2 * j + 1, s);
    const draws = Array.from({ length: S }, (_, s) => s);
    const groups = Array.from({ length: J }, (_, j) => j);
    const means = groups.map((j) => draws.reduce((sum, s) => sum + u(j, s) / S, 0));
    const expected = draws.reduce((sum, s) => sum + variance(groups.map((j) => u(j, s))) / S, 0);
    const { poolingFactor } = shrinkage(fit, 'Subject');
    expect(poolingFactor['Days']).toBeCloseTo(1 - variance(means) / expected, 12);
  });

  it('is complete pooling, not an error, where REML puts tau at 0', () => {
    const data = { rows: { y: [1, 2, 3, 1, 2, 3, 2, 1, 3], g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'] } };
    const result = shrinkage(maximumLikelihood(formula('y ~ 1 + (1 | g)'), data), 'g');
    expect(result.rows.map((row) => row.shrinkageWeight)).toEqual([1, 1, 1]);
    expect(result.rows.map((row) => row.partialPooling)).toEqual([2, 2, 2].map((v) => expect.closeTo(v, 12)));
    expect(result.poolingFactor['Intercept']).toBe(1);
    expect(result.icc).toBe(0);
  });

  it('names the grouping factors there are', () => {
    const fit = syntheticFit(formula('Reaction ~ Days + (1 | Subject)'), sleep);
    expect(() => shrinkage(fit, 'subject')).toThrow(
      '"subject" is no grouping factor of the model; the model has Subject',
    );
  });
});
