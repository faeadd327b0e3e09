import { expect, test } from 'vitest';
import * as api from '../../src/index.ts';
import { tiny } from '../mcmc/smallFits.ts';

type Call = (fit: never) => unknown;

const { graph, data } = tiny();
const estimates = api.maximumLikelihood(graph, data);
const draws = api.sampleSync(graph, data, { chains: 2, warmup: 20, iterations: 20, seed: 8 });

const ofDraws: Readonly<Record<string, Call>> = {
  summarize: (fit) => api.summarize(fit),
  check: (fit) => api.check(fit),
  simulate: (fit) => api.simulate(fit),
  compare: (fit) => api.compare(fit, estimates),
  compareGroups: (fit) => api.compareGroups(fit, estimates, 'g'),
  drawVariables: (fit) => api.drawVariables(fit),
  logLikelihood: (fit) => api.logLikelihood(fit),
  leaveOneOut: (fit) => api.leaveOneOut(fit),
  looPit: (fit) => api.looPit(fit),
  predictiveCheck: (fit) => api.predictiveCheck(fit),
  groupLogLikelihood: (fit) => api.groupLogLikelihood(fit, 'g'),
  extendSync: (fit) => api.extendSync(fit, 10),
  toJson: (fit) => api.toJson(fit),
  toWideCsv: (fit) => api.toWideCsv(fit),
  toTidyCsv: (fit) => api.toTidyCsv(fit),
  toDrawsList: (fit) => api.toDrawsList(fit),
  toArviz: (fit) => api.toArviz(fit),
  toMCMCChains: (fit) => api.toMCMCChains(fit),
  toStanCsv: (fit) => api.toStanCsv(fit),
};

const ofEither: Readonly<Record<string, Call>> = {
  fixef: (fit) => api.fixef(fit),
  ranef: (fit) => api.ranef(fit),
  coef: (fit) => api.coef(fit),
  varCorr: (fit) => api.varCorr(fit),
  sigma: (fit) => api.sigma(fit),
  icc: (fit) => api.icc(fit),
  odds: (fit) => api.odds(fit),
  predict: (fit) => api.predict(fit),
  poststratify: (fit) => api.poststratify(fit, { N: [1] }),
  shrinkage: (fit) => api.shrinkage(fit, 'g'),
  contrast: (fit) => api.contrast(fit, 'Intercept'),
  residuals: (fit) => api.residuals(fit),
  influence: (fit) => api.influence(fit, 'g'),
};

const ofEstimates: Readonly<Record<string, Call>> = {
  intervals: (fit) => api.intervals(fit, { method: 'profile' }),
  likelihoodRatio: (fit) => api.likelihoodRatio(estimates, fit),
  coefficientTests: (fit) => api.coefficientTests(fit),
  jointContrast: (fit) => api.jointContrast(fit, 'Intercept'),
  maximumLikelihoodText: (fit) => api.maximumLikelihoodText(fit),
};

const functions = Object.entries({ ...ofDraws, ...ofEither, ...ofEstimates });

test.each(functions)('%s says that a promise is to be awaited, and what is no fit', (name, call) => {
  const given = (value: unknown) => (): unknown => call(value as never);
  const start = `${name}: expected a fit${name in ofDraws ? ' of draws' : name in ofEstimates ? ' of maximumLikelihood' : ''}, not `;
  expect(given(Promise.resolve(1))).toThrow(`${start}the promise of one; write await sample(...)`);
  expect(given(undefined)).toThrow(`${start}undefined; `);
  expect(given({})).toThrow(expect.objectContaining({ code: 'not-a-fit', where: name }));
});

test.each(Object.entries(ofDraws))('%s says that it takes draws where it is given estimates', (name, call) => {
  const message = `${name}: expected a fit of draws, not one of kind "maximumLikelihood"; sample, sampleSync and fromJson give one`;
  expect(() => call(estimates as never)).toThrow(message);
});

test.each(Object.entries(ofEstimates))('%s says that it takes estimates where it is given draws', (name, call) => {
  const message = `${name}: expected a fit of maximumLikelihood, not one of kind "mcmc"; maximumLikelihood gives one`;
  expect(() => call(draws as never)).toThrow(message);
});

test('compareModels names the model that is no fit, and compare the estimates that are none', () => {
  expect(() => api.compareModels({ a: draws, b: api.sample(graph, data) as never })).toThrow(
    'compareModels: model "b": expected a fit of draws, not the promise of one; write await sample(...)',
  );
  expect(() => api.compareModels(undefined as never)).toThrow('there are no models to compare');
  expect(() => api.compare(draws, undefined as never)).toThrow(
    'estimates to compare with: expected what maximumLikelihood or externalFit gives, not undefined',
  );
});

test('a text says which call gives the answer it prints, where it is given a fit or a promise', () => {
  const texts: readonly (readonly [string, Call])[] = [
    ['summaryText: expected what summarize(fit) gives', (given) => api.summaryText(given)],
    ['checkText: expected what check(fit) gives', (given) => api.checkText(given)],
    ["shrinkageText: expected what shrinkage(fit, 'county') gives", (given) => api.shrinkageText(given)],
    [
      'compareModelsText: expected what compareModels({ pooled, partial }) gives',
      (given) => api.compareModelsText(given),
    ],
    ['oddsText: expected what odds(fit) gives', (given) => api.oddsText(given)],
    ['compareText: expected what compare(fit, estimates) gives', (given) => api.compareText(given)],
    ['predictionText: expected what predict(fit) gives', (given) => api.predictionText(given)],
  ];
  for (const [message, call] of texts) {
    for (const given of [draws, Promise.resolve(draws), undefined]) {
      expect(() => call(given as never)).toThrow(message);
      expect(() => call(given as never)).toThrow(expect.objectContaining({ code: 'not-an-answer' }));
    }
  }
});

test('describe says what it takes where it is given a promise or nothing', () => {
  for (const given of [Promise.resolve(draws), 7, undefined]) {
    expect(() => api.describe(given as never)).toThrow(expect.objectContaining({ code: 'invalid-graph' }));
  }
  expect(() => api.describe({ ...estimates, kind: 'other' } as never)).toThrow(
    'describe: expected a fit, not one of kind',
  );
});

test('the draws of a scalar are asked of the draws of a fit, by a position that there is', () => {
  for (const [name, call] of Object.entries({ scalarDraws: api.scalarDraws, scalarChains: api.scalarChains })) {
    expect(() => call(draws as never, 0)).toThrow(`${name}: expected the draws of a fit, fit.draws, not an object`);
    expect(() => call(draws.draws, 'sigma' as never)).toThrow(
      `${name}: scalar is "sigma"; accepted is the position of`,
    );
    expect(() => call(draws.draws, 1e6)).toThrow(expect.objectContaining({ code: 'option', where: name }));
  }
});
