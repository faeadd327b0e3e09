import { summarizeDraws } from '../../diagnostics/summarizeDraws.ts';
import type { Design } from '../design/design.ts';
import { droppedRowNumbers } from '../design/rowNumbers.ts';
import { flag } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { checkUnfinished } from '../input/checkUnfinished.ts';
import { type Draws, scalarChains } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { canonical } from './canonical.ts';
import { Checksum } from './checksum.ts';
import { dataJson } from './dataJson.ts';
import { drawsJson } from './drawsJson.ts';
import { fileLikelihood } from './fileLikelihood.ts';
import { fingerprint } from './fingerprint.ts';
import { FIT_FILE_SCHEMA, FIT_FILE_SCHEMA_KEPT, FIT_FILE_WRITER, fitFileAxes, priorsJson } from './fitFile.ts';
import { keepsLess } from './keepJson.ts';
import { numberText } from './numberText.ts';
import { reducedJson } from './reducedJson.ts';
import { statesJson } from './statesJson.ts';
import { summariesJson } from './summariesJson.ts';
import { DRAWS_OPTIONS, type DrawsOptions, writtenDraws } from './writtenDraws.ts';

/** What goes into a fit file. */
export interface FitFileOptions extends DrawsOptions {
  /**
   * Whether the data go in (`constant_data`, `observed_data`); true unless given. Without them, reading needs the data
   * at hand.
   */
  readonly data?: boolean;
  /**
   * Whether the seconds that sampling took go in (`partial_pooling.times`); true unless given. Without them equal fits
   * have equal bytes.
   */
  readonly times?: boolean;
  /**
   * Whether draws are written as blocks of doubles in base 64: half the length and far faster to read, but not by
   * ArviZ. False unless given.
   */
  readonly compact?: boolean;
}

/**
 * The fit file of a fit: one JSON object that ArviZ before 1.0 loads with `from_json`, and one key of our own.
 *
 * - `posterior`: `{ variable: [chain][draw][...dims] }`, with `groupCoefficients` also `b_<factor>`; `sample_stats`: `{
 *   statistic: [chain][draw] }`, what the kernels told of their steps (`Kernel.stats`), empty where they told nothing;
 * - `coords`, `dims`: labels of the dimensions, dimensions of each array without chain and draw; `posterior_attrs`,
 *   `attrs`: the writer;
 * - `observed_data`: the response, for counted successes also `trials`; `constant_data`: the used columns of the rows
 *   and of the group tables;
 * - `partial_pooling`: `rank` where columns of X are linearly dependent (which, why, whether they are left out),
 *   `schema`, `version`, `graph`, `priors` (in force), `levels` of each grouping factor, `data` (fingerprint, number of
 *   rows used and dropped, `droppedRows` (the numbers of those left out, where there are any), where each column of
 *   `constant_data` stands, which value of a response of two counts as success), `chains`, `warmup`, `iterations`,
 *   `seed`, `rule` and `kernels` of the sampler, `streams` (the state of each chain's random numbers), `state` (where
 *   each chain stopped), `logLikelihood` at the first draw of the first chain, (where the first chain stopped, if draws
 *   of deviations are not kept), `thin` and `keep` where not all draws are kept, `summaries` what is in their place,
 *   `checksum` of all draws and of all the rest, `diagnostics` (rhat, essBulk, essTail of every scalar, null where
 *   undefined), and last `times`, seconds.
 *
 * ArviZ passes keys it does not know on as keyword arguments and reads only `<group>_attrs` from them, so it ignores
 * `partial_pooling`. Doubles read back to the same bits. Throws `non-finite-draw`.
 */
export function toJson(fit: Fit, options: FitFileOptions = {}): string {
  return Array.from(toJsonPieces(fit, options)).join('');
}

/**
 * The text of `toJson` in pieces, for a file: a text of V8 ends at 512 MB, these do not. Throws as `toJson` does,
 * `non-finite-draw` at the piece.
 */
export function toJsonPieces(fit: Fit, options: FitFileOptions = {}): Generator<string> {
  checkFit('toJson', fit, 'mcmc');
  checkOptions('toJson', options, { ...DRAWS_OPTIONS, data: flag, times: flag, compact: flag });
  return fitFilePieces(fit, options, null);
}

/**
 * The fit file of a fit under way (`partial_pooling.goal`: the iterations that it is to have), compact and without
 * diagnostics, in pieces; `fromCheckpoint` reads it.
 */
export function toCheckpoint(unfinished: { readonly fit: Fit; readonly iterations: number }): Generator<string> {
  checkUnfinished('toCheckpoint', unfinished);
  const { fit, iterations } = unfinished;
  return fitFilePieces(fit, { compact: true }, iterations);
}

function* fitFilePieces(fit: Fit, options: FitFileOptions, goal: number | null): Generator<string> {
  const { design, sampling } = fit;
  const draws = writtenDraws(fit, options);
  const axes = fitFileAxes(design, draws.variables);
  const data = dataJson(design, axes);
  const withData = options.data !== false;
  const dims = new Map([...axes.dims, ...(withData ? data.dims : [])]);
  const { chains, warmup, iterations, seed, rule, kernels } = sampling;
  const likelihood = iterations > 0 ? fileLikelihood(fit) : Number.NaN;
  const own = [
    entry('schema', keepsLess(sampling) ? FIT_FILE_SCHEMA_KEPT : FIT_FILE_SCHEMA),
    entry('version', FIT_FILE_WRITER.version),
    entry('graph', fit.graph),
    entry('priors', priorsJson(design, fit.priors)),
    entry('levels', Object.fromEntries(design.groupTerms.map(({ factor, levels }) => [factor, levels]))),
    entry('data', {
      fingerprint: fingerprint(design),
      rows: design.n,
      dropped: design.dropped,
      ...(design.kept ? { droppedRows: droppedRowNumbers(design) } : {}),
      columns: withData ? data.columns : null,
      ...(withData && design.rows.reduced ? { reduced: reducedJson(design.rows) } : {}),
      ...(design.response.successLevel === null
        ? {}
        : { success: design.response.successLevel, failure: design.response.failureLevel }),
      ...(design.response.levels === null ? {} : { levels: design.response.levels }),
    }),
    ...rankJson(design),
    ...Object.entries({ chains, warmup, iterations, seed, rule, kernels }).map(([key, value]) => entry(key, value)),
    ...keptJson(fit),
    statesJson(fit.checkpoints),
    `"logLikelihood":${Number.isFinite(likelihood) ? numberText(likelihood) : 'null'}`,
    ...(goal === null ? [entry('diagnostics', diagnosticsJson(fit.draws))] : [entry('goal', goal)]),
  ];
  if (options.times !== false) {
    own.push(entry('times', { warmupSeconds: sampling.warmupSeconds, samplingSeconds: sampling.samplingSeconds }));
  }
  const writer = {
    inference_library: FIT_FILE_WRITER.name,
    inference_library_version: FIT_FILE_WRITER.version,
  };
  const sum = new Checksum();
  yield '{"posterior":';
  yield* drawsJson(draws, sum, options.compact === true);
  const { sampleStats } = fit;
  if (sampleStats) {
    yield ',\n"sample_stats":';
    yield* drawsJson(sampleStats, sum, options.compact === true);
  }
  const parts = [
    ...(sampleStats ? [] : [entry('sample_stats', {})]),
    ...(withData ? [`"observed_data":${data.observedData}`, `"constant_data":${data.constantData}`] : []),
    entry('coords', Object.fromEntries(axes.coords)),
    entry('dims', Object.fromEntries(dims)),
    entry('posterior_attrs', { ...writer, tuning_steps: warmup }),
    entry('attrs', writer),
    `"partial_pooling":{${own.join(',')}`,
  ];
  const rest = parts.join(',\n');
  sum.text(canonical(JSON.parse(`{${rest}}}`)));
  yield `,\n${rest},${entry('checksum', sum.digest())}}}\n`;
}

/** What is kept, and what in place of draws; nothing where all draws are. */
function keptJson({ sampling, quantiles, checkpoints }: Fit): string[] {
  const { thin, keep } = sampling;
  return [
    ...(thin === undefined ? [] : [entry('thin', thin)]),
    ...(keep === undefined ? [] : [entry('keep', keep)]),
    ...(quantiles === undefined ? [] : [entry('summaries', summariesJson(checkpoints, quantiles))]),
  ];
}

/** What became of dependent columns of X; nothing where there are none. */
function rankJson({ deficiency }: Design): string[] {
  if (deficiency === undefined) return [];
  const { columns, dependent, cells, leftOut } = deficiency;
  const named = dependent.map(({ column, sentence }) => ({ term: columns[column]!.label, reason: sentence }));
  return [entry('rank', { leftOut, dependent: named, cells })];
}

function entry(key: string, value: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

const MEASURES = ['rhat', 'essBulk', 'essTail'] as const;

/** rhat, essBulk and essTail of every scalar, by variable, row-major; NaN becomes null. */
function diagnosticsJson(draws: Draws): Record<string, unknown> {
  const entries = draws.variables.map((variable) => {
    const scalars = scalarNames(variable).map((name, i) => ({
      name,
      chains: scalarChains(draws, variable.offset + i),
    }));
    const rows = summarizeDraws(scalars, { measures: MEASURES });
    return [variable.name, Object.fromEntries(MEASURES.map((measure) => [measure, rows.map((row) => row[measure])]))];
  });
  return Object.fromEntries(entries);
}
