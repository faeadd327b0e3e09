import { describe, expect, it } from 'vitest';
import * as main from '../src/index.ts';
import * as plots from '../src/plots/index.ts';
import { createRng } from '../src/random/rng.ts';
import { report } from '../src/report/html/index.ts';

/**
 * Every question put to a fit of every kind of model: each gives an answer that holds no NaN where none is meant, or
 * says in one sentence, with a code, why it has none. Features that were made apart meet here.
 */
const rng = createRng([5]);
const n = 48;
const x = Array.from({ length: n }, () => rng.normal());
const y = x.map((value, i) => 1 + 0.5 * value + rng.normal() + 0.3 * (i % 6));
const rows = {
  y,
  x,
  yes: y.map((value) => (value > 2 ? 1 : 0)),
  count: y.map((value) => Math.max(0, Math.round(value))),
  answer: y.map((value) => (value < 1 ? 'low' : value < 2.5 ? 'middle' : 'top')),
  six: y.map(() => 6),
  k: y.map((value) => Math.max(0, Math.min(6, Math.round(value + 1)))),
  g: y.map((_, i) => `g${i % 6}`),
  time: y.map((_, i) => Math.floor(i / 6)),
  child: y.map((_, i) => `c${i % 6}-${Math.floor(i / 18)}`),
  visit: y.map((_, i) => Math.floor(i / 6) % 3),
  f: y.map((_, i) => 'abc'[(i * 7) % 3]!),
  one: y.map(() => 1),
};
const newRows = {
  x: [0, 1],
  f: ['a', 'b'],
  g: ['g1', 'new'],
  time: [8, 9],
  child: ['c1-2', 'new'],
  visit: [2, 1],
  six: [6, 6],
  one: [1, 1],
  N: [2, 3],
};

const levels = ['low', 'middle', 'top'];
const MODELS: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ['gaussian', 'y ~ x + f + (1 + x | g)', {}],
  ['a horseshoe', 'y ~ x + f + (1 | g)', { priors: { beta: main.horseshoe(0.5, 4, 2) } }],
  ['a Cauchy prior of a logit', 'yes ~ x + (1 | g)', { family: 'binomial', priors: { 'beta[x]': main.cauchy(0, 1) } }],
  ['known standard errors', 'y | se(one) ~ x + (1 | g)', {}],
  ['weights', 'y | weights(six) ~ x + (1 | g)', {}],
  ['no groups', 'y ~ x + f', {}],
  ['crossed', 'y ~ x + (1 | g) + (1 | f)', {}],
  ['Student-t', 'y ~ x + f + (1 | g)', { family: 'studentT' }],
  ['logit', 'yes ~ x + f + (1 | g)', { family: 'binomial' }],
  ['trials', 'k | trials(six) ~ x + f + (1 | g)', { family: 'binomial' }],
  ['beta-binomial', 'k | trials(six) ~ x + f + (1 | g)', { family: 'betaBinomial' }],
  ['beta-binomial of one trial', 'yes | trials(one) ~ x + (1 | g)', { family: 'betaBinomial' }],
  ['probit', 'yes ~ x + (1 | g)', { family: 'probit' }],
  ['counts', 'count ~ x + f + (1 | g)', { family: 'poisson' }],
  ['exposure', 'count | exposure(six) ~ x + (1 | g)', { family: 'poisson' }],
  ['negative binomial', 'count ~ x + (1 | g)', { family: 'negativeBinomial' }],
  ['ordinal', 'answer ~ x + f + (1 | g)', { family: 'ordinal', levels }],
  ['ordinal probit', 'answer ~ x + (1 | g)', { family: 'ordinalProbit', levels }],
  ['first-order residuals', 'y ~ x + (1 | g)', { residual: 'ar1(time | g)' }],
  ['residuals by steps', 'y ~ x + (1 | g)', { residual: 'toeplitz(visit | child)' }],
  ['sds of terms', 'y ~ x + (1 | g)', { sigma: '~ x' }],
  ['sds and correlations of visits', 'y ~ x + f + (1 | g)', { residual: 'unstructured(visit | child)' }],
];

type Call = (...given: unknown[]) => unknown;
const own = main as unknown as Readonly<Record<string, Call>>;
const draw = plots as unknown as Readonly<Record<string, Call>>;
const call = (name: string, ...given: unknown[]) => own[name]!(...given);

/** Where an answer holds a NaN, or null; of texts, what stands for one. */
function holdsNaN(answer: unknown, path = '', depth = 0): string | null {
  if (typeof answer === 'string') return /\bNaN\b|undefined|\[object/.exec(answer)?.[0] ?? null;
  if (typeof answer === 'number') return Number.isNaN(answer) ? path : null;
  if (typeof answer !== 'object' || answer === null || depth > 5) return null;
  if (ArrayBuffer.isView(answer)) return (answer as Float64Array).some?.(Number.isNaN) ? `${path}[]` : null;
  for (const [key, value] of Object.entries(answer)) {
    // The Monte Carlo error of elpd is NaN where a Pareto k is too large, and says so.
    const found = key === 'mcse' ? null : holdsNaN(value, `${path}.${key}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

const FIT_ALONE =
  'summarize fixef ranef coef varCorr sigma icc check logLikelihood leaveOneOut looPit calibration residuals predictiveCheck rSquared sensitivity simulate describe odds predict toArviz toStanCsv toJson'.split(
    ' ',
  );
const ML_ALONE =
  'fixef coef varCorr icc residuals rSquared coefficientTests predict odds maximumLikelihoodText profile describe'.split(
    ' ',
  );
const PICTURES = Object.keys(plots).filter((name) => name.startsWith('plot'));

function questions(fit: main.Fit, ml: main.MaximumLikelihoodFit | null): readonly (readonly [string, () => unknown])[] {
  const both = { newGroups: 'draw' };
  const picture = (name: string): unknown => {
    const of: Readonly<Record<string, () => unknown[]>> = {
      plotParetoK: () => [call('leaveOneOut', fit)],
      plotPopulation: () => [call('poststratify', fit, newRows, both)],
      plotComparison: () => [call('compareModels', { a: fit, b: fit })],
      plotInfluence: () => [call('influence', fit, 'g')],
      plotSbc: () => [{ sigma: [1, 4, 0] }, { draws: 4 }],
      plotProfile: () => [ml],
      plotData: () => [fit.graph, { rows }],
      plotPrior: () => [fit.graph, { rows }, { draws: 20 }],
      plotCurves: () => [fit, { x: 'x' }],
    };
    const alone = 'Calibration Chains LooPit Pairs Parameters Predictive Residuals Variance';
    return draw['toSvg']!(draw[name]!(...(of[name]?.() ?? (alone.includes(name.slice(4)) ? [fit] : [fit, 'g']))));
  };
  return [
    ...FIT_ALONE.map((name) => [name, () => call(name, fit)] as const),
    ['predict new rows', () => call('predict', fit, newRows, both)],
    ['predict responses', () => call('predict', fit, newRows, { kind: 'response' })],
    ['predict probabilities', () => call('predict', fit, newRows, { kind: 'probability' })],
    ['effects', () => call('effects', fit, 'x')],
    ['margins', () => call('margins', fit, 'f')],
    ['varianceFunction', () => call('varianceFunction', fit, 'x')],
    ['marginalCovariance', () => call('marginalCovariance', fit, 'g', 'g1')],
    ['shrinkage', () => call('shrinkage', fit, 'g')],
    ['leave groups out', () => call('leaveOneOut', fit, { by: 'g' })],
    ['influence', () => call('influence', fit, 'g')],
    ['groupRanks', () => call('groupRanks', fit, 'g')],
    ['poststratify', () => call('poststratify', fit, newRows, both)],
    ['hypothesis', () => call('hypothesis', fit, 'x > 0')],
    ['contrast', () => call('contrast', fit, 'x')],
    ['compareModels', () => call('compareModels', { a: fit, b: fit })],
    ['simulatePrior', () => call('simulatePrior', fit.graph, { rows }, { draws: 20, flat: 'wide' })],
    ['combineImputations', () => call('combineImputations', [fit, fit])],
    ['file', () => expect(call('summarize', call('fromJson', call('toJson', fit)))).toEqual(call('summarize', fit))],
    ...PICTURES.filter((name) => ml !== null || name !== 'plotProfile').map(
      (name) => [name, () => picture(name)] as const,
    ),
    ['report', () => report(fit)],
    ...(ml === null
      ? []
      : [
          ...ML_ALONE.map((name) => [`${name} of ML`, () => call(name, ml)] as const),
          ['intervals by profile', () => call('intervals', ml, { method: 'profile' })] as const,
          ['bootstrap', () => call('intervals', ml, { method: 'bootstrap', seed: 1, simulations: 2 })] as const,
          ['predict of ML', () => call('predict', ml, newRows)] as const,
          ['effects of ML', () => call('effects', ml, 'x')] as const,
          ['margins of ML', () => call('margins', ml, 'f')] as const,
          ['shrinkage of ML', () => call('shrinkage', ml, 'g')] as const,
          ['influence of ML', () => call('influence', ml, 'g')] as const,
          ['hypothesis of ML', () => call('hypothesis', ml, 'x > 0')] as const,
          ['compare', () => call('compare', fit, ml)] as const,
          ['compareGroups', () => call('compareGroups', fit, ml, 'g')] as const,
          ['jointContrast', () => call('jointContrast', ml, 'x = 0; x = 0')] as const,
          ['anova', () => call('anova', { a: ml, b: ml })] as const,
          ['combineImputations of ML', () => call('combineImputations', [ml, ml])] as const,
        ]),
  ];
}

/** What is wrong with how a question is answered, or null. */
function fault(ask: () => unknown): string | null {
  try {
    const where = holdsNaN(ask());
    return where === null ? null : `NaN at ${where}`;
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string };
    if (typeof code === 'string' && typeof message === 'string' && !message.includes('\n')) return null;
    return String(message ?? error);
  }
}

describe.each(MODELS)('a fit with %s', (name, text, options) => {
  it('answers every question, or says why it does not', () => {
    const graph = call('formula', text, options) as main.ModelGraph;
    const fit = main.sampleSync(graph, { rows }, { seed: 2, chains: 2, iterations: 40, warmup: 60 });
    const ml = name === 'Student-t' ? null : main.maximumLikelihood(graph, { rows });
    const asked = questions(fit, ml);
    const faults = asked.flatMap(([question, ask]) => {
      const found = fault(ask);
      return found === null ? [] : [`${question}: ${found}`];
    });
    expect(faults).toEqual([]);
  });
});
