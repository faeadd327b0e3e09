import fc from 'fast-check';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { check } from '../../src/summary/checks/check.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { answered, expectFinite, expectSame, type FuzzedInput } from './input.ts';
import { changedJson, changedText, type JsonChange, jsonChange } from './mutations.ts';
import { rows } from './smallData.ts';

const size = { chains: 2, warmup: 4, iterations: 4, seed: 3 };
const texts = [
  toJson(sampleSync(formula('y ~ x + (1 | g)'), { rows }, { ...size, kernels: 'gibbs' }), { times: false }),
  toJson(sampleSync(formula('y ~ (1 + x | g)', { level2: { g: '~ w' } }), { rows }, { ...size, kernels: 'gibbs' })),
  toJson(sampleSync(formula('k ~ x + (1 | g)', { family: 'binomial' }), { rows }, { ...size, kernels: 'polyaGamma' })),
];
const values = texts.map((text): unknown => JSON.parse(text));

type Case = string | { readonly file: number; readonly changes: readonly JsonChange[] };

/**
 * Without measures, which are NaN where they are not defined (documented): R-hat, ESS and their errors of four draws.
 */
const MEASURES = ['mcseMean', 'rhat', 'essBulk', 'essTail', 'value'];

/** The text of a fit file. */
export const fitJsons: FuzzedInput<Case> = {
  name: 'fit JSON',
  holds: 'a fit that writes the same file again, is summarised, checked and predicted in finite numbers, or a sentence',
  cases: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        file: fc.integer({ min: 0, max: texts.length - 1 }),
        changes: fc.array(jsonChange, { maxLength: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: changedText(texts, ['"', ',', '{', '}', '[', ']', '0', '-', 'e9', 'null', ':', '"x":1,', '\\u0000']),
    },
  ),
  run(value) {
    const text = typeof value === 'string' ? value : JSON.stringify(changedJson(values[value.file], value.changes));
    const fit = answered(() => fromJson(text));
    if (fit === null) return false;
    const written = answered(() => toJson(fit));
    if (written === null) return false;
    expectSame(written, toJson(fromJson(written)), 'fit through its file');
    const huge = fit.draws.values.some((draw) => Math.abs(draw) > 1e100);
    const outputs = [summarize(fit), check(fit), predict(fit), shrinkage(fit, 'g')];
    if (!huge) for (const output of outputs) expectFinite(output, MEASURES);
    return true;
  },
};
