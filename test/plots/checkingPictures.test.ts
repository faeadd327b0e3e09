import { describe, expect, it } from 'vitest';
import {
  createRng,
  drawVariables,
  fixef,
  maximumLikelihood,
  residuals,
  shrinkage,
  sigma,
  summarize,
} from '../../src/index.ts';
import { plotForest, plotPairs, plotPoolingPath, plotResiduals } from '../../src/plots/index.ts';
import { voters } from '../report/html/reportFits.ts';
import { eight, manyGroups, radon, sleep } from './plotFits.ts';
import { soundPictures } from './soundPictures.ts';

/** Counts that vary more than Poisson's, sizes 1.2, in 40 groups. */
function counted(family: 'poisson' | 'negativeBinomial') {
  const rng = createRng([20261129]);
  const rows = { y: [] as number[], x: [] as number[], g: [] as string[] };
  for (let j = 0; j < 40; j += 1) {
    const level = 0.5 * rng.normal();
    for (let i = 0; i < 15; i += 1) {
      const x = rng.normal();
      const rate = Math.exp(1 + level + 0.4 * x) * rng.gamma(1.2, 1.2);
      let y = 0;
      for (let time = rng.exponential(); time < rate; time += rng.exponential()) y += 1;
      rows.y.push(y);
      rows.x.push(x);
      rows.g.push(`g${j}`);
    }
  }
  return maximumLikelihood('y ~ x + (1 | g)', { rows }, { family });
}

/** Three answers cut from a logistic scale, in 30 groups. */
function answered() {
  const rng = createRng([20261130]);
  const rows = { y: [] as string[], x: [] as number[], g: [] as string[] };
  for (let j = 0; j < 30; j += 1) {
    const level = 0.7 * rng.normal();
    for (let i = 0; i < 15; i += 1) {
      const x = rng.normal();
      const u = rng.uniform();
      const latent = level + x + Math.log(u / (1 - u));
      rows.y.push(latent < -1 ? 'a' : latent < 1 ? 'b' : 'c');
      rows.x.push(x);
      rows.g.push(`g${j}`);
    }
  }
  return maximumLikelihood('y ~ x + (1 | g)', { rows }, { family: 'ordinal' });
}

const pictures = {
  pairs: plotPairs(radon),
  'pairs of two': plotPairs(radon, { variables: ['sigma', 'tau_county'] }),
  'residuals of radon': plotResiduals(radon, 'county'),
  'residuals of known errors': plotResiduals(eight),
  'residuals of voters': plotResiduals(voters),
  'residuals of voters with another seed': plotResiduals(voters, 'state', { seed: 2 }),
  'residuals of counts': plotResiduals(counted('negativeBinomial')),
  'residuals of counts that vary too much': plotResiduals(counted('poisson')),
  'residuals of ordered answers': plotResiduals(answered()),
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

  it('of residuals of successes are randomised quantile residuals', () => {
    const drawn = (name: keyof typeof pictures) =>
      pictures[name].rows.filter(({ of }) => of === 'row').map(({ residual }) => residual);
    const stated = residuals(voters, { type: 'quantile' }).rows.map(({ residual }) => residual);
    expect(drawn('residuals of voters')).toEqual(stated);
    expect(drawn('residuals of voters with another seed')).toEqual(
      residuals(voters, { type: 'quantile', seed: 2 }).rows.map(({ residual }) => residual),
    );
    expect(drawn('residuals of voters with another seed')).not.toEqual(stated);
  });

  it('of residuals of counts and answers are normal where the model is right, and leave the band where it is not', () => {
    const told = (name: keyof typeof pictures) => {
      const values = pictures[name].rows.filter(({ of }) => of === 'row').map(({ residual }) => Number(residual));
      const n = values.length;
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
      const said = /Of rows, (\d+) of 600 lies? outside the band/u.exec(pictures[name].description);
      return { z: mean * Math.sqrt(n), v: (variance - 1) * Math.sqrt(n / 2), outside: said ? Number(said[1]) : 0 };
    };
    for (const name of ['residuals of counts', 'residuals of ordered answers'] as const) {
      const { z, v, outside } = told(name);
      // Four standard errors of the mean and the variance of a normal sample.
      expect(Math.abs(z), name).toBeLessThan(4);
      expect(Math.abs(v), name).toBeLessThan(4);
      // With probability .05 some leave the band of the right model, then few.
      expect(outside, name).toBeLessThan(3);
    }
    const wrong = told('residuals of counts that vary too much');
    expect(wrong.v).toBeGreaterThan(8);
    expect(wrong.outside).toBeGreaterThan(100);
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
  [() => plotResiduals(voters, 'nation'), /"nation" is no grouping factor/],
  [() => plotPoolingPath(voters, 'state'), /draw plotShrinkage instead/],
  [() => plotForest(manyGroups(70, String), 'g'), /draw plotGroups instead/],
])('a picture that does not apply says what to draw instead', (draw, sentence) => {
  expect(draw).toThrow(sentence);
});
