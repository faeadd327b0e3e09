import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { type PoststratifyOptions, poststratify } from '../../../src/summary/prediction/poststratify.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

const n = 24;
const g = Array.from({ length: n }, (_, i) => ['a', 'b', 'c', 'd'][i % 4]!);
const level = [0.5, -1.25, 3, 1 / 3];
const kinds = ['p', 'q', 'q', 'p'];
const rows = {
  g,
  y: Array.from({ length: n }, (_, i) => Math.sin(i * i)),
  x: Array.from({ length: n }, (_, i) => Math.cos(i)),
  w: Array.from({ length: n }, (_, i) => level[i % 4]!),
  k: Array.from({ length: n }, (_, i) => kinds[i % 4]!),
  v: Array.from({ length: n }, (_, i) => 1 + (i % 5)),
};
const table = { g: ['a', 'b', 'c', 'd'], w: level };
const { w: _, ...without } = rows;

describe('a level-2 predictor that newdata gives a known group another value of', () => {
  const onRows = syntheticFit(formula('y ~ x * w + (1 + x | g)'), { rows });
  const inTable = syntheticFit(formula('y ~ x * w + (1 + x | g)'), { rows: without, groups: { g: table } });

  it.each([
    ['on the rows', onRows],
    ['in the group table', inTable],
  ])('is used, and said: %s', (_, fit) => {
    const { rows: answer, notes } = predict(fit, { g: ['a', 'b'], x: [0, 0], w: [0.5, 2] });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^g "b" has w = 2 in row 2 of newdata and -1\.25 in the fit; its line is that of newdata/);
    const S = fit.draws.chains * fit.draws.iterations;
    const draws = Array.from(
      { length: S },
      (_, s) =>
        drawOf(fit, 'beta', 0, s) +
        2 *
          drawOf(
            fit,
            'beta',
            fit.design.columns.findIndex(({ label }) => label === 'w'),
            s,
          ) +
        drawOf(fit, 'u_g', 2, s),
    );
    expect(answer[1]!['mean']).toBeCloseTo(draws.reduce((sum, value) => sum + value, 0) / S, 10);
  });

  it('counts the groups, and is no matter where the deviations do not take part', () => {
    const newdata = { g: ['a', 'b', 'c', 'a'], x: [0, 0, 0, 1], w: [9, 9, 9, 9] };
    expect(predict(onRows, newdata).notes).toEqual([expect.stringMatching(/^g "a" .*, and so with 2 more;/)]);
    expect(predict(onRows, newdata, { groups: 'none' }).notes).toEqual([]);
  });

  it('is not said of the same value in other digits, of new groups, of rows of the fit, or of what varies within groups', () => {
    expect(predict(onRows, { g: ['d'], x: [0], w: [0.333333333333] }).notes).toEqual([]);
    expect(predict(onRows, { g: ['new'], x: [0], w: [7] }).notes).toEqual([]);
    expect(predict(onRows, { g: ['a'], x: [99], w: [0.5] }).notes).toEqual([]);
    expect(predict(onRows).notes).toEqual([]);
    expect(predict(inTable, { g: ['a'], x: [0] }).notes).toEqual([]);
  });

  it('is said of a factor, and by poststratify', () => {
    const fit = syntheticFit(formula('y ~ k + (1 | g)'), { rows });
    expect(predict(fit, { g: ['a'], k: ['q'] }).notes).toEqual([expect.stringMatching(/g "a" has kq = 1 .* and 0 in/)]);
    const { notes } = poststratify(fit, { g: ['a', 'b'], k: ['p', 'p'], N: [1, 1] });
    expect(notes).toEqual([expect.stringMatching(/^g "b" has kq = 0 in row 2 of cells and 1 in the fit/)]);
  });
});

describe('names of the answer', () => {
  const data = {
    rows: { ...rows, mean: kinds.flatMap((kind) => new Array(6).fill(kind) as string[]), q5: rows.k, N: rows.v },
  };
  const fit = syntheticFit(formula('y ~ x + (1 | g)'), data);
  const cells = {
    g: rows.g,
    x: rows.x,
    mean: data.rows.mean,
    other: data.rows.mean,
    'cells[sd]': data.rows.mean,
    q5: rows.k,
    k: rows.k,
    sd: rows.k,
    reason: rows.k,
    N: rows.v,
    size: rows.v,
    q95: rows.v,
  };

  it.each<[string, PoststratifyOptions, PoststratifyOptions, readonly string[]]>([
    ['mean', { by: 'mean' }, { by: 'other' }, ['cells[mean]']],
    ['q5', { by: ['g', 'q5'] }, { by: ['g', 'k'] }, ['g', 'cells[q5]']],
    ['reason', { by: ['reason', 'g'] }, { by: ['k', 'g'] }, ['cells[reason]', 'g']],
    ['N', { by: 'N' }, { by: 'size' }, ['cells[N]']],
    ['sd', { by: ['sd', 'g', 'cells[sd]'] }, { by: ['k', 'g', 'other'] }, ['cells[cells[sd]]', 'g', 'cells[sd]']],
  ])('a column %s that is called like an estimate is kept beside it', (name, options, plain, by) => {
    const answer = poststratify(fit, cells, options);
    const { rows } = poststratify(fit, cells, plain);
    expect(answer.by).toEqual(by);
    expect(answer.notes).toEqual([expect.stringMatching(`^"${name}" of the cells is called like a column of the`)]);
    const estimates = ['N', 'mean', 'sd', 'q5', 'q50', 'q95'] as const;
    expect(answer.rows.map((row) => [...by, ...estimates].map((key) => row[key]))).toEqual(
      rows.map((row) =>
        [plain.by!]
          .flat()
          .concat(estimates)
          .map((key) => row[key]),
      ),
    );
  });

  it('sizes that are called like an estimate too', () => {
    const answer = poststratify(fit, cells, { weights: 'q95', by: 'g' });
    expect(answer.rows.map((row) => row['cells[q95]'])).toEqual(
      poststratify(fit, cells, { weights: 'size', by: 'g' }).rows.map((row) => row['size']),
    );
    expect(answer.rows.every((row) => Number(row['q95']) > Number(row['q5']))).toBe(true);
  });

  it('a column that stands twice is refused', () => {
    expect(() => poststratify(fit, cells, { by: ['g', 'g'] })).toThrow(/by names the column "g" twice; once is enough/);
  });

  it('and one that has the name of a summary at another level is not', () => {
    const answer = poststratify(fit, cells, { by: 'q5', level: 0.95 });
    expect(answer.rows.map((row) => row['q5'])).toEqual(['p', 'q']);
  });

  it('a prediction says which column of the input a summary takes the place of', () => {
    const { notes } = predict(fit, { g: ['a'], x: [0], mean: ['p'], other: [1] });
    expect(notes).toEqual([expect.stringMatching(/^the column "mean" of the rows is not among the answers/)]);
  });
});

describe('weights and standard errors that are expressions', () => {
  const newdata = { g: ['a', 'b', 'c'], x: [0, 1, 2], v: [1, 4, 0.25] };
  const response = { kind: 'response', draws: true, seed: 3 } as const;

  it.each([
    ['weights(1/v)', 'weights(u)', (v: number) => 1 / v],
    ['weights(v^2 + 1)', 'weights(u)', (v: number) => v ** 2 + 1],
    ['se(sqrt(v))', 'se(u)', Math.sqrt],
    ['se(log(v + 2))', 'se(u)', (v: number) => Math.log(v + 2)],
  ])('%s is evaluated in newdata as in the data', (expression, plain, value) => {
    const one = syntheticFit(formula(`y | ${expression} ~ x + (1 | g)`), { rows });
    const other = syntheticFit(formula(`y | ${plain} ~ x + (1 | g)`), { rows: { ...rows, u: rows.v.map(value) } });
    const ours = predict(one, newdata, response).draws!;
    const theirs = predict(other, { ...newdata, u: newdata.v.map(value) }, response).draws!;
    ours.forEach((draw, i) => {
      expect(draw).toBeCloseTo(theirs[i]!, 10);
    });
  });

  it('without their columns: a row weighs 1, and a standard error is missed by the column that is not there', () => {
    const { v: _, ...rest } = newdata;
    const weighted = syntheticFit(formula('y | weights(1/v) ~ x + (1 | g)'), { rows });
    const ones = { ...rest, v: [1, 1, 1] };
    expect(predict(weighted, rest, response).draws).toEqual(predict(weighted, ones, response).draws);
    const known = syntheticFit(formula('y | se(sqrt(v)) ~ x + (1 | g)'), { rows });
    expect(() => predict(known, rest, response)).toThrow(/no column "v" for the standard error of a response, sqrt/);
    expect(() => predict(known, { ...rest, v: [1, -4, 1] }, response)).toThrow(/row 2/);
    expect(() => predict(weighted, { ...rest, v: [1, -4, 1] }, response)).toThrow(
      /the weight 1 ?\/ ?v is -0.25 in row 2/,
    );
  });

  it('from a group table, too', () => {
    const perGroup = { rows: { g, y: rows.y, x: rows.x }, groups: { g: { g: ['a', 'b', 'c', 'd'], s: [1, 2, 3, 4] } } };
    const fit = syntheticFit(formula('y | se(s / 2) ~ x + (1 | g)'), perGroup);
    const flat = syntheticFit(formula('y | se(s / 2) ~ x + (1 | g)'), {
      rows: { ...perGroup.rows, s: g.map((level) => 'abcd'.indexOf(level) + 1) },
    });
    const asked = { g: ['b', 'd'], x: [0, 0] };
    const ours = predict(fit, asked, response).draws!;
    expect(ours).toEqual(predict(flat, { ...asked, s: [2, 4] }, response).draws);
  });
});
