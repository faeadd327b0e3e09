import { describe, expect, it } from 'vitest';
import type { FamilySpelling } from '../../src/families/family.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { compareGroups } from '../../src/summary/comparison/compareGroups.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { syntheticFit } from './syntheticFit.ts';

const n = 36;
const rows = {
  g: Array.from({ length: n }, (_, i) => `g${i % 6}`),
  x: Array.from({ length: n }, (_, i) => Math.sin(3 * i)),
  y: Array.from({ length: n }, (_, i) => 4 + ((i * 5) % 7) + (i % 6 > 3 ? 2 : 0)),
  v: Array.from({ length: n }, (_, i) => 1 + (i % 3)),
  m: Array.from({ length: n }, () => 20),
  k: Array.from({ length: n }, (_, i) => 20 + (i % 2)),
  b: Array.from({ length: n }, (_, i) => ((i * 5) % 7 > 3 ? 1 : 0)),
};
const graph = (text: string, family?: FamilySpelling) => formula(text, family === undefined ? {} : { family });
const estimates = (text: string, family?: FamilySpelling, from = rows) =>
  maximumLikelihood(graph(text, family), { rows: from });
const draws = (text: string, family?: FamilySpelling) => syntheticFit(graph(text, family), { rows });

describe('a posterior beside a likelihood fit of our own to other data', () => {
  const few = Object.fromEntries(
    Object.entries(rows).map(([name, values]) => [name, values.slice(0, 30)]),
  ) as typeof rows;
  it.each([
    ['response', draws('y ~ x + (1 | g)'), estimates('log(y) ~ x + (1 | g)')],
    ['rows', draws('y ~ x + (1 | g)'), estimates('y ~ x + (1 | g)', undefined, few)],
    ['weights', draws('y ~ x + (1 | g)'), estimates('y | weights(v) ~ x + (1 | g)')],
    ['offset', draws('y ~ x + (1 | g)'), estimates('y ~ x + offset(v) + (1 | g)')],
    ['standard errors', draws('y | se(v) ~ x + (1 | g)'), estimates('y ~ x + (1 | g)')],
    ['trials', draws('y | trials(m) ~ x + (1 | g)', 'binomial'), estimates('y | trials(k) ~ x + (1 | g)', 'binomial')],
    ['family', draws('b ~ x + (1 | g)', 'binomial'), estimates('b ~ x + (1 | g)', 'probit')],
    ['family', draws('b ~ x + (1 | g)', 'binomial'), estimates('b ~ x + (1 | g)')],
  ])('is refused where the %s differ', (part, fit, other) => {
    const refused = new RegExp(`differ in .*${part}`);
    expect(() => compare(fit, other)).toThrow(refused);
    expect(() => compareGroups(fit, other, 'g')).toThrow(refused);
    expect(() => compare(fit, other)).toThrow(expect.objectContaining({ code: 'different-data' }));
  });

  it('is compared where only the terms differ, and Student-t draws beside normal estimates', () => {
    expect(() => compare(draws('y ~ x + (1 | g)'), estimates('y ~ 1 + (1 | g)'))).not.toThrow();
    expect(() => compare(draws('y ~ x + (1 | g)', 'student'), estimates('y ~ x + (1 | g)'))).not.toThrow();
  });
});

describe('compareGroups counts as shrinkage does', () => {
  it.each([
    ['rows', 'y ~ x + (1 | g)', undefined, 6],
    ['trials', 'y | trials(m) ~ x + (1 | g)', 'binomial' as const, 120],
    ['rows that weights stand for', 'b | weights(m) ~ x + (1 | g)', 'probit' as const, 120],
  ])('%s', (_, text, family, each) => {
    const fit = draws(text, family);
    const counts = compareGroups(fit, estimates(text, family), 'g').rows.map((row) => row.n);
    expect(counts).toEqual(new Array(6).fill(each));
    expect(shrinkage(fit, 'g').rows.map((row) => row.n)).toEqual(counts);
  });
});
