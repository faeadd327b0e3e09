import { describe, expect, it } from 'vitest';
import { ecdfBand } from '../../diagnostics/index.ts';
import {
  calibration,
  compareModels,
  createRng,
  formula,
  influence,
  leaveOneOut,
  looPit,
  sampleSync,
  varianceFunction,
} from '../../src/index.ts';
import {
  plotCalibration,
  plotComparison,
  plotCurves,
  plotInfluence,
  plotLooPit,
  plotPredictive,
  plotSbc,
  plotVariance,
  toSvg,
} from '../../src/plots/index.ts';
import { replicateCount } from '../../src/plots/pictures/responses/replicateCount.ts';
import { voters } from '../report/html/reportFits.ts';
import { eight, radon, radonReml, sleep } from './plotFits.ts';
import { soundPictures } from './soundPictures.ts';

const intercepts = sampleSync(
  formula('Reaction ~ Days + (1 | Subject)'),
  { rows: sleep.design.rows },
  { chains: 2, warmup: 100, iterations: 100 },
);
const comparison = compareModels({ slopes: sleep, 'a model of intercepts with a name that is long': intercepts });
const influences = { draws: influence(sleep, 'Subject'), reml: influence(radonReml, 'county') };
const rng = createRng([6]);
const uniform = (shape: (u: number) => number) =>
  Array.from({ length: 200 }, () => Math.floor(50 * shape(rng.uniform())));
const ranks = { sigma: uniform((u) => u), 'beta[x]': uniform((u) => u), tau: uniform((u) => u ** 2) };

const pictures = {
  variance: plotVariance(sleep),
  'variance by REML, of two values': plotVariance(radonReml),
  'variance of a logit model': plotVariance(voters),
  'loo-pit': plotLooPit(sleep),
  calibration: plotCalibration(voters),
  comparison: plotComparison(comparison),
  curves: plotCurves(voters, {
    x: 'income',
    factor: 'state',
    groups: [String(voters.design.rows.columns.get('state')!.values[0])],
  }),
  influence: plotInfluence(influences.draws),
  'influence of 85': plotInfluence(influences.reml),
  sbc: plotSbc(ranks, { draws: 49 }),
};

soundPictures(pictures);

describe('the numbers drawn', () => {
  it('of variation are those of varianceFunction, roots where sds are drawn, with the sd of the data', () => {
    const { rows, panels } = pictures.variance;
    const days = [...new Set(rows.map((row) => Number(row['Days'])))];
    const found = varianceFunction(sleep, 'Days', { values: days });
    expect(rows.filter(({ what }) => what === 'variance').map(({ estimate, lower }) => [estimate, lower])).toEqual(
      found.variances.map(({ estimate, lower }) => [estimate, lower]),
    );
    expect(rows.filter(({ what }) => what === 'share').map(({ upper }) => upper)).toEqual(
      found.shares.map(({ upper }) => upper),
    );
    expect(rows.filter(({ what }) => what === 'correlation').map(({ estimate }) => estimate)).toEqual(
      found.pairs.filter(({ first }) => first === 0).map(({ correlation }) => correlation.estimate),
    );
    const [band, line] = panels[0]!.marks;
    const total = found.variances.filter(({ part }) => part === 'total');
    expect(line!.kind === 'line' && line.points.map(({ y }) => y)).toEqual(
      total.map(({ estimate }) => Math.sqrt(estimate)),
    );
    expect(band!.kind === 'band' && band.points.map(({ high }) => high)).toEqual(
      total.map(({ upper }) => Math.sqrt(upper!)),
    );
    const rings = panels[0]!.marks.at(-1)!;
    expect(rings.kind === 'dots' && rings.points.length).toBe(10);
    // Day 3: a line of Days alone moves all rows of a day alike.
    const own = Array.from(sleep.design.response.y).filter((_, i) => i % 10 === 3);
    const mean = own.reduce((sum, y) => sum + y, 0) / own.length;
    const sd = Math.sqrt(own.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (own.length - 1));
    expect(rings.kind === 'dots' && rings.points[3]!.y).toBeCloseTo(sd, 9);
    expect(pictures['variance by REML, of two values'].panels[0]!.x.ticks!.map(({ text }) => text)).toEqual(['0', '1']);
    expect(toSvg(pictures['variance by REML, of two values'])).not.toContain('data-mark="band"');
    expect(pictures['variance of a logit model'].subtitle).toContain('of the linear predictor');
  });

  it('of LOO-PIT are its ECDF less the uniform one in the band of one sample', () => {
    const { pit, paretoK } = looPit(sleep);
    const { rows, panels } = pictures['loo-pit'];
    expect(rows.map((row) => [row['pit'], row['paretoK']])).toEqual(Array.from(pit, (value, i) => [value, paretoK[i]]));
    const [band, , line] = panels[0]!.marks;
    const { share, halfWidth } = ecdfBand(1, pit.length);
    expect(band!.kind === 'band' && band.points.map(({ high }) => high)).toEqual(Array.from(halfWidth));
    share.forEach((x, i) => {
      const below = pit.filter((value) => value <= x).length / pit.length;
      expect(line!.kind === 'line' && line.points[i]!.y).toBeCloseTo(below - x, 12);
    });
  });

  it('of calibration, comparison and influence are those of their functions', () => {
    const [curve] = calibration(voters);
    expect(pictures.calibration.rows).toEqual(curve!.curve.map((point) => ({ event: 'success', ...point })));
    const drawnModels = pictures.comparison.rows.filter(({ model }) => model !== undefined);
    expect(drawnModels.map(({ model, elpdDiff, weight }) => [model, elpdDiff, weight])).toEqual(
      [...comparison.models, ...comparison.newGroups[0]!.models].map(({ model, elpdDiff, weight }) => [
        model,
        elpdDiff,
        weight,
      ]),
    );
    for (const [name, found] of [
      ['influence', influences.draws],
      ['influence of 85', influences.reml],
    ] as const) {
      const { rows, panels } = pictures[name];
      for (const { level, parameter, change } of found.rows) {
        if (change === null) continue;
        expect(rows.find((row) => row['level'] === level)![parameter]).toBe(change);
      }
      const named = panels[0]!.y.ticks!.map(({ text }) => text);
      const order = [...found.groups].sort((a, b) => b.cooksDistance! - a.cooksDistance!).map(({ level }) => level);
      expect(named).toEqual([...order.slice(0, 10), 'others']);
    }
  });

  it('of a comparison are the gains of the groups, too, least first: they add up to the difference of the sums', () => {
    const drivers = pictures.comparison.rows.filter(({ of }) => of === 'gain by Subject');
    const gains = drivers.map(({ gain }) => Number(gain));
    expect(gains).toHaveLength(18);
    expect(gains).toEqual([...gains].sort((a, b) => a - b));
    const next = comparison.newGroups[0]!.models[1]!;
    expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(-next.elpdDiff, 9);
    const alone = leaveOneOut(sleep, { by: 'Subject' });
    const { groups } = comparison.newGroups[0]!;
    expect(groups.map(({ level }) => level)).toEqual(alone.levels);
    expect(groups.map(({ elpd }) => elpd['slopes'])).toEqual(Array.from(alone.pointwise.elpd));
    expect(pictures.comparison.panels.at(-1)!.title).toMatch(/^gain of .* over /);
  });

  it('of curves of successes are the observed shares by value of x, with intervals that solve their equation', () => {
    const { y, trials } = voters.design.response;
    const income = voters.design.rows.columns.get('income')!.values;
    const state = voters.design.rows.columns.get('state')!.values;
    const [some] = state as readonly string[];
    for (const level of [null, some!]) {
      const shares = pictures.curves.rows.filter((row) => row['n'] !== undefined && row['level'] === level);
      const there = Array.from(income, Number).filter((_, i) => level === null || state[i] === level);
      const values = [...new Set(there)].sort((a, b) => a - b);
      expect(shares.map((row) => row['income'])).toEqual(values);
      for (const { income: x, share, n, low, high } of shares) {
        const own = Array.from(y, (_, i) => i).filter((i) => income[i] === x && (level === null || state[i] === level));
        expect(n).toBe(own.reduce((sum, i) => sum + trials![i]!, 0));
        expect(share).toBeCloseTo(own.reduce((sum, i) => sum + y[i]!, 0) / Number(n), 12);
        // Wilson: the shares p of which the observed one is 1.645 standard errors away, sqrt(p (1 - p) / n) each.
        for (const p of [Number(low), Number(high)])
          expect((Number(share) - p) ** 2).toBeCloseTo((1.6448536269514722 ** 2 * p * (1 - p)) / Number(n), 12);
      }
    }
    // Of many values: classes of about equally many rows.
    const rng = createRng([8]);
    const many = { x: Array.from({ length: 300 }, () => rng.normal()), y: [] as number[] };
    many.y = many.x.map((x) => (rng.uniform() < 1 / (1 + Math.exp(-x)) ? 1 : 0));
    const fit = sampleSync(
      formula('y ~ x', { family: 'binomial' }),
      { rows: many },
      { chains: 1, warmup: 50, iterations: 50 },
    );
    const classes = plotCurves(fit).rows.filter(({ n }) => n !== undefined);
    expect(classes.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, () => 30));
    expect(classes.reduce((sum, { n, share }) => sum + Number(n) * Number(share), 0)).toBeCloseTo(
      many.y.reduce((sum, each) => sum + each, 0),
      9,
    );
    expect(plotCurves(sleep).rows.every(({ n }) => n === undefined)).toBe(true);
  });

  it('of ranks name what leaves the band, and only that', () => {
    const { rows, caption } = pictures.sbc;
    expect(rows.map(({ quantity, outside }) => [quantity, outside])[0]).toEqual(['tau', 'yes']);
    expect(caption).toContain('1 of 3 quantities leaves the band');
    const svg = toSvg(pictures.sbc);
    expect([...svg.matchAll(/data-mark="label"[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual(['tau']);
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, j) => [`u[${j}]`, ranks.sigma]));
    expect([...toSvg(plotSbc(many, { draws: 49 })).matchAll(/data-mark="line"/g)]).toHaveLength(100);
  });
});

it('of whole numbers are counts of rows beside those of replicates, and ties with the data are no misfit', () => {
  const answers = Array.from({ length: 60 }, (_, i) => 'abc'[((i * i) % 7) % 3]!);
  const g = answers.map((_, i) => `g${i % 6}`);
  const short = { chains: 2, warmup: 60, iterations: 60 };
  const model = formula('y ~ 1 + (1 | g)', { family: 'ordinal', levels: ['a', 'b', 'c'] });
  const { rows, panels, caption } = plotPredictive(sampleSync(model, { rows: { y: answers, g } }, short));
  expect(rows.map(({ value, observed }) => [value, observed])).toEqual(
    ['a', 'b', 'c'].map((level, k) => [k + 1, answers.filter((answer) => answer === level).length]),
  );
  for (const { q5, q95 } of rows) expect(Number(q5) < Number(q95)).toBe(true);
  expect(panels.map(({ x }) => x.ticks?.map(({ text }) => text))).toEqual([['a', 'b', 'c']]);
  expect(caption).toContain('0 of 3 bars end outside');
  // Nearly every replicate has the smallest and largest value of counts as of the data: p is 1, and nothing is amiss.
  const y = answers.map((answer) => 'abc'.indexOf(answer));
  const counts = plotPredictive(
    sampleSync(formula('y ~ 1 + (1 | g)', { family: 'poisson' }), { rows: { y, g } }, short),
  );
  expect(counts.rows.find(({ statistic }) => statistic === 'smallest')).toMatchObject({ observed: 0, p: 1, above: 0 });
  expect(counts.caption).not.toContain('smallest');
});

it('says what to draw instead, and what is accepted', () => {
  expect(() => plotVariance(eight)).toThrow(
    'no slope varies, so that the variance is the same everywhere; draw plotParameters instead',
  );
  expect(() => plotVariance(sleep, { x: 'Subject' })).toThrow('no varying column of the model reads "Subject"');
  expect(() => plotCalibration(radon)).toThrow('has no probability; draw plotLooPit instead');
  expect(() => plotComparison(compareModels(eight))).toThrow('nothing to be compared with; draw plotParetoK instead');
  expect(() => plotComparison(eight as never)).toThrow('plotComparison(compareModels({ a: fit, b: other }))');
  expect(() => plotInfluence(eight as never)).toThrow("plotInfluence(influence(fit, 'county'))");
  expect(() => plotSbc({ sigma: [1, 2, 50] }, { draws: 49 })).toThrow('"sigma" has the rank 50');
  expect(() => plotSbc({ sigma: [1, 2], tau: [3] }, { draws: 49 })).toThrow('"tau" is a list of 1 beside lists of 2');
  expect(() => plotSbc(ranks, {} as never)).toThrow('draws: not given');
});

it('a predictive check draws 400 replicates, of very many rows fewer', () => {
  expect(replicateCount(919, 4000)).toEqual({ draws: 400, fewer: false });
  expect(replicateCount(919, 60)).toEqual({ draws: 60, fewer: false });
  expect(replicateCount(200_000, 4000)).toEqual({ draws: 100, fewer: true });
  expect(replicateCount(200_000, 60)).toEqual({ draws: 60, fewer: false });
  expect(replicateCount(10_000_000, 4000)).toEqual({ draws: 40, fewer: true });
});
