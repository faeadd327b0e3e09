import { Checksum } from '../files/checksum.ts';
import { dataJson } from '../files/dataJson.ts';
import { drawsJson, notFinite } from '../files/drawsJson.ts';
import { FIT_FILE_WRITER, fitFileAxes } from '../files/fitFile.ts';
import { numberText } from '../files/numberText.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from '../files/writtenDraws.ts';
import { flag } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { logLikelihood } from '../summary/comparison/logLikelihood.ts';
import { predict } from '../summary/prediction/predict.ts';
import { simulatePrior } from '../summary/prediction/simulatePrior.ts';

/**
 * The groups that are written beside posterior, sample_stats, observed_data and constant_data; none of them unless
 * asked for.
 */
export interface ArvizOptions extends DrawsOptions {
  /** `log_likelihood`: of every row at every draw, for `az.loo` and `az.compare`. */
  readonly logLikelihood?: boolean;
  /** `posterior_predictive`: a new response of every row at every draw, for `az.plot_ppc`. */
  readonly posteriorPredictive?: boolean;
  /**
   * `prior` and `prior_predictive`: 1000 draws of every parameter from the priors in force, which must be proper, and
   * the responses they imply.
   */
  readonly prior?: boolean;
}

export const ARVIZ_OPTIONS: OptionTable<ArvizOptions> = {
  ...DRAWS_OPTIONS,
  logLikelihood: flag,
  posteriorPredictive: flag,
  prior: flag,
};

/**
 * A fit as ArviZ's groups in JSON, `{ group: { variable: [chain][draw][...dims] }, coords, dims }`. What has a value
 * per row (response, log-likelihood, predictions) has the name of the response in each of its groups, and the dimension
 * of the rows. `sample_stats` has what the kernels told of their steps, where they told anything.
 *
 * ArviZ 0.x: `az.from_json(file)`. ArviZ 1.x has no `from_json`, and `from_dict` takes arrays, not lists:
 *
 *     raw = json.load(open(file))
 *     groups = [g for g in raw if g not in ("coords", "dims", "partial_pooling") and not g.endswith("attrs")]
 *     arrays = {g: {k: np.asarray(v) for k, v in raw[g].items()} for g in groups}
 *     az.from_dict(arrays, coords=raw["coords"], dims=raw["dims"])
 *
 * Throws `non-finite-draw`, and `improper-prior` where a prior that is asked for is flat.
 */
export function toArviz(fit: Fit, options: ArvizOptions = {}): string {
  return Array.from(toArvizPieces(fit, options)).join('');
}

/** The same in pieces, for files longer than a text of V8. */
export function* toArvizPieces(fit: Fit, options: ArvizOptions = {}): Generator<string> {
  checkFit('toArviz', fit, 'mcmc');
  checkOptions('toArviz', options, ARVIZ_OPTIONS);
  const { design, sampling } = fit;
  const draws = writtenDraws(fit, options);
  const axes = fitFileAxes(design, draws.variables);
  const data = dataJson(design, axes);
  // The response is the first array of the data.
  const [response = design.response.label] = data.dims.keys();
  const { chains, iterations } = draws;
  const S = chains * iterations;
  yield '{"posterior":';
  yield* drawsJson(draws, new Checksum(), false);
  if (fit.sampleStats) {
    yield ',\n"sample_stats":';
    yield* drawsJson(fit.sampleStats, new Checksum(), false);
  }
  if (options.logLikelihood) {
    const { values } = logLikelihood(fit);
    yield* rowsGroup('log_likelihood', response, [chains, iterations, design.n], (s, i) => values[s * design.n + i]!);
  }
  if (options.posteriorPredictive) {
    const values = predict(fit, undefined, { kind: 'response', draws: true }).draws!;
    yield* rowsGroup('posterior_predictive', response, [chains, iterations, design.n], (s, i) => values[i * S + s]!);
  }
  if (options.prior) {
    const known = { rows: design.rows, groups: Object.fromEntries(design.tables) };
    const rankDeficient = design.deficiency?.leftOut ? ('drop' as const) : undefined;
    const prior = simulatePrior(fit.graph, known, { seed: sampling.seed, rankDeficient });
    yield ',\n"prior":';
    yield* drawsJson(prior.parameters, new Checksum(), false);
    const { responses, n, draws: count } = prior;
    yield* rowsGroup('prior_predictive', response, [1, count, n], (s, i) => responses[i * count + s]!);
  }
  const writer = {
    inference_library: FIT_FILE_WRITER.name,
    inference_library_version: FIT_FILE_WRITER.version,
  };
  const parts = [
    `"observed_data":${data.observedData}`,
    `"constant_data":${data.constantData}`,
    `"coords":${JSON.stringify(Object.fromEntries(axes.coords))}`,
    `"dims":${JSON.stringify(Object.fromEntries([...axes.dims, ...data.dims]))}`,
    `"posterior_attrs":${JSON.stringify({ ...writer, tuning_steps: sampling.warmup })}`,
    `"attrs":${JSON.stringify(writer)}`,
  ];
  yield `,\n${parts.join(',\n')}}\n`;
}

/** A group of one variable [chain][draw][row]; `at` gives row i of draw s, the draws of the first chain first. */
function* rowsGroup(
  group: string,
  name: string,
  [chains, iterations, n]: readonly [number, number, number],
  at: (s: number, i: number) => number,
): Generator<string> {
  yield `,\n"${group}":{${JSON.stringify(name)}:[`;
  const row = new Array<string>(n);
  for (let chain = 0; chain < chains; chain += 1) {
    yield chain === 0 ? '[' : ',[';
    for (let iteration = 0; iteration < iterations; iteration += 1) {
      for (let i = 0; i < n; i += 1) {
        const value = at(chain * iterations + iteration, i);
        if (!Number.isFinite(value)) throw notFinite(`${group} of row ${i + 1}`, value, chain, iteration);
        row[i] = numberText(value);
      }
      yield `${iteration === 0 ? '' : ','}[${row.join(',')}]`;
    }
    yield ']';
  }
  yield ']}';
}
