import { expect, test } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { toFrame } from '../../src/data/toFrame.ts';

import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { predict } from '../../src/summary/prediction/predict.ts';

const graph = formula('y ~ x + (1 | g)');
const rows = { y: [1, 2, 4, 3, 5, 4], x: [0, 1, 2, 0, 1, 3], g: ['a', 'a', 'b', 'b', 'c', 'c'] };

test('a bare table is the rows: columns, row objects, a frame, and columns one of which is called rows', () => {
  const expected = buildDesign(graph, { rows });
  const objects = rows.y.map((y, i) => ({ y, x: rows.x[i]!, g: rows.g[i]! }));
  for (const table of [rows, objects, toFrame(rows, 'rows')]) {
    const design = buildDesign(graph, table);
    expect(design.X).toEqual(expected.X);
    expect(design.response.y).toEqual(expected.response.y);
  }
  expect(buildDesign(formula('y ~ rows + (1 | g)'), { ...rows, rows: [3, 1, 2, 9, 4, 5] }).columns[1]!.label).toBe(
    'rows',
  );
});

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'data is undefined; accepted is a table, or { rows, groups }'],
  [
    'a text',
    'radon.csv',
    'data is "radon.csv", a text, of which parseCsv makes a table; accepted is a table, or { rows, groups }',
  ],
  ['a misspelt field', { rows, group: {} }, 'data has a field "group"; did you mean "groups"? Accepted beside rows'],
  [
    'a list in a field',
    { data: [{ y: 1 }] },
    'data has a table in its field "data"; a table of rows is passed by itself',
  ],
  [
    'a list of tables',
    { rows, groups: [rows] },
    'data has groups a list of 1; accepted is an object with a table for each',
  ],
])('data that are %s are refused, saying how to pass them', (_, data, sentence) => {
  expect(() => buildDesign(graph, data as ModelData)).toThrow(
    expect.objectContaining({ code: 'not-data', message: expect.stringContaining(sentence) }),
  );
});

test('a misspelt field beside rows is refused for new data too, which may be a bare table', () => {
  const fit = sampleSync(graph, { rows }, { chains: 1, warmup: 2, iterations: 4, kernels: 'gibbs' });
  expect(predict(fit, { x: [1], g: ['a'] }).rows).toHaveLength(1);
  expect(() => predict(fit, { rows: { x: [1], g: ['a'] }, group: {} } as unknown as ModelData)).toThrow(
    'newdata has a field "group"; did you mean "groups"?',
  );
  expect(() => predict(fit, 7 as unknown as ModelData)).toThrow('newdata is 7; accepted is a table, or');
});

test('what is neither a model nor a text is no model', () => {
  expect(() => sampleSync(7 as unknown as typeof graph, { rows })).toThrow('graph: expected a model, not 7; formula');
});
