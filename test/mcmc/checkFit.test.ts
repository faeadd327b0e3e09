import { expect, test } from 'vitest';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../src/likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { toJson } from '../../src/mcmc/toJson.ts';
import { check } from '../../src/summary/check.ts';
import { poststratify } from '../../src/summary/poststratify.ts';
import { predict } from '../../src/summary/predict.ts';
import { shrinkage } from '../../src/summary/shrinkage.ts';
import { simulate } from '../../src/summary/simulate.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { tiny } from './smallFits.ts';

const functions: Readonly<Record<string, (fit: Fit) => unknown>> = {
  summarize: (fit) => summarize(fit),
  check: (fit) => check(fit),
  predict: (fit) => predict(fit),
  poststratify: (fit) => poststratify(fit, { N: [1] }),
  simulate: (fit) => simulate(fit),
  toJson: (fit) => toJson(fit),
  shrinkage: (fit) => shrinkage(fit, 'g'),
};

test.each(Object.keys(functions))('%s says that a promise is to be awaited, and what is no fit', (name) => {
  const call = (value: unknown) => (): unknown => functions[name]!(value as Fit);
  expect(call(Promise.resolve(1))).toThrow(`${name}: expected a fit, not the promise of one; write await sample(...)`);
  expect(call(undefined)).toThrow(`${name}: expected a fit, not undefined; sample, sampleSync and fromJson give one`);
  expect(call({})).toThrow(expect.objectContaining({ code: 'not-a-fit' }));
});

test('a function of draws says so where it is given an estimate', () => {
  const { graph, data } = tiny();
  const fit: MaximumLikelihoodFit = maximumLikelihood(graph, data);
  expect(() => summarize(fit as unknown as Fit)).toThrow(
    'summarize: expected a fit of draws (sample, sampleSync), not one of kind "maximumLikelihood"',
  );
  expect(shrinkage(fit, 'g').rows).toHaveLength(3);
});
