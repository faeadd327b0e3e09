import { quantileOfSorted } from '../../../diagnostics/quantile.ts';
import type { Design, GroupTerm } from '../../design/design.ts';
import { needsRows } from '../../design/needsRows.ts';
import { printedResponse } from '../../design/printedResponse.ts';
import { ModelError } from '../../errors.ts';
import { anyValue, text } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { factorPosition, type ModelFit } from '../modelFit.ts';
import { rowsByGroup } from '../pooling/groupPrecision.ts';
import { type SimulateOptions, type Simulation, simulate } from '../prediction/simulate.ts';

/** Statistics of responses by name. */
const STATISTICS: Readonly<Record<PredictiveStatistic, (values: Float64Array) => number>> = {
  mean,
  sd: (values: Float64Array) => Math.sqrt(squares(values) / Math.max(1, values.length - 1)),
  smallest(values: Float64Array) {
    let best = values[0]!;
    for (let i = 1; i < values.length; i++) best = Math.min(best, values[i]!);
    return best;
  },
  largest(values: Float64Array) {
    let best = values[0]!;
    for (let i = 1; i < values.length; i++) best = Math.max(best, values[i]!);
    return best;
  },
  median: (values: Float64Array) => quantileOfSorted(Float64Array.from(values).sort(), 0.5),
  zeros: (values: Float64Array) => values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / values.length,
  skewness(values: Float64Array) {
    const centre = mean(values);
    const scale = squares(values) / values.length;
    const cubes = values.reduce((sum, value) => sum + (value - centre) ** 3, 0) / values.length;
    return scale > 0 ? cubes / scale ** 1.5 : 0;
  },
} as const;

/** A statistic that has a name: share of zeros, skewness m_3 / m_2^1.5, and what the others say. */
export type PredictiveStatistic = 'mean' | 'sd' | 'smallest' | 'largest' | 'median' | 'zeros' | 'skewness';

/** What is compared. */
export interface PredictiveCheckOptions extends SimulateOptions {
  /**
   * Names, or functions of the responses by a name of theirs: `'sd'`, `['mean', 'zeros']`, `{ range: (y) =>
   * Math.max(...y) - Math.min(...y) }`; default mean, sd, smallest and largest.
   */
  readonly statistic?:
    | PredictiveStatistic
    | readonly PredictiveStatistic[]
    | ((responses: Float64Array) => number)
    | Readonly<Record<string, (responses: Float64Array) => number>>;
  /** A grouping factor: the statistics of each of its groups. */
  readonly by?: string;
}

const PREDICTIVE_OPTIONS: OptionTable<PredictiveCheckOptions> = {
  statistic: anyValue,
  by: text,
  draws: anyValue,
  seed: anyValue,
  groups: anyValue,
};

/** A statistic of the data among those of the replicates. */
export interface PredictiveCheckRow {
  readonly statistic: string;
  /** The group; null where the statistic is of all rows. */
  readonly level: string | null;
  readonly observed: number;
  /** Of the replicates. */
  readonly mean: number;
  readonly sd: number;
  readonly q5: number;
  readonly q50: number;
  readonly q95: number;
  /** The share of replicates whose statistic is at or above the observed one; near 0 or 1 the model misses it. */
  readonly p: number;
}

/** The rows, and the statistics of every replicate. */
export interface PredictiveCheck {
  readonly rows: readonly PredictiveCheckRow[];
  /** Replicates R. */
  readonly replicates: number;
  /** rows.length x R, row-major. */
  readonly draws: Float64Array;
}

/** Replicates unless told otherwise. */
const REPLICATES = 400;

/**
 * Posterior predictive checks (Gelman, Meng & Stern 1996; Gelman et al. 2013, section 6.3): a statistic T of the data
 * beside T of responses that the fitted model draws for the same rows, p = P(T(y_rep) >= T(y) | y), equal ones counted.
 * Of all rows, or of the rows of each group of a factor. `groups: 'new'` draws new deviations: a mixed check, which
 * does not let the groups' own deviations absorb what the model misses. Of a maximum likelihood fit the replicates are
 * drawn at the estimates. Throws `unknown-factor`, `option`, and `not-finite` where a function gives no finite number.
 */
export function predictiveCheck(fit: ModelFit, options: PredictiveCheckOptions = {}): PredictiveCheck {
  checkFit('predictiveCheck', fit);
  checkOptions('predictiveCheck', options, PREDICTIVE_OPTIONS);
  const { statistic, by, draws = replicatesOf(fit), seed, groups } = options;
  const { design } = fit;
  needsRows(design, 'replicates of the rows', 'distinct');
  const statistics = statisticsOf(statistic);
  const term = by === undefined ? null : design.groupTerms[factorPosition(design, by)]!;
  return checkedStatistics(design, simulate(fit, { draws, seed, groups }), statistics, term);
}

/** Replicates of a fit unless told otherwise. */
function replicatesOf(fit: ModelFit): number {
  return fit.kind === 'mcmc' ? Math.min(REPLICATES, drawCount(fit)) : REPLICATES;
}

/** The statistics of all rows, or of the rows of each level of a factor, in replicates that are already drawn. */
export function checkedStatistics(
  design: Design,
  { responses, draws: R }: Simulation,
  statistics: readonly (readonly [string, Statistic])[],
  term: GroupTerm | null,
): PredictiveCheck {
  const every = { start: Int32Array.of(0, design.n), rows: Int32Array.from({ length: design.n }, (_, i) => i) };
  const { start, rows: sorted } = term === null ? every : rowsByGroup(term);
  const parts = (term?.levels ?? [null]).flatMap((level, j) => {
    const rows = sorted.subarray(start[j]!, start[j + 1]!);
    return rows.length > 0 ? [{ level, rows }] : [];
  });
  const y = printedResponse(design);
  const kept = new Float64Array(parts.length * statistics.length * R);
  const rows = parts.flatMap(({ level, rows: members }, part) => {
    const observed = Float64Array.from(members, (i) => y[i]!);
    const values = statistics.map((_, t) => {
      const start = (part * statistics.length + t) * R;
      return kept.subarray(start, start + R);
    });
    const replicate = new Float64Array(members.length);
    for (let d = 0; d < R; d++) {
      for (let m = 0; m < members.length; m++) replicate[m] = responses[members[m]! * R + d]!;
      for (let t = 0; t < statistics.length; t++) {
        const [name, of] = statistics[t]!;
        values[t]![d] = finite(name, of(replicate));
      }
    }
    return statistics.map(([statistic, of], t): PredictiveCheckRow => {
      const own = finite(statistic, of(observed));
      const { mean, sd, quantiles } = drawSummary(values[t]!, [0.05, 0.5, 0.95]);
      const [q5, q50, q95] = quantiles as [number, number, number];
      const p = values[t]!.reduce((count, value) => count + (value >= own ? 1 : 0), 0) / R;
      return { statistic, level, observed: own, mean, sd, q5, q50, q95, p };
    });
  });
  return { rows, replicates: R, draws: kept };
}

/** A statistic of responses. */
export type Statistic = (responses: Float64Array) => number;

/** Statistics by name, as the option gives them. Throws `option`. */
export function statisticsOf(given: PredictiveCheckOptions['statistic']): readonly (readonly [string, Statistic])[] {
  if (typeof given === 'function') return [[given.name === '' ? 'statistic' : given.name, given]];
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    const named = Object.entries(given as Readonly<Record<string, unknown>>);
    if (named.length > 0 && named.every(([, of]) => typeof of === 'function')) return named as [string, Statistic][];
    throw optionError('statistic', given, 'names, a function, or an object of functions by name');
  }
  const names: readonly unknown[] = given === undefined ? ['mean', 'sd', 'smallest', 'largest'] : [given].flat();
  return names.map((name) => {
    if (typeof name === 'string' && Object.hasOwn(STATISTICS, name))
      return [name, STATISTICS[name as PredictiveStatistic]];
    throw optionError('statistic', name, `${Object.keys(STATISTICS).join(', ')}, or a function of the responses`);
  });
}

function finite(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const message = `predictiveCheck: the statistic ${quote(name)} gave ${quote(value)}; a statistic is a finite number`;
  throw new ModelError('not-finite', 'statistic', message);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function squares(values: Float64Array): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum;
}
