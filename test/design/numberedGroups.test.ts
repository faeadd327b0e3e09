import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { numberedGroups } from '../../src/design/numberedGroups.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { maximumLikelihoodText } from '../../src/report/text.ts';

const n = 60;
const id = Array.from({ length: n }, (_, i) => 101 + (i % 6));
const rows = {
  y: Array.from({ length: n }, (_, i) => Math.sin(i * i) + (i % 6)),
  x: Array.from({ length: n }, (_, i) => Math.cos(i)),
  id,
  name: id.map((value) => `s${value}`),
  room: Array.from({ length: n }, (_, i) => Math.floor(i / 6) % 4),
};
const notes = (text: string, data: ModelData = { rows }) => numberedGroups(buildDesign(formula(text), data));

describe('a grouping factor of numbers in the population part', () => {
  it.each([
    ['y ~ 0 + id + x + (1 | id)', 'id', 6],
    ['y ~ id + x + (1 | id)', 'id', 6],
    ['y ~ x * id + (1 + x | id)', 'id', 6],
    ['y ~ log(id) + (1 | id)', 'id', 6],
    ['y ~ scale(id) + (1 | id)', 'id', 6],
    ['y ~ poly(id, 2) + (1 | id)', 'id', 6],
    ['y ~ room + (1 | id/room)', 'room', 4],
    ['y ~ room + x + (1 | id:room)', 'room', 4],
  ])('is one slope, and said to be: %s', (text, name, levels) => {
    expect(notes(text)).toEqual([
      expect.stringMatching(
        new RegExp(`^${name} is a grouping factor .* its ${levels} levels, which factor\\(${name}\\)`),
      ),
    ]);
  });

  it('where its table makes it one, too', () => {
    const ids = [101, 102, 103, 104, 105, 106];
    const data = { rows, groups: { id: { id: ids, w: ids.map((value) => value % 4) } } };
    expect(notes('y ~ 0 + id + w', data)).toHaveLength(1);
  });

  it.each([
    'y ~ 0 + factor(id) + x',
    'y ~ factor(id) + (1 | room)',
    'y ~ x + (1 | id)',
    'y ~ within(x, id) + between(x, id) + (1 | id)',
    'y ~ x + (1 | name)',
    'y ~ id + (1 | name)',
    'y ~ . - name - room + (1 | id)',
  ])('has nothing to be said of it in %s', (text) => {
    expect(notes(text)).toEqual([]);
  });

  it('stands in what describe and a likelihood fit print', () => {
    const graph = formula('y ~ id + x + (1 | id)');
    expect(describeModel(plan(graph, { rows }))).toMatch(/note: id is a grouping factor whose levels are numbers/);
    expect(maximumLikelihoodText(maximumLikelihood(graph, { rows }))).toMatch(/^note: id is a grouping factor/m);
    expect(maximumLikelihoodText(maximumLikelihood(formula('y ~ x + (1 | id)'), { rows }))).not.toMatch(/note/);
  });
});
