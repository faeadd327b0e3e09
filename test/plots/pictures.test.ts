import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  groupRanks,
  leaveOneOut,
  poststratify,
  predict,
  profile,
  shrinkage,
  simulatePrior,
  summarize,
  toJson,
} from '../../src/index.ts';
import {
  plotChains,
  plotCoefficientSpace,
  plotCoefficientsBy,
  plotCurves,
  plotData,
  plotGroupLines,
  plotGroups,
  plotParameters,
  plotParetoK,
  plotPopulation,
  plotPredictive,
  plotPrior,
  plotProfile,
  plotRanks,
  plotShrinkage,
  toSvg,
} from '../../src/plots/index.ts';
import { cliArguments } from '../programs.ts';
import { eight, manyGroups, radon, radonModel, radonReml, radonRows, sleep } from './plotFits.ts';
import { soundPictures } from './soundPictures.ts';

const hostile = [
  `<script>alert("1")</script>`,
  `]]> & 'quotes'`,
  '\u202eright to left\u202c',
  'long '.repeat(60),
  'nul\u0000 and \ud800 alone',
];
const named = manyGroups(5, (j) => hostile[j]!);

const loo = leaveOneOut(eight);
const population = poststratify(named, { rows: { g: hostile, N: [1, 2, 3, 4, 5] } }, { by: 'g' });

const pictures = {
  shrinkage: plotShrinkage(radon, 'county'),
  'shrinkage of slopes': plotShrinkage(radon, 'county', { term: 'floor', by: 'se' }),
  'shrinkage by REML': plotShrinkage(radonReml, 'county'),
  'shrinkage of equal groups': plotShrinkage(sleep, 'Subject'),
  'shrinkage of eight': plotShrinkage(eight, 'school'),
  'shrinkage of hostile names': plotShrinkage(named, 'g'),
  groups: plotGroups(radon, 'county'),
  'coefficients of groups by REML': plotGroups(radonReml, 'county', { what: 'coefficient' }),
  'groups of hostile names': plotGroups(named, 'g'),
  parameters: plotParameters(radon, { compare: radonReml }),
  chains: plotChains(radon),
  lines: plotGroupLines(radon, 'county'),
  'coefficients by uranium': plotCoefficientsBy(radon, 'county'),
  space: plotCoefficientSpace(radon, 'county'),
  curves: plotCurves(radon, { factor: 'county' }),
  predictive: plotPredictive(radon),
  ranks: plotRanks(radon, 'county'),
  'data of many groups': plotData(radonModel, { rows: radonRows }),
  'data of hostile names': plotData(named.graph, { rows: named.design.rows }),
  'pareto k': plotParetoK(loo),
  profile: plotProfile(radonReml),
  population: plotPopulation(population),
  prior: plotPrior(radonModel, { rows: radonRows }, { draws: 50 }),
};

soundPictures(pictures);

const ids = Object.entries(pictures).map(([name, picture]): [string, string[]] => [
  name,
  [...toSvg(picture).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!),
]);

describe.each(ids)('the picture %s', (name, own) => {
  it('has each id once, and none of another picture', () => {
    expect(new Set(own).size).toBe(own.length);
    const others = ids.filter(([other]) => other !== name);
    expect(others.flatMap(([, theirs]) => theirs).filter((id) => own.includes(id))).toEqual([]);
  });
});

describe('what is drawn', () => {
  it('is the shrinkage that shrinkage() computes, at the right heights', () => {
    const picture = pictures['shrinkage of eight'];
    const { rows } = shrinkage(eight, 'school');
    expect(picture.rows).toEqual(rows);
    const [own, partial] = picture.panels[0]!.marks.flatMap((mark) => (mark.kind === 'dots' ? [mark] : []));
    expect(own!.points.map(({ y }) => y)).toEqual(rows.map(({ noPooling }) => noPooling));
    expect(partial!.points.map(({ y }) => y)).toEqual(rows.map(({ partialPooling }) => partialPooling));
    expect(partial!.points.map(({ key }) => key)).toEqual(rows.map(({ level }) => level));
  });

  it('is measured from the line of each group where level-2 predictors move it', () => {
    const rows = shrinkage(radon, 'county').rows.filter(({ term }) => term === 'Intercept');
    const partial = pictures.shrinkage.panels[0]!.marks.filter((mark) => mark.kind === 'dots')[1]!;
    expect(partial.kind === 'dots' && partial.points.map(({ y }) => y)).toEqual(
      rows.map(({ partialPooling, populationLine }) => partialPooling - populationLine),
    );
  });

  it('is the posterior of summarize()', () => {
    const wanted = summarize(radon, { variables: ['beta', 'tau_county', 'corr_county', 'sigma'] });
    expect(pictures.parameters.rows.map(({ variable }) => variable)).toEqual(wanted.map(({ variable }) => variable));
    wanted.forEach(({ mean, q5, q95 }, i) => {
      expect(pictures.parameters.rows[i]!.mean).toBeCloseTo(mean, 12);
      expect(pictures.parameters.rows[i]!.q5).toBeCloseTo(q5, 12);
      expect(pictures.parameters.rows[i]!.q95).toBeCloseTo(q95, 12);
    });
    expect(pictures.parameters.rows[0]!.ml).toBe(radonReml.fixef.estimates[0]);
  });

  it('is the ranks of groupRanks(), the profile of profile(), the parts of poststratify(), the k of leaveOneOut()', () => {
    const { rows } = groupRanks(radon, 'county', { top: 5 });
    const byRank = [...rows].sort((a, b) => a.expectedRank - b.expectedRank);
    expect(pictures.ranks.rows.map(({ mean, q5, q50, q95, inTop }) => [mean, q5, q50, q95, inTop])).toEqual(
      byRank.map(({ expectedRank, lower, median, upper, inTop }) => [expectedRank, lower, median, upper, inTop]),
    );
    const profiles = profile(radonReml);
    expect(pictures.profile.rows.map(({ zeta }) => zeta)).toEqual(profiles.flatMap(({ zeta }) => Array.from(zeta)));
    const byMean = [...population.rows].sort((a, b) => Number(b['mean']) - Number(a['mean']));
    expect(pictures.population.rows).toEqual(byMean);
    expect(pictures['pareto k'].rows.map(({ paretoK }) => paretoK)).toEqual(Array.from(loo.pointwise.paretoK));
    const own = shrinkage(eight, 'school').rows.map(({ level }) => level);
    expect(
      plotData(eight.graph, { rows: eight.design.rows })
        .rows.map(({ level }) => level)
        .sort(),
    ).toEqual(own.sort());
  });

  it('of the prior is data sets of simulatePrior(), and names the priors it took in the place of flat ones', () => {
    const { prior } = pictures;
    const simulation = simulatePrior(radonModel, { rows: radonRows }, { draws: 50, flat: 'wide' });
    const { n, draws, responses } = simulation;
    prior.rows.forEach(({ mean }, d) => {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += responses[i * draws + d]!;
      expect(Number(mean)).toBeCloseTo(sum / n, 10);
    });
    expect(prior.caption).toContain(
      'priors of Intercept, floor, log_uranium, floor:log_uranium are drawn as wide ones',
    );
    const rows = { y: [3, 2, 0, 5], n: [5, 5, 4, 6], g: ['a', 'a', 'b', 'b'] };
    const shares = plotPrior('y | trials(n) ~ 1 + (1 | g)', { rows }, { family: 'binomial' });
    expect(shares.rows.every(({ mean }) => Number(mean) >= 0 && Number(mean) <= 1)).toBe(true);
    expect(shares.caption).toContain('that of the data is 0.50.');
    const data = plotData('y | trials(n) ~ 1 + (1 | g)', { rows }, { family: 'binomial' });
    expect(data.rows).toEqual([
      { level: 'a', n: 10, mean: 0.5 },
      { level: 'b', n: 10, mean: 0.5 },
    ]);
  });

  it('of the data has each group with its rows and mean, and says how many rows are left out', () => {
    const rows = { y: [1, 2, null, 9, 4], g: ['a', 'a', 'a', 'b', null] };
    const picture = plotData('y ~ 1 + (1 | g)', { rows });
    expect(picture.rows).toEqual([
      { level: 'b', n: 1, mean: 9 },
      { level: 'a', n: 2, mean: 1.5 },
    ]);
    expect(picture.caption).toMatch(/^3 rows; 2 rows with missing values are left out\./);
    expect(() => plotData('y ~ 1 + (1 | g)', { rows }, { factor: 'h' })).toThrow('no grouping factor');
    expect(() => plotParetoK(eight as never)).toThrow('plotParetoK(leaveOneOut(fit))');
    expect(() => plotPopulation(eight as never)).toThrow('plotPopulation(poststratify(');
  });

  it('stands in the order of the estimates, in two columns of 85', () => {
    const means = pictures.groups.rows.map(({ mean }) => Number(mean));
    expect(means).toEqual([...means].sort((a, b) => b - a));
    expect(pictures.groups.panels.map(({ right }) => right!.length)).toEqual([43, 42]);
  });

  it('is written at ticks whose places agree with their texts', () => {
    const svg = toSvg(pictures['shrinkage of eight'], { theme: 'light' });
    const rows = shrinkage(eight, 'school').rows;
    const dots = [...svg.matchAll(/class="partial f" data-mark="dots" d="([^"]*)"/g)][0]![1]!;
    const heights = [...dots.matchAll(/M[\d.-]+ ([\d.-]+)a/g)].map(([, y]) => Number(y));
    const ticks = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)" text-anchor="end">([^<]+)<\/text>/g)].map(
      ([, y, text]) => ({
        y: Number(y) - 4,
        value: Number(text!.replace('\u2212', '-')),
      }),
    );
    const [a, b] = [ticks[0]!, ticks.at(-1)!];
    const at = (y: number) => a.value + ((y - a.y) * (b.value - a.value)) / (b.y - a.y);
    // A tenth of a pixel is the rounding of coordinates.
    const pixel = Math.abs((b.value - a.value) / (b.y - a.y));
    heights.forEach((y, j) => {
      expect(Math.abs(at(y) - rows[j]!.partialPooling)).toBeLessThan(0.2 * pixel);
    });
  });

  it('names at most the groups it should, and draws no element for each of 700', () => {
    const many = plotShrinkage(
      manyGroups(700, (j) => `group ${j}`),
      'g',
    );
    const svg = toSvg(many);
    expect(svg.length).toBeLessThan(15_000);
    expect([...svg.matchAll(/data-mark="label"/g)].length).toBeLessThanOrEqual(6);
    expect(many.rows).toHaveLength(700);
    const few = toSvg(pictures.shrinkage);
    expect([...few.matchAll(/data-mark="label"/g)].length).toBeLessThanOrEqual(8);
    expect([...few.matchAll(/data-mark="label"/g)].length).toBeGreaterThan(4);
  });

  it('is words of the caller where given, and none where null', () => {
    const svg = toSvg(plotShrinkage(eight, 'school', { title: 'A <title>', caption: null }));
    expect(svg).toContain('>A &lt;title&gt;<');
    expect(svg).not.toContain('Each arrow');
    expect(() => plotShrinkage(eight, 'school', { title: 3 as never })).toThrow(
      'title: got 3; accepted is a text or null',
    );
    expect(() => plotShrinkage(eight, 'school', { term: 'floor' })).toThrow('a term that varies by school: Intercept');
    expect(() => plotShrinkage(eight, 'county')).toThrow('is no grouping factor');
    expect(() => toSvg(eight as never)).toThrow('expected a picture');
  });

  it('has ranks of which each draw gives every group one, and lines of the coefficients', () => {
    const J = radon.design.groupTerms[0]!.J;
    // The ranks of a draw sum to J (J + 1) / 2, so their means do; the first `top` places are shared out in full.
    const sum = (key: string) => pictures.ranks.rows.reduce((all, row) => all + Number(row[key]), 0);
    expect(sum('mean')).toBeCloseTo((J * (J + 1)) / 2, 6);
    expect(sum('inTop')).toBeCloseTo(5, 9);
    const rows = shrinkage(radon, 'county').rows;
    for (const row of pictures.lines.rows) {
      const found = (term: string) => rows.find((each) => each.level === row.level && each.term === term)!;
      expect(row.intercept).toBe(found('Intercept').partialPooling);
      expect(row.slope).toBe(found('floor').partialPooling);
    }
    const curve = plotCurves(sleep, { x: 'Days' });
    const ends = predict(sleep, { rows: { Days: [0, 9], Subject: ['308', '308'] } }, { groups: 'none' }).rows;
    expect(curve.rows[0]!.mean).toBeCloseTo(Number(ends[0]!['mean']), 9);
    expect(curve.rows.at(-1)!.q95).toBeCloseTo(Number(ends[1]!['q95']), 9);
  });

  it('says what to draw instead where it does not apply', () => {
    expect(() => plotCoefficientsBy(sleep, 'Subject')).toThrow('no level-2 predictor; draw plotGroups instead');
    expect(() => plotCoefficientSpace(eight, 'school')).toThrow('draw plotShrinkage instead');
    expect(() => plotCurves(eight)).toThrow('draw plotShrinkage instead');
  });

  it('has the same bytes in another process', () => {
    const other = execFileSync(process.execPath, [...cliArguments(), 'plot', 'shrinkage', '-'], {
      input: toJson(eight),
      encoding: 'utf8',
    });
    expect(other).toBe(`${toSvg(pictures['shrinkage of eight'])}\n`);
  });
});
