import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/data/csv.ts';
import { formula } from '../../../src/formula/formula.ts';
import { halfNormal, normal } from '../../../src/graph/priors.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { compare } from '../../../src/summary/comparison/compare.ts';
import { compareGroups } from '../../../src/summary/comparison/compareGroups.ts';
import { externalFit, lme4Export } from '../../../src/summary/comparison/externalFit.ts';
import { shrinkage } from '../../../src/summary/pooling/shrinkage.ts';
import { syntheticFit } from '../syntheticFit.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const radon = { rows: parseCsv(fixture('data/radon_arm.csv'), 'radon_arm') };
const pastes = { rows: parseCsv(fixture('data/pastes.csv'), 'pastes') };
const schools = { rows: parseCsv(fixture('data/eight_schools.csv'), 'eight_schools') };
const size = { chains: 4, warmup: 500, iterations: 1000, seed: 20260101 };

describe('compare', () => {
  const graph = formula('log_radon ~ floor + (1 + floor | county)');
  // Enough draws for a Monte Carlo error of .005 posterior sds in what is compared with .5 below, where the largest is
  // .474.
  const fit = sampleSync(graph, radon, { ...size, iterations: 10_000 });
  const reml = maximumLikelihood(graph, radon);
  // Of the 170 coefficients none is near that bound.
  const few = sampleSync(graph, radon, size);

  it('puts REML and the posterior side by side, close on radon', () => {
    const { method, rows } = compare(fit, reml);
    expect(method).toBe('REML');
    expect(rows.map((row) => row.parameter)).toEqual([
      'beta[Intercept]',
      'beta[floor]',
      'tau_county[Intercept]',
      'tau_county[floor]',
      'corr_county[Intercept,floor]',
      'sigma',
    ]);
    for (const row of rows) {
      expect(row.difference).toBeCloseTo((row.posteriorMean - row.ml!) / row.posteriorSd, 12);
      // 919 rows, 85 counties, weak priors: no parameter is half a posterior sd from its estimate.
      expect(Math.abs(row.difference!)).toBeLessThan(0.5);
      expect(row.reason).toBeNull();
    }
    expect(rows[0]!.mlSe).toBeCloseTo(reml.fixef.standardErrors[0]!, 14);
    expect(rows[2]!.mlSe).toBeNull();
  });

  it('gives the same rows from the JSON of an lme4 fit as from ours', () => {
    const ours = compare(fit, reml).rows;
    const theirs = compare(fit, externalFit(fixture('summary/lme4_radon.json'))).rows;
    ours.forEach((row, i) => {
      // lme4 stops at about 1e-6 in theta.
      expect(theirs[i]!.ml!).toBeCloseTo(row.ml!, 5);
    });
  });

  it('compares BLUPs with posterior means and the shrinkage weights of both, ours and from lme4', () => {
    const { rows } = compareGroups(few, reml, 'county');
    const lme4 = compareGroups(few, externalFit(fixture('summary/lme4_radon.json')), 'county').rows;
    const weights = shrinkage(few, 'county').rows;
    const mlWeights = shrinkage(reml, 'county').rows;
    expect(rows).toHaveLength(170);
    rows.forEach((row, i) => {
      expect(row.shrinkageWeight).toBe(weights[i]!.shrinkageWeight);
      expect(row.shrinkageWeightMl).toBe(mlWeights[i]!.shrinkageWeight);
      expect(lme4[i]!.blup).toBeCloseTo(row.blup!, 5);
      expect(lme4[i]!.shrinkageWeightMl).toBeCloseTo(row.shrinkageWeightMl!, 5);
      expect(Math.abs(row.difference!)).toBeLessThan(0.5);
    });
  });

  it('matches the nested factors of lme4, whose labels stand the other way round', () => {
    const nested = formula('strength ~ 1 + (1 | batch/cask)');
    const draws = syntheticFit(nested, pastes);
    const ours = maximumLikelihood(nested, pastes);
    const lme4 = externalFit(fixture('summary/lme4_pastes.json'));
    compare(draws, lme4).rows.forEach((row, i) => {
      expect(row.ml!).toBeCloseTo(compare(draws, ours).rows[i]!.ml!, 5);
    });
    const groups = compareGroups(draws, ours, 'batch:cask').rows;
    compareGroups(draws, lme4, 'batch:cask').rows.forEach((row, i) => {
      expect(row.blup!).toBeCloseTo(groups[i]!.blup!, 5);
    });
  });

  it('says that REML is on the boundary, and what the posterior says instead', () => {
    const model = formula('y | se(sigma) ~ 1 + (1 | school)');
    const { rows } = compare(sampleSync(model, schools, size), maximumLikelihood(model, schools));
    const tau = rows.find((row) => row.parameter === 'tau_school[Intercept]')!;
    expect(tau.ml).toBe(0);
    expect(tau.reason).toMatch(/^boundary: REML puts it at 0; the posterior has 90% between \d/);
    expect(rows.map((row) => row.parameter)).toEqual(['beta[Intercept]', 'tau_school[Intercept]']);
  });

  it('names a prior that pulls', () => {
    const data = {
      rows: {
        y: [1, 2, 3, 11, 12, 14, 21, 22, 24, 30, 31, 33],
        g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd'],
      },
    };
    const model = formula('y ~ 1 + (1 | g)', { priors: { beta: normal(0, 1), tau_g: halfNormal(2) } });
    const { rows } = compare(sampleSync(model, data, size), maximumLikelihood(model, data));
    const [beta, tau] = rows;
    expect(beta!.reason).toMatch(/weight of the prior normal\(0, 1\)/);
    expect(tau!.reason).toMatch(/weight of the prior halfNormal\(2\)/);
  });

  it('leaves a parameter that the other fit lacks without an estimate, and says so', () => {
    const simple = maximumLikelihood(formula('log_radon ~ 1 + (1 | county)'), radon);
    const rows = compare(fit, simple).rows;
    expect(rows[1]).toMatchObject({ ml: null, difference: null, reason: 'the other fit has no such parameter' });
  });
});

describe('externalFit', () => {
  it('reads what lme4Export writes: the code in the fixture script is that constant', () => {
    expect(fixture('summary/lme4Export.R')).toContain(lme4Export);
    const fit = externalFit(fixture('summary/lme4_radon.json'));
    expect(fit).toMatchObject({ kind: 'external', method: 'REML' });
    expect(fit.fixef[0]!.term).toBe('Intercept');
    expect(fit.sigma).toBeCloseTo(0.746153787583549, 14);
    expect(fit.varCorr).toHaveLength(3);
  });

  it('takes the residual sd from varCorr where sigma is not given, and does without conditional modes', () => {
    const fit = externalFit({
      fixef: [{ term: '(Intercept)', estimate: 1 }],
      varCorr: [{ factor: 'Residual', term1: null, term2: null, sd: 2, corr: null }],
    });
    expect(fit).toMatchObject({ sigma: 2, ranef: null, varCorr: [] });
  });

  it('names the place of what it cannot read', () => {
    expect(() => externalFit('{')).toThrow(/^fit from outside: the document must be JSON/);
    expect(() => externalFit([])).toThrow('fit from outside: the document must be an object, not an empty list');
    expect(() => externalFit({ fixef: [{ term: 'x', estimate: 'big' }], varCorr: [] })).toThrow(
      'fit from outside: fixef[0].estimate must be a finite number, not "big"',
    );
  });
});
