import { describe, expect, it } from 'vitest';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { sample } from '../../src/run/sample.ts';
import { check } from '../../src/summary/checks/check.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { fuzzKinds } from '../fuzz/posterior/fuzzKinds.ts';
import { randomModel } from '../fuzz/posterior/randomModel.ts';

const size = { chains: 2, warmup: 4, iterations: 6, seed: 3 };

describe('steps that depart from what was planned, as what was fitted is poor', () => {
  const departed = (kind: string, seed: number) => {
    const { formula: text, options, rows } = randomModel(fuzzKinds.find(({ name }) => name === kind)!, seed);
    const graph = formula(text, options);
    return { graph, data: { rows }, fit: sampleSync(graph, { rows }, size) };
  };

  it.each([
    ['logit', 520, 'draws each coordinate by slice sampling, 3 times'],
    ['gaussian', 87, 'the proposal fitted about the modes was poor'],
  ])('are told in a sentence by describe, check and the fit file: %s %d', (kind, seed, words) => {
    const { fit } = departed(kind, seed);
    const { departure = '' } = fit.sampling.kernels[0]!;
    expect(departure).toContain(words);
    expect(describeModel(fit)).toContain(departure);
    expect(check(fit).kernels.join('\n')).toContain(departure);
    expect(fromJson(toJson(fit)).sampling.kernels).toEqual(fit.sampling.kernels);
  });

  it('are told of whichever thread prepared them', async () => {
    const { graph, data, fit } = departed('student', 528);
    expect(fit.sampling.kernels[0]!.departure).toContain('fitted anew where that run had been');
    const { sampling } = await sample(graph, data, { ...size, workers: 1 });
    expect(sampling.kernels).toEqual(fit.sampling.kernels);
  });

  it('are not where it fits', () => {
    const fit = sampleSync(formula('Reaction ~ Days + (Days | Subject)'), fixtureFrame('sleepstudy'), size);
    expect(fit.sampling.kernels.some((kernel) => 'departure' in kernel)).toBe(false);
  });
});
