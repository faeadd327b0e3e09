import { describe, expect, it } from 'vitest';
import { drawVariables, fixef, shrinkage, sigma, summarize } from '../../src/index.ts';
import { plotForest, plotPairs, plotPoolingPath, plotResiduals } from '../../src/plots/index.ts';
import { voters } from '../report/html/reportFits.ts';
import { eight, manyGroups, radon, sleep } from './plotFits.ts';
import { soundPictures } from './soundPictures.ts';

const pictures = {
  pairs: plotPairs(radon),
  'pairs of two': plotPairs(radon, { variables: ['sigma', 'tau_county'] }),
  'residuals of radon': plotResiduals(radon, 'county'),
  'residuals of known errors': plotResiduals(eight),
  'forest of eight': plotForest(eight, 'school'),
  'forest of slopes': plotForest(sleep, 'Subject', { term: 'Days' }),
  'path of eight': plotPoolingPath(eight, 'school'),
  'path of radon': plotPoolingPath(radon, 'county', { term: 'floor' }),
};

soundPictures(pictures);

describe('the numbers drawn', () => {
  it('of pairs are the correlations of all draws', () => {
    const rows = pictures.pairs.rows;
    expect(rows.length).toBe(28);
    const draws = (name: string) => drawVariables(radon, [name])[0]!.chains.flatMap((chain) => Array.from(chain));
    for (const { first, second, r } of rows) {
      const [a, b] = [draws(String(first)), draws(String(second))];
      const mean = (x: number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
      const cov = (x: number[], y: number[]) => mean(x.map((value, i) => (value - mean(x)) * (y[i]! - mean(y))));
      expect(r).toBeCloseTo(cov(a, b) / Math.sqrt(cov(a, a) * cov(b, b)), 9);
    }
    const sizes = rows.map(({ r }) => Math.abs(Number(r)));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  }, 30_000);

  it('of residuals are y less the posterior mean of the linear predictor, over sigma', () => {
    const rows = pictures['residuals of radon'].rows.filter(({ of }) => of === 'row');
    const { design } = radon;
    const beta = fixef(radon).map(({ estimate }) => estimate);
    const u = summarize(radon, { variables: ['u_county'] }).map(({ mean }) => mean);
    const { index, Z, q } = design.groupTerms[0]!;
    for (const i of [0, 17, 400, 918]) {
      const fixed = beta.reduce((sum, value, c) => sum + value * design.X[i * design.p + c]!, 0);
      const own = [0, 1].reduce((sum, k) => sum + Z[i * q + k]! * u[index[i]! * q + k]!, 0);
      expect(rows[i]!.fitted).toBeCloseTo(fixed + own, 9);
      expect(rows[i]!.residual).toBeCloseTo((design.response.y[i]! - fixed - own) / sigma(radon).estimate!, 9);
    }
    const squares = rows.reduce((sum, { residual }) => sum + Number(residual) ** 2, 0) / rows.length;
    expect(squares).toBeGreaterThan(0.8);
    expect(squares).toBeLessThan(1.1);
  });

  it('of a forest are those of shrinkage, with own intervals of 1.645 standard errors', () => {
    const own = shrinkage(eight, 'school').rows;
    for (const row of pictures['forest of eight'].rows) {
      const found = own.find(({ level }) => level === row.level)!;
      expect(row.partialPooling).toBe(found.partialPooling);
      expect(Number(row.ownHigh) - Number(row.ownLow)).toBeCloseTo(2 * 1.6448536269514722 * found.noPoolingSe!, 9);
    }
  });

  it('of a path begin at complete pooling and draw apart', () => {
    const rows = pictures['path of eight'].rows;
    const at = (tau: number) => rows.filter((row) => row.tau === tau).map(({ coefficient }) => Number(coefficient));
    const taus = [...new Set(rows.map(({ tau }) => Number(tau)))];
    const width = (values: number[]) => Math.max(...values) - Math.min(...values);
    const { completePooling } = shrinkage(eight, 'school').rows[0]!;
    for (const value of at(0)) expect(value).toBeCloseTo(completePooling!, 9);
    const widths = taus.map((tau) => width(at(tau)));
    expect(widths.every((each, i) => i === 0 || each > widths[i - 1]!)).toBe(true);
    const { mean } = summarize(eight, { variables: ['tau_school'] })[0]!;
    expect(Math.min(...taus.map((tau) => Math.abs(tau - mean)))).toBeLessThan(1e-12 * mean);
  });
});

it.each([
  [() => plotPairs(eight, { variables: ['sigma'] }), /sigma/],
  [() => plotPairs(radon, { variables: ['u_county'] }), /pairs of at most 8 are drawn; draw plotParameters instead/],
  [() => plotResiduals(voters), /draw plotPredictive instead/],
  [() => plotPoolingPath(voters, 'state'), /draw plotShrinkage instead/],
  [() => plotForest(manyGroups(70, String), 'g'), /draw plotGroups instead/],
])('a picture that does not apply says what to draw instead', (draw, sentence) => {
  expect(draw).toThrow(sentence);
});
