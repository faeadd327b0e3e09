/** What a user's project may hold: type-checked against the packed package under strict, without skipLibCheck. */
export const consumer = `import {
  type Fit,
  formula,
  halfT,
  ModelError,
  type ModelGraph,
  maximumLikelihood,
  odds,
  predict,
  sample,
  sampleSync,
  shrinkage,
  summarize,
} from 'partial-pooling';
import { check, rhat } from 'partial-pooling/diagnostics';
import { hierarchicalNormal, varyingSlopes } from 'partial-pooling/models';

const data = { rows: { y: [1, 2, 3, 5, 8, 13], g: ['a', 'a', 'b', 'b', 'c', 'c'] } };
const graph: ModelGraph = formula('y ~ 1 + (1 | g)', { priors: { sigma: halfT(3, 1) } });
const same: ModelGraph = hierarchicalNormal({ response: 'y', group: 'g' });
const slopes: ModelGraph = varyingSlopes({ response: 'y', group: 'g', varying: ['x'] });
const fit: Fit = sampleSync(graph, data, { chains: 2, warmup: 50, iterations: 50, seed: 1 });
const mean: number = summarize(fit)[0]!.mean;
const weight: number = shrinkage(fit, 'g').rows[0]!.shrinkageWeight;
const later: Promise<Fit> = sample(same, data, { onProgress: ({ secondsLeft }) => secondsLeft?.toFixed(1) });
const verdict: boolean = check([{ name: 'x', chains: [[1, 2, 3, 4]] }]).ok;
const predicted: number = predict(fit).rows[0]!.mean;
const error: string = new ModelError('code', 'where', 'message').code;
// A fit whose model is written out knows its family, and odds ratios are those of logit models.
const logit = maximumLikelihood('y ~ 1 + (1 | g)', { y: [0, 1, 0, 1], g: ['a', 'a', 'b', 'b'] }, { family: 'binomial' });
const ratio: number = odds(logit)[0]!.estimate + odds(fit)[0]!.estimate;
const gaussian: Fit<'gaussian'> = sampleSync('y ~ 1 + (1 | g)', data);
// @ts-expect-error: a gaussian fit has no odds ratios
odds(gaussian);

export { error, later, mean, predicted, ratio, rhat, slopes, verdict, weight };
`;
