import { sumWithError } from '../../diagnostics/logLikelihood.ts';
import type { ModelData, Table } from '../data/frame.ts';
import { needsRows } from '../design/needsRows.ts';
import { rowNumbers } from '../design/rowNumbers.ts';
import type { FormulaOptions, GivenPriors } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import type { ModelGraph } from '../graph/node.ts';
import { text, wholeNumber } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import { optionError } from '../input/optionError.ts';
import { PLAN_OPTIONS, type PlanOptions, plan } from '../mcmc/plan.ts';
import { sampleSize } from '../mcmc/sampleSize.ts';
import { SAMPLE_OPTIONS } from '../mcmc/sampleSync.ts';
import { createRng } from '../random/rng.ts';
import type { KFold } from '../summary/comparison/kFoldResult.ts';
import { type Units, unitsOf } from '../summary/integrated/units.ts';

import { heldOut } from './heldOut.ts';
import { RUN_OPTIONS, type RunOptions } from './runChains.ts';
import type { SampleAsyncOptions } from './sample.ts';

/** What is left out, and how each of the fits is made. */
export interface KFoldOptions
  extends PlanOptions,
    Pick<SampleAsyncOptions, 'chains' | 'warmup' | 'iterations' | 'seed'>,
    Pick<RunOptions, 'onProgress' | 'signal' | 'workers' | 'worker'> {
  /** Into how many parts the rows, or the groups, are divided, by chance, each left out once; default 10. */
  readonly folds?: number;
  /** A grouping factor, whose groups are left out whole; without it rows are. */
  readonly by?: string;
}

const { chains, warmup, iterations, seed } = SAMPLE_OPTIONS;
const { onProgress, signal, workers, worker } = RUN_OPTIONS;
const KFOLD_OPTIONS: OptionTable<KFoldOptions> = {
  ...PLAN_OPTIONS,
  ...{ chains, warmup, iterations, seed },
  ...{ onProgress, signal, workers, worker },
  folds: wholeNumber(2),
  by: text,
};

/** Stream of the division into folds, beyond the number of any chain. */
const STREAM = 3_000_000;

/**
 * K-fold cross-validation (Vehtari, Gelman & Gabry 2017, section 2.3): the model is fitted K times, each time without
 * one of K parts of the rows, or of the groups of a factor, and predicts the part. elpd_i = log mean_s p(y_i | draw s
 * of the fit without its fold), the deviations of levels that the fit saw no row of integrated out; with `by` y_i is
 * all of a group's rows together. As many folds as groups is exact leave-one-group-out. Folds and draws depend on
 * `seed` alone: models of the same rows with one seed have the same folds. Columns of `scale(x)` and their like are of
 * all rows; default priors are resolved on the rows of each fit. Fits run in workers as those of `sample` do.
 *
 * Throws (rejects) as `sample` does; `unknown-factor`; `option` for more folds than there is to divide;
 * `rank-deficient` where the rest of the rows does not determine a coefficient with a flat prior.
 */
export async function kFold(graph: ModelGraph, data: ModelData | Table, options?: KFoldOptions): Promise<KFold>;
export async function kFold<const P extends GivenPriors = GivenPriors>(
  text: string,
  data: ModelData | Table,
  options?: KFoldOptions & FormulaOptions<P>,
): Promise<KFold>;
export async function kFold(
  given: Model,
  data: ModelData | Table,
  all: KFoldOptions & FormulaOptions = {},
): Promise<KFold> {
  const { graph, options } = readModel<KFoldOptions>('kFold', given, all, KFOLD_OPTIONS);
  const { missing, rankDeficient, kernels, by, folds = 10, onProgress, signal, workers, worker } = options;
  const size = sampleSize(options);
  const { design, rule } = plan(graph, data, { missing, rankDeficient, kernels });
  needsRows(design, 'fits without some of the rows', 'distinct');
  const { levels, index } = by === undefined ? rowUnits(design.n) : unitsOf(design, by);
  const there = [...new Set(index)].sort((a, b) => a - b);
  if (folds > there.length) {
    throw optionError('folds', folds, `a whole number from 2 to ${there.length}, the ${by ?? 'row'}s there are`);
  }
  const division = dividedByChance(there.length, folds, size.seed);
  const place = new Int32Array(levels.length).fill(-1);
  there.forEach((j, at) => {
    place[j] = at;
  });
  const elpd = new Float64Array(there.length);
  const mcse = new Float64Array(there.length);
  for (let fold = 0; fold < folds; fold++) {
    const members = there.filter((_, at) => division[at] === fold);
    const own = new Map(members.map((j, m) => [j, m]));
    const units: Units = {
      levels: members.map((j) => levels[j]!),
      index: index.map((j) => own.get(j) ?? -1),
    };
    const what = `fold ${fold + 1} of ${folds}`;
    const run = { onProgress, signal, workers, worker };
    const found = await heldOut(design, rule, units, what, { ...size, seed: (size.seed + fold) >>> 0 }, run);
    members.forEach((j, m) => {
      elpd[place[j]!] = found.elpd[m]!;
      mcse[place[j]!] = found.mcse[m]!;
    });
  }
  const ic = elpd.map((value) => -2 * value);
  return {
    kind: 'kfold',
    folds,
    by: by ?? null,
    elpd: sumWithError(elpd),
    ic: sumWithError(ic),
    pointwise: { elpd, mcse, ic, fold: division },
    rowNumbers: by === undefined ? rowNumbers(design) : [],
    levels: by === undefined ? [] : there.map((j) => levels[j]!),
  };
}

function rowUnits(n: number): Units {
  return {
    levels: Array.from({ length: n }, (_, i) => String(i + 1)),
    index: Int32Array.from({ length: n }, (_, i) => i),
  };
}

/** The fold of each of `count` units: a random order (Fisher & Yates), dealt out in turn. */
function dividedByChance(count: number, folds: number, seed: number): Int32Array {
  const rng = createRng([seed, STREAM]);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor((i + 1) * rng.uniform());
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  const fold = new Int32Array(count);
  order.forEach((unit, at) => {
    fold[unit] = at % folds;
  });
  return fold;
}
