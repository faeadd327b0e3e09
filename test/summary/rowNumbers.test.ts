import { describe, expect, it } from 'vitest';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfT } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { checkText, predictionText } from '../../src/report/text.ts';
import { check } from '../../src/summary/checks/check.ts';
import { compareModels } from '../../src/summary/comparison/compareModels.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { predict } from '../../src/summary/prediction/predict.ts';

const priors = { sigma: halfT(3, 2), tau_g: halfT(3, 2) };
const options = { chains: 2, warmup: 100, iterations: 200, seed: 4 };

/** 24 rows of which the given ones (from 1) lack x; row 20 is an outlier no model predicts. */
function table(missing: readonly number[]) {
  const rng = createRng([9]);
  const n = 24;
  const y = Array.from({ length: n }, (_, i) => (i === 19 ? 60 : rng.normal()));
  const x = Array.from({ length: n }, (_, i): number | null => (missing.includes(i + 1) ? null : Math.sin(i)));
  return { y, x, g: Array.from({ length: n }, (_, i) => `g${i % 4}`) };
}

describe.each([
  ['three before', [2, 5, 11]],
  ['before and after', [1, 19, 21, 24]],
  ['a run', [7, 8, 9, 10]],
])('rows left out for missing values: %s', (_, missing) => {
  const rows = table(missing);
  const fit = sampleSync(formula('y ~ x + (1 | g)', { priors }), { rows }, { ...options, missing: 'drop' });
  const used = Array.from({ length: 24 }, (_, i) => i + 1).filter((number) => !missing.includes(number));

  it('leave the numbers of the others as they are in the input', () => {
    expect(predict(fit).rowNumbers).toEqual(used);
    const loo = leaveOneOut(fit);
    expect(loo.rowNumbers).toEqual(used);
    // The outlier's importance weights have no finite variance.
    expect(loo.above.map((i) => loo.rowNumbers[i])).toContain(20);
    const [model] = compareModels({ one: fit }).models;
    expect(model!.paretoK.above).toContain(20);
    expect(model!.paretoK.above.every((number) => used.includes(number))).toBe(true);
  });

  it('and so does a fit file, with its own data and with the data given', () => {
    const text = toJson(fit);
    for (const read of [fromJson(text), fromJson(text, { rows }), fromJson(toJson(fit, { data: false }), { rows })]) {
      expect(predict(read).rowNumbers).toEqual(used);
      expect(toJson(read)).toBe(text);
    }
    const object = JSON.parse(text) as {
      partial_pooling: { schema: number; checksum?: string; data: Record<string, unknown> };
    };
    // What a checksum keeps from being read is read of layout 1, which has none.
    object.partial_pooling.schema = 1;
    delete object.partial_pooling.checksum;
    expect(object.partial_pooling.data['droppedRows']).toEqual(missing);
    object.partial_pooling.data['droppedRows'] = [...missing].reverse();
    expect(() => fromJson(JSON.stringify(object))).toThrow(/droppedRows are not in ascending order/);
    object.partial_pooling.data['droppedRows'] = missing.slice(1);
    expect(() => fromJson(JSON.stringify(object))).toThrow(/droppedRows has/);
    // A file that does not have them, of an earlier build: its rows are numbered among those in use, and it says so.
    delete object.partial_pooling.data['droppedRows'];
    const { rowNumbers, notes } = predict(fromJson(JSON.stringify(object)));
    expect(rowNumbers).toEqual(used.map((_, i) => i + 1));
    expect(notes.join()).toMatch(/numbered among those in use/);
  });

  it('stand in the text of predictions', () => {
    const lines = predictionText(predict(fit)).split('\n');
    expect(lines[0]).toMatch(/^ *row /);
    expect(lines.slice(2).map((line) => Number(line.trim().split(/\s+/)[0]))).toEqual(used);
  });
});

describe('rows of which none was left out', () => {
  it('are numbered from 1, without a column for it, and the fit file says nothing', () => {
    const rows = table([]);
    const fit = sampleSync(formula('y ~ x + (1 | g)', { priors }), { rows }, { ...options, missing: 'drop' });
    expect(predict(fit).rowNumbers).toEqual(rows.y.map((_, i) => i + 1));
    expect(predictionText(predict(fit))).not.toMatch(/^ *row /);
    expect(toJson(fit)).not.toContain('droppedRows');
  });
});

describe('the verdict on a fit', () => {
  it('carries the thresholds it was made with into its text', () => {
    const fit = sampleSync(formula('y ~ x + (1 | g)', { priors }), { rows: table([]) }, options);
    const verdict = check(fit, { rhat: 9, essPerChain: 0 });
    expect(verdict.thresholds).toEqual({ rhat: 9, essPerChain: 0 });
    expect(checkText(verdict)).toMatch(/R-hat at most 9, bulk and tail ESS at least 0 per chain/);
  });
});
