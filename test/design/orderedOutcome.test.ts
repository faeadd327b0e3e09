import { describe, expect, it } from 'vitest';
import type { ColumnInput } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { ResponseColumn } from '../../src/design/design.ts';
import { ModelError } from '../../src/errors.ts';
import type { Family, FamilyName } from '../../src/families/family.ts';
import { tryFamily } from '../../src/families/familyOf.ts';
import { formula } from '../../src/formula/formula.ts';
import { cells } from '../../src/products/cells.ts';
import { geometric } from '../families/geometric.ts';

/** The package has no family of ordered answers yet: what its rows are is the same for every one. */
const ordered: Family = {
  ...geometric,
  name: 'ordered' as FamilyName,
  kind: 'ordered',
  link: 'logit',
  merge: 'equal',
};

function withOrdered<T>(run: () => T): T {
  const forget = tryFamily(ordered);
  try {
    return run();
  } finally {
    forget();
  }
}

function responseOf(y: ColumnInput): ResponseColumn {
  return withOrdered(() => {
    return buildDesign(formula('y ~ x', { family: 'ordered' as FamilyName }), { rows: { y, x: [1, 2, 4, 3, 5] } })
      .response;
  });
}

describe('an ordered answer', () => {
  it.each<[string, ColumnInput, number[], string[]]>([
    ['numbers in their order', [3, 10, -1, 3, 2.5], [2, 3, 0, 2, 1], ['-1', '2.5', '3', '10']],
    ['zeros of either sign as one level', [0, -0, 1, 1, 2], [0, 0, 1, 1, 2], ['0', '1', '2']],
    ['text by code point', ['b', 'a', 'B', 'a', 'b'], [2, 1, 0, 1, 2], ['B', 'a', 'b']],
  ])('is the number of its level: %s', (_, y, numbers, levels) => {
    const response = responseOf(y);
    expect([...response.y]).toEqual(numbers);
    expect(response.levels).toEqual(levels);
    expect([response.trials, response.exposure, response.successLevel]).toEqual([null, null, null]);
  });

  it.each<[string, ColumnInput, RegExp]>([
    ['text', ['a', 'a', 'a', 'a', 'a'], /^response y is "a" in every row; an ordered answer has two levels or more$/],
    ['numbers', [2, 2, 2, 2, 2], /^response y is "2" in every row/],
  ])('has more than one level: %s', (_, y, message) => {
    expect(() => responseOf(y)).toThrow(ModelError);
    expect(() => responseOf(y)).toThrow(message);
  });

  it('is merged where levels are equal too, counted by weights', () => {
    withOrdered(() => {
      const rows = { y: ['a', 'b', 'a', 'b', 'a'], x: [1, 1, 1, 2, 1], w: [1, 2, 3, 1, 1] };
      const text = 'y | weights(w) ~ x';
      const { design, cell } = cells(buildDesign(formula(text, { family: 'ordered' as FamilyName }), { rows }));
      expect([...cell]).toEqual([0, 1, 0, 2, 0]);
      expect([...design.response.y]).toEqual([0, 1, 1]);
      expect([...design.response.weights!]).toEqual([5, 2, 1]);
    });
  });
});
