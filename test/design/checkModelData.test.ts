import { expect, test } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { toFrame } from '../../src/data/toFrame.ts';

import { buildDesign } from '../../src/design/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { predict } from '../../src/summary/prediction/predict.ts';

const graph = formula('y ~ x + (1 | g)');
const rows = { y: [1, 2, 4, 3, 5, 4], x: [0, 1, 2, 0, 1, 3], g: ['a', 'a', 'b', 'b', 'c', 'c'] };

test.each<[string, unknown, string]>([
  ['a table of columns', rows, 'data has no rows but y, x, g; pass a table of columns as { rows: { ... } }'],
  ['six columns', { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, 'data has no rows but a, b, c, d, e, f; pass'],
  ['seven', { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1], g: [1] }, 'no rows but a, b, c, d, e, f, ...; pass'],
  ['a list of rows', [{ y: 1, x: 2 }], 'data is a list of 1; pass a list of rows as { rows: [...] }'],
  ['a frame', toFrame(rows, 'rows'), 'data is a frame; pass it as { rows: frame }'],
  ['nothing', {}, 'data has no rows but nothing; pass a table'],
  ['undefined', undefined, 'data is undefined; accepted is { rows, groups }'],
  ['a text', 'radon.csv', 'data is "radon.csv"; accepted is { rows, groups }'],
  ['a misspelt field', { rows, group: {} }, 'data has a field "group"; did you mean "groups"? Accepted: rows, groups'],
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
  expect(() => predict(fit, 7 as unknown as ModelData)).toThrow('newdata is 7; a table is an object of columns');
});

test('a text where a model was meant is answered by how to make one', () => {
  expect(() => sampleSync('y ~ x' as unknown as typeof graph, { rows })).toThrow(
    'graph: expected a model, not "y ~ x"; formula(text) makes one of a text',
  );
});
