import fc from 'fast-check';
import { hierarchicalNormal } from '../../models/hierarchicalNormal.ts';
import { logitVoter } from '../../models/logitVoter.ts';
import { varyingSlopes } from '../../models/varyingSlopes.ts';
import { toDrawsList } from '../../src/files/toDrawsList.ts';
import { toJson } from '../../src/files/toJson.ts';
import { toMCMCChains } from '../../src/files/toMCMCChains.ts';
import { toStanCsv } from '../../src/files/toStanCsv.ts';
import { toTidyCsv } from '../../src/files/toTidyCsv.ts';
import { toWideCsv } from '../../src/files/toWideCsv.ts';
import { formula } from '../../src/formula/formula.ts';
import { normal } from '../../src/graph/priors.ts';
import { intervals } from '../../src/likelihood/inference/intervals.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { shrinkageText } from '../../src/report/shrinkageText.ts';
import { toArviz } from '../../src/report/toArviz.ts';
import { sample } from '../../src/run/sample.ts';
import { check } from '../../src/summary/checks/check.ts';
import { contrast } from '../../src/summary/comparison/contrast.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { odds } from '../../src/summary/prediction/odds.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { answeredLater, expectFinite, type FuzzedInput } from './input.ts';
import { oddNames, programOddities } from './mutations.ts';
import { rows } from './smallData.ts';

const small = { chains: 2, warmup: 4, iterations: 6, seed: 3, kernels: 'gibbs' };
const model = formula('y ~ x + (1 | g)');
const proper = formula('y ~ x + (1 | g)', { priors: { beta: normal(0, 1) } });
const fit = sampleSync(model, { rows }, small);
const votes = sampleSync(
  formula('k ~ x + (1 | g)', { family: 'binomial' }),
  { rows },
  { ...small, kernels: 'polyaGamma' },
);
const reml = maximumLikelihood(model, { rows });
const cells = { x: [1, 2], g: ['a', 'new'], N: [10, 20] };

interface Door {
  /** Options that are accepted. */
  readonly valid: Readonly<Record<string, unknown>>;
  /** Calls the function; options may be anything. */
  readonly call: (options: never) => unknown;
}

/** Every public function that takes options. */
export const doors: Readonly<Record<string, Door>> = {
  formula: {
    valid: { level2: { g: '~ w' }, priors: {}, family: 'gaussian' },
    call: (o) => formula('y ~ x + (1 | g)', o),
  },
  sample: { valid: { ...small, missing: 'error', workers: false }, call: (o) => sample(model, { rows }, o) },
  sampleSync: { valid: { ...small, missing: 'drop' }, call: (o) => sampleSync(model, { rows }, o) },
  plan: { valid: { kernels: 'gibbs', missing: 'drop' }, call: (o) => plan(model, { rows }, o) && 1 },
  maximumLikelihood: { valid: { method: 'ML', missing: 'error' }, call: (o) => maximumLikelihood(model, { rows }, o) },
  intervals: { valid: { method: 'bootstrap', level: 0.9, simulations: 2, seed: 1 }, call: (o) => intervals(reml, o) },
  contrast: { valid: { level: 0.9 }, call: (o) => [contrast(fit, 'x', o), contrast(reml, 'x', o).lower] },
  predict: {
    valid: { kind: 'mean', groups: ['g'], newGroups: 'draw', level: 0.8, seed: 4, draws: true },
    call: (o) => predict(fit, { x: [1, 2], g: ['a', 'new'] }, o),
  },
  poststratify: {
    valid: { by: 'g', weights: 'N', kind: 'total', newGroups: 'draw', level: 0.5, seed: 1, draws: false },
    call: (o) => poststratify(votes, cells, o),
  },
  summarize: {
    valid: { variables: ['beta', 'tau_g'], probs: [0.1, 0.9], measures: ['mean', 'quantiles'] },
    call: (o) => summarize(fit, o),
  },
  check: { valid: { rhat: 1.05, essPerChain: 10 }, call: (o) => check(fit, o) },
  simulate: { valid: { draws: 3, seed: 2, groups: 'new' }, call: (o) => simulate(fit, o) },
  simulatePrior: {
    valid: { draws: 3, seed: 2, missing: 'error' },
    call: (o) => simulatePrior(proper, { rows }, o).responses,
  },
  odds: { valid: { level: 0.9 }, call: (o) => odds(votes, o) },
  toJson: { valid: { groupCoefficients: true, data: false, times: false }, call: (o) => toJson(fit, o) },
  toDrawsList: { valid: { groupCoefficients: true }, call: (o) => toDrawsList(fit, o) },
  toArviz: { valid: { logLikelihood: true, posteriorPredictive: true, prior: false }, call: (o) => toArviz(fit, o) },
  toMCMCChains: { valid: { groupCoefficients: true }, call: (o) => toMCMCChains(fit, o) },
  toStanCsv: { valid: { groupCoefficients: true }, call: (o) => toStanCsv(fit, o) },
  toTidyCsv: { valid: { groupCoefficients: true }, call: (o) => toTidyCsv(fit, o) },
  toWideCsv: { valid: { groupCoefficients: true }, call: (o) => toWideCsv(fit, o) },
  shrinkageText: { valid: { top: 2, term: 'Intercept' }, call: (o) => shrinkageText(shrinkage(fit, 'g'), o) },
  hierarchicalNormal: {
    valid: { response: 'y', group: 'g', predictors: ['x'], level2: ['w'], priors: {}, se: 's' },
    call: (o) => hierarchicalNormal(o),
  },
  varyingSlopes: {
    valid: {
      response: 'y',
      group: 'g',
      varying: ['x'],
      predictors: ['z'],
      level2: { x: ['w'], 1: ['w'] },
      correlated: false,
      priors: {},
    },
    call: (o) => varyingSlopes(o),
  },
  logitVoter: {
    valid: { response: 'y', group: 'g', predictors: ['z'], varying: ['x'], level2: ['w'], trials: 'n', priors: {} },
    call: (o) => logitVoter(o),
  },
};

type Action = 'replace' | 'add' | 'misspell' | 'remove' | 'other';

interface Change {
  readonly action: Action;
  readonly at: number;
  readonly value: unknown;
  readonly name: string;
}

interface Case {
  readonly door: string;
  readonly changes: readonly Change[];
}

/**
 * Measures of six draws, some of them not defined and NaN, as documented; infinite degrees of freedom are the normal.
 */
const UNDEFINED = ['mcseMean', 'rhat', 'essBulk', 'essTail', 'value', 'df', 'convergence', 'threshold', 'measure'];

function changed(valid: Readonly<Record<string, unknown>>, changes: readonly Change[]): unknown {
  const entries = new Map(Object.entries(valid));
  for (const { action, at, value, name } of changes) {
    const names = [...entries.keys()];
    const chosen = names[Math.floor(at * names.length)] ?? 'seed';
    // Threads take tens of milliseconds to start: the tests of run/ start them.
    const given = chosen === 'workers' && typeof value === 'number' ? 0 : value;
    if (action === 'other') return value;
    if (action === 'replace') entries.set(chosen, given);
    if (action === 'add') entries.set(name, value);
    if (action === 'remove') entries.delete(chosen);
    if (action === 'misspell') {
      entries.set(`${chosen}s`, entries.get(chosen));
      entries.delete(chosen);
    }
  }
  return Object.fromEntries(entries);
}

/** The option objects of every public function that takes one. */
export const optionObjects: FuzzedInput<Case> = {
  name: 'option objects',
  holds: 'an option that does not exist is named; otherwise finite output, or a sentence',
  cases: fc.record({
    door: fc.constantFrom(...Object.keys(doors)),
    changes: fc.array(
      fc.record({
        action: fc.constantFrom<Action>('replace', 'replace', 'replace', 'add', 'misspell', 'remove', 'other'),
        at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        value: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...programOddities) },
          {
            weight: 1,
            arbitrary: fc.constantFrom<unknown>('REML', 'ML', 'draw', 'error', 'mean', 'wald', 'profile', ['g'], ['x']),
          },
        ),
        name: fc.constantFrom(...oddNames, 'draws', 'chain', 'iteration', 'level', 'seeds'),
      }),
      { maxLength: 3 },
    ),
  }),
  async run({ door, changes }) {
    const { valid, call } = doors[door]!;
    const options = changed(valid, changes);
    const found = await answeredLater(async () => ({ output: await call(options as never) }));
    if (found === null) return false;
    const names = typeof options === 'object' && options !== null ? Object.keys(options) : [];
    const unknown = names.find((name) => !Object.hasOwn(valid, name) && !['points', 'clock', 'workers'].includes(name));
    if (unknown !== undefined) throw new Error(`${door} took the option ${unknown} without a word`);
    expectFinite(found.output, [...UNDEFINED, 'design', 'graph', 'priors', 'checkpoints', 'signal'], door);
    return true;
  },
};
