import { describe, expect, it } from 'vitest';
import type { ColumnInput } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { ResponseColumn } from '../../src/design/design.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { faultOf } from '../faultOf.ts';

const x = [1, 2, 4, 3, 5];

function responseOf(
  text: string,
  rows: Readonly<Record<string, ColumnInput>>,
  family: FormulaOptions['family'] = 'binomial',
): ResponseColumn {
  return buildDesign(formula(text, { family }), { rows: { x, ...rows } }).response;
}

describe('a binary response', () => {
  it.each<[string, ColumnInput, string, string, number[]]>([
    ['numbers 0 and 1', [0, 1, 1, -0, 1], '1', '0', [0, 1, 1, 0, 1]],
    ['numbers that are all 1', [1, 1, 1, 1, 1], '1', '0', [1, 1, 1, 1, 1]],
    ['booleans', [true, false, false, true, true], 'TRUE', 'FALSE', [1, 0, 0, 1, 1]],
    ['booleans that are all false', [false, false, false, false, false], 'TRUE', 'FALSE', [0, 0, 0, 0, 0]],
    [
      'the texts True and false, whatever their order',
      ['True', 'false', 'false', 'True', 'True'],
      'True',
      'false',
      [1, 0, 0, 1, 1],
    ],
    ['two levels, the second by code point being success', ['Y', 'N', 'N', 'Y', 'Y'], 'Y', 'N', [1, 0, 0, 1, 1]],
    [
      'levels whose order is not that of meaning',
      ['win', 'lose', 'win', 'win', 'lose'],
      'win',
      'lose',
      [1, 0, 1, 1, 0],
    ],
    ['levels where the capital comes first', ['a', 'B', 'a', 'a', 'B'], 'a', 'B', [1, 0, 1, 1, 0]],
  ])('takes %s', (_, vote, success, failure, y) => {
    for (const family of ['binomial', 'probit'] as const) {
      const response = responseOf('vote ~ x', { vote }, family);
      expect(response).toMatchObject({ successLevel: success, failureLevel: failure, trials: null, weights: null });
      expect([...response.y]).toStrictEqual(y);
      expect(response.family).toBe(family === 'probit' ? 'bernoulliProbit' : 'binomialLogit');
    }
  });

  it('takes an expression that gives 0 and 1, and counting weights', () => {
    const response = responseOf('I(vote - 1) | weights(w) ~ x', { vote: [1, 2, 2, 1, 2], w: [1, 2, 3, 1, 12] });
    expect([...response.y]).toEqual([0, 1, 1, 0, 1]);
    expect([...response.weights!]).toEqual([1, 2, 3, 1, 12]);
    expect(response.successLevel).toBe('1');
  });

  it('takes the levels of the rows in use, after rows with missing values are dropped', () => {
    const vote = ['Y', 'N', 'U', 'Y', 'Y'];
    const rows = { vote, x: [1, 2, null, 3, 4] };
    const { response, dropped } = buildDesign(
      formula('vote ~ x', { family: 'binomial' }),
      { rows },
      { missing: 'drop' },
    );
    expect(dropped).toBe(1);
    expect([...response.y]).toEqual([1, 0, 1, 1]);
  });

  it.each<[string, string, Record<string, ColumnInput>, string, string]>([
    [
      'three levels',
      'vote ~ x',
      { vote: ['Y', 'N', 'U', 'Y', 'Y'] },
      'not-binary',
      'response vote has the 3 levels "N", "U", "Y"; a binary response is 0 and 1, true and false, or text of exactly two levels',
    ],
    ['one level', 'vote ~ x', { vote: ['Y', 'Y', 'Y', 'Y', 'Y'] }, 'not-binary', 'response vote has the one level "Y"'],
    [
      'other numbers',
      'vote ~ x',
      { vote: [0, 1, 2, 1, 0.5] },
      'not-binary',
      'response vote has the numbers 0, 0.5, 1, 2 (2 first in row 3 of rows)',
    ],
    ['1 and 2', 'vote ~ x', { vote: [1, 2, 2, 1, 1] }, 'not-binary', 'the numbers 1, 2 (2 first in row 2 of rows)'],
    [
      'many numbers',
      'x ~ y',
      { x: [1.5, 2, 3, 4, 7, 9].slice(1), y: x },
      'not-binary',
      'response x has the numbers 2, 3, 4, 7, 9 (2 first in row 1 of rows)',
    ],
    [
      'a fractional weight',
      'vote | weights(w) ~ x',
      { vote: [0, 1, 1, 0, 1], w: [1, 2, 1.5, 1, 1] },
      'not-a-count',
      'weight w is 1.5 in row 3 of rows; every weight of this family counts equal rows and must be a whole number of 1 or more',
    ],
    [
      'a weight of zero',
      'vote | weights(w) ~ x',
      { vote: [0, 1, 1, 0, 1], w: [1, 2, 1, 1, 0] },
      'not-a-count',
      'weight w is 0 in row 5 of rows',
    ],
  ])('refuses %s', (_, text, rows, code, message) => {
    const fault = faultOf(() => responseOf(text, rows));
    expect(fault.message).toContain(message);
    expect(fault.code).toBe(code);
  });
});

describe('weights', () => {
  it('that are not positive are refused in any row, the first too', () => {
    for (const row of [0, 2, 4]) {
      const w = x.map((_, i) => (i === row ? 0 : 1.5));
      const fault = faultOf(() => responseOf('y | weights(w) ~ x', { y: x, w }, 'gaussian'));
      expect(fault.code).toBe('not-positive');
      expect(fault.message).toContain(`w is 0 in row ${row + 1} of rows`);
    }
  });
});

describe('an offset', () => {
  const y = [0, 1, 1, 0, 1];
  it('of a logit or a probit is refused beyond 10000 on either side, of a gaussian it is not', () => {
    const edge = [0, 1e4, -1e4, 1, 0];
    expect([...responseOf('y ~ x + offset(o)', { y, o: edge }).offset!]).toEqual(edge);
    for (const out of [10001, -10001]) {
      const o = [0, 1, 1, out, 0];
      const fault = faultOf(() => responseOf('y ~ x + offset(o)', { y, o }));
      expect(fault.code).toBe('offset-size');
      expect(fault.message).toBe(
        `offset is ${out} in row 4 of rows; with a logit or probit link it is from -10000 to 10000`,
      );
      expect([...responseOf('y ~ x + offset(o)', { y, o }, 'gaussian').offset!]).toEqual(o);
    }
  });
});

describe('counted successes', () => {
  it('have their trials, a column, an expression or a number, and counting weights', () => {
    const rows = { dem: [0, 2, 3, 1, 4], rep: [1, 2, 0, 3, 4], w: [1, 1, 2, 1, 1] };
    const response = responseOf('dem | trials(dem + rep) + weights(w) ~ x', rows);
    expect([...response.y]).toEqual(rows.dem);
    expect([...response.trials!]).toEqual([1, 4, 3, 4, 8]);
    expect([...response.weights!]).toEqual(rows.w);
    expect([response.successLevel, response.failureLevel]).toEqual([null, null]);
    expect([...responseOf('dem | trials(4) ~ x', rows).trials!]).toEqual([4, 4, 4, 4, 4]);
  });

  it('may be a share times the trials, rounding included', () => {
    const share = [0.1, 0.7, 1 / 3, 0.29, 0.07];
    const n = [10, 10, 3, 100, 300];
    expect([...responseOf('I(share * n) | trials(n) ~ x', { share, n }).y]).toEqual([1, 7, 1, 29, 21]);
  });

  it('do not put the column of trials among the predictors that . stands for', () => {
    const rows = { y: [0, 2, 3, 1, 4], n: [1, 4, 3, 4, 8], x };
    const design = buildDesign(formula('y | trials(n) ~ .', { family: 'binomial' }), { rows });
    expect(design.columns.map((column) => column.label)).toEqual(['Intercept', 'x']);
    expect([...design.rows.columns.keys()]).toEqual(['y', 'n', 'x']);
  });

  const n = [1, 4, 3, 4, 8];
  it.each<[string, Record<string, ColumnInput>, string, string]>([
    [
      'more successes than trials',
      { y: [0, 2, 5, 1, 4], n },
      'too-many-successes',
      'response y is 5 in row 3 of rows and its number of trials n is 3; successes may not exceed trials',
    ],
    [
      'fractional successes',
      { y: [0, 2.5, 3, 1, 4], n },
      'not-a-count',
      'response y is 2.5 in row 2 of rows; every count of successes must be a whole number of 0 or more',
    ],
    ['negative successes', { y: [0, -2, 3, 1, 4], n }, 'not-a-count', 'response y is -2 in row 2 of rows'],
    [
      'fractional trials',
      { y: [0, 2, 3, 1, 4], n: [1, 4, 3, 4.5, 8] },
      'not-a-count',
      'the number of trials n is 4.5 in row 4 of rows; every number of trials must be a whole number of 1 or more',
    ],
    [
      'zero trials',
      { y: [0, 2, 3, 1, 4], n: [0, 4, 3, 4, 8] },
      'not-a-count',
      'the number of trials n is 0 in row 1 of rows',
    ],
    [
      'text for successes',
      { y: ['a', 'b', 'a', 'b', 'a'], n },
      'not-numeric',
      'response y: column "y" is text ("a" in row 1 of rows)',
    ],
  ])('refuse %s', (_, rows, code, message) => {
    const fault = faultOf(() => responseOf('y | trials(n) ~ x', rows));
    expect(fault.message).toContain(message);
    expect(fault.code).toBe(code);
  });
});
