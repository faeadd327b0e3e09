import { describe, expect, it } from 'vitest';
import { formula, maximumLikelihood, sampleSync } from '../../src/index.ts';
import { ticksOf } from '../../src/plots/drawing/frame.ts';
import { cutAmong, textWidth } from '../../src/plots/drawing/text.ts';
import { plotCoefficientSpace, plotCurves, plotData, plotParameters, plotShrinkage } from '../../src/plots/index.ts';
import { valueTicks } from '../../src/plots/pictures/parts/valueTicks.ts';

describe('a name that is too wide', () => {
  const names = ['a school of a very long name, 1', 'a school of a very long name, 2', 'another of a long name'];
  it('is cut in the middle where its beginning is that of another, and at its end elsewhere', () => {
    const shown = names.map((name) => cutAmong(name, names, 100));
    expect(new Set(shown).size).toBe(3);
    expect(shown[0]).toMatch(/^a sch.*…\S*, 1$/);
    expect(shown[2]).toMatch(/^another.*…$/);
    expect(shown.every((text) => textWidth(text) <= 100)).toBe(true);
  });
  it('stands as it is where there is room, in quotation marks where it is blank', () => {
    expect(names.map((name) => cutAmong(name, names, 500))).toEqual(names);
    expect([cutAmong('   ', names, 100), cutAmong('', names, 100)]).toEqual(['"   "', '']);
  });
});

describe('ticks', () => {
  const texts = (domain: readonly [number, number], more = {}) =>
    ticksOf({ scale: 'linear', domain, count: 2, ...more }).map(({ text }) => text);
  it('are two at least, so that there is a scale', () => {
    for (const domain of [
      [33.1, 39.2],
      [-0.92, -0.58],
      [0.96, 1.04],
    ] as const)
      expect(texts(domain).length).toBeGreaterThan(1);
  });
  it('of counts are whole numbers', () => {
    expect(texts([0, 1.06], { count: 4, whole: true })).toEqual(['0', '1']);
    expect(texts([0, 3.2], { count: 8, whole: true })).toEqual(['0', '1', '2', '3']);
  });
  it('of a column of two values are these', () => {
    expect(valueTicks([1, 0, 1, 1, 0])).toEqual({ ticks: [0, 1].map((value) => ({ value, text: String(value) })) });
    expect(valueTicks([1, 0, 2])).toEqual({});
  });
});

/** Groups of five rows about lines of their own; the two rows of the first have nearly one x. */
function steepGroup() {
  const [y, x, g]: [number[], number[], string[]] = [[], [], []];
  for (let j = 0; j < 14; j += 1) {
    for (let i = 0; i < (j === 0 ? 2 : 5); i += 1) {
      const at = j === 0 ? 0.001 * i : Math.sin(3.1 * i + j);
      x.push(at);
      y.push(Math.sin(17 * j) + (1 + Math.sin(5 * j)) * at + 0.5 * Math.sin(5.3 * i + 31 * j));
      g.push(`g${j}`);
    }
  }
  return { y, x, g };
}

describe('a picture', () => {
  const rows = steepGroup();
  const chains = { chains: 2, warmup: 60, iterations: 60 };
  it('of the space of coefficients keeps its scale where one own estimate is hundreds of sds away', () => {
    const picture = plotCoefficientSpace(sampleSync('y ~ x + (1 + x | g)', { rows }, chains), 'g');
    const own = picture.rows.map(({ ownY }) => Math.abs(Number(ownY)));
    const [low, high] = picture.panels[0]!.y.domain;
    expect(Math.max(...own)).toBeGreaterThan(100);
    expect(high - low).toBeLessThan(20);
    expect(picture.caption).toContain('1 own estimate lies beyond the frame.');
    expect(picture.rows.every(({ y }) => Number(y) > low && Number(y) < high)).toBe(true);
  });
  it('of groups of one size names none of them as the largest', () => {
    const equal = { y: rows.y.slice(2), g: rows.g.slice(2) };
    const { caption, panels } = plotShrinkage(maximumLikelihood('y ~ 1 + (1 | g)', { rows: equal }), 'g');
    expect(caption).toContain('Named: the longest moves.');
    const labels = panels[0]!.marks.find(({ kind }) => kind === 'labels');
    expect(labels?.kind === 'labels' && labels.labels.length).toBe(5);
  });
  it('of 200 groups of two sizes has them beside one another', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ g: `g${i % 200}`, y: Math.sin(i * i) }));
    const { panels, rows: drawn } = plotData('y ~ 1 + (1 | g)', many);
    const dots = panels[1]!.marks.find(({ kind }) => kind === 'dots');
    expect(new Set(dots?.kind === 'dots' ? dots.points.map(({ x }) => x.toFixed(4)) : []).size).toBeGreaterThan(150);
    expect(new Set(drawn.map(({ n }) => n))).toEqual(new Set([1, 2]));
  });
  it('of ordered answers has the thresholds of both engines, and says what a mean of levels is', () => {
    const ordered = { answer: rows.y.map((value) => (value < 0 ? 1 : value < 1 ? 2 : 3)), x: rows.x, g: rows.g };
    const model = formula('answer ~ x + (1 | g)', { family: 'ordinal' });
    const fit = sampleSync(model, { rows: ordered }, chains);
    const ml = maximumLikelihood(model, { rows: ordered });
    const shown = plotParameters(fit, { compare: ml }).rows;
    const of = (name: string) => shown.find(({ variable }) => variable === name)?.['ml'];
    expect(['threshold[1|2]', 'threshold[2|3]'].map(of)).toEqual([...ml.thresholds!.estimates]);
    expect(plotCurves(fit).caption).toContain('The mean is of the levels of answer, counted from 1 to 3.');
  });
});
