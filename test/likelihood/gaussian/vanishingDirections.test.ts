import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';

/** Groups a and b of one value of x each, c of two, d of one row. */
const rows = {
  g: [...'aaabbbcccd'],
  x: [2001, 2001, 2001, 2004, 2004, 2004, 2001, 2002, 2001, 2009],
  y: [1, 3, 2, 5, 4, 4, 7, 8, 6, 5],
};

describe('directions in which a group does not vary', () => {
  it.each([
    ['y ~ 1 + (1 + x | g)', ['a', 'b', 'd']],
    ['y ~ 1 + (1 + x || g)', []],
    ['y ~ 1 + (1 | g)', []],
    ['y ~ 1 + (0 + factor(x) | g)', ['a', 'b', 'c', 'd']],
  ])('%s: of groups %o, and of no other', (text, groups) => {
    const design = buildDesign(formula(text), { rows });
    const { vanishing, factors } = profiledDeviance(crossProducts(design), design, 'ML');
    const { Z, q, index } = design.groupTerms[0]!;
    const still = new Set<string>();
    vanishing.forEach((directions, b) => {
      const { size, start, offset } = factors.blocks[b]!;
      for (const direction of directions) {
        const x = new Float64Array(factors.size);
        for (let a = 0; a < size; a++) x[offset + a] = direction[a]!;
        const [Lambda] = factors.fromSearch(x);
        const varies = new Set<string>();
        index.forEach((_, i) => {
          let sum = 0;
          for (let a = 0; a < size; a++) sum += Z[i * q + start + a]! * Lambda![(start + a) * q + start]!;
          if (Math.abs(sum) > 1e-9) varies.add(rows.g[i]!);
        });
        const left = [...'abcd'].filter((group) => !varies.has(group));
        expect(left.length).toBeGreaterThan(0);
        for (const group of left) still.add(group);
      }
    });
    expect([...still].sort()).toEqual(groups);
  });
});
