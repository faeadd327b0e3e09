import type { Design, GroupTerm } from '../../src/design/design.ts';
import { allocateColumns } from '../../src/mcmc/columns.ts';
import { layout, scalarNames } from '../../src/mcmc/layout.ts';
import { type Plan, planDesign } from '../../src/mcmc/plan.ts';
import { sampleSize } from '../../src/mcmc/sampleSize.ts';
import { startChain } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { ecdfTest } from './ecdfBand.ts';
import { type ModelCase, type PriorModel, priorModel } from './modelCase.ts';

export interface CalibrationOptions {
  /** The rule that chooses the kernels. */
  readonly rule: string;
  readonly dataSets: number;
  /** Draws each rank is taken among. */
  readonly draws: number;
  /** Iterations from one of them to the next, so that they are nearly independent. */
  readonly thin: number;
  readonly warmup: number;
  readonly seed: number;
  /** A case of the same layout whose priors the sampler takes for true, to see that wrong ones are found. */
  readonly believed?: ModelCase;
  /** Other kernels than the plan's, to see that wrong ones are found. */
  readonly change?: (plan: Plan) => Plan;
}

/** The ranks of one quantity. */
export interface Calibration {
  readonly quantity: string;
  /** How many data sets have rank 0 .. draws. */
  readonly histogram: readonly number[];
  /** Mean rank as a share, 1/2 when unbiased, in standard errors from there. */
  readonly zMean: number;
}

/** Levels of a factor whose deviations are ranked: where there are more, those with fewest and those with most rows. */
const LEVELS = 8;

/** What is ranked: scalars of the state, and quantities of parameters and data together. */
interface Quantities {
  readonly names: readonly string[];
  /** Their values at the model's state and data y. */
  fill(y: Float64Array, out: Float64Array): void;
}

/**
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018): parameters from the prior, data
 * from the model, and the rank of every quantity among draws of the posterior, which is uniform for a right sampler.
 * Beside the parameters three quantities depend on the data, and so see a sampler that leaves data out where ranks of
 * parameters cannot (Modrák et al. 2023): the log-likelihood of all rows, that of the smallest group, and the inner
 * product of response and linear predictor. Each data set has a chain of its own, planned and started as `sample` does.
 */
export function calibration(given: ModelCase, options: CalibrationOptions): Calibration[] {
  const { rule, dataSets, draws, thin, warmup, seed } = options;
  const model = priorModel(given);
  const sampler = options.believed ? priorModel(options.believed) : model;
  const rng = createRng([seed, 2]);
  // A value that is equal at all draws (a response of the first level alone, or of zeros) has any rank among them.
  const ties = createRng([seed, 3]);
  const { names, fill } = quantities(model);
  const count = names.length;
  const scalars = model.state.position.length;
  const histograms = names.map(() => new Array<number>(draws + 1).fill(0));
  const y = new Float64Array(model.design.n);
  const truth = new Float64Array(count);
  const value = new Float64Array(count);
  const iterations = draws * thin;
  const record = allocateColumns(scalars, 0, iterations);
  for (let set = 0; set < dataSets; set += 1) {
    model.drawParameters(rng);
    model.drawResponse(rng, y);
    fill(y, truth);
    const size = sampleSize({ chains: 1, warmup, iterations, seed: (seed + 7919 * set) % 4294967296 });
    const plan = planDesign(sampler.withResponse(y), rule);
    const chain = startChain(options.change ? options.change(plan) : plan, size, 0);
    const { values: drawn } = record;
    chain.advance(warmup + iterations, record);
    const below = new Int32Array(count);
    const equal = new Int32Array(count);
    for (let t = thin - 1; t < iterations; t += thin) {
      for (let k = 0; k < scalars; k += 1) model.state.position[k] = drawn[k * iterations + t]!;
      fill(y, value);
      for (let k = 0; k < count; k += 1) {
        if (value[k]! < truth[k]!) below[k]! += 1;
        if (value[k] === truth[k]) equal[k]! += 1;
      }
    }
    for (let k = 0; k < count; k += 1) {
      const among = equal[k] === 0 ? 0 : Math.floor(ties.uniform() * (equal[k]! + 1));
      histograms[k]![below[k]! + among]! += 1;
    }
  }
  return names.map((quantity, k) => ({ quantity, histogram: histograms[k]!, zMean: zMean(histograms[k]!) }));
}

function zMean(histogram: readonly number[]): number {
  const n = histogram.reduce((sum, c) => sum + c, 0);
  const K = histogram.length;
  const mean = histogram.reduce((sum, c, rank) => sum + c * rank, 0) / n;
  // Variance of a uniform on 0 .. K - 1.
  return ((mean - 0.5 * (K - 1)) / Math.sqrt((K * K - 1) / 12)) * Math.sqrt(n);
}

function quantities(model: PriorModel): Quantities {
  const { design, state } = model;
  const { n, groupTerms } = design;
  const kept: number[] = [];
  const names: string[] = [];
  for (const variable of layout(design)) {
    const term = groupTerms.find(({ factor }) => variable.name === `u_${factor}`);
    const levels = term ? keptLevels(term) : null;
    scalarNames(variable).forEach((name, i) => {
      if (levels && !levels.has(Math.floor(i / term!.q))) return;
      kept.push(variable.offset + i);
      names.push(name);
    });
  }
  const smallest = smallestGroup(design);
  names.push('log likelihood', `log likelihood of the smallest group`, 'response times linear predictor');
  const each = new Float64Array(n);
  const eta = new Float64Array(n);
  return {
    names,
    fill(y, out) {
      for (let k = 0; k < kept.length; k += 1) out[k] = state.position[kept[k]!]!;
      let group = 0;
      let product = 0;
      out[kept.length] = model.logLikelihood(y, each, eta);
      for (let i = 0; i < n; i += 1) {
        if (smallest(i)) group += each[i]!;
        product += y[i]! * eta[i]!;
      }
      out[kept.length + 1] = group;
      out[kept.length + 2] = product;
    },
  };
}

function keptLevels({ J, counts }: GroupTerm): ReadonlySet<number> {
  const order = Array.from({ length: J }, (_, j) => j).sort((a, b) => counts[a]! - counts[b]! || a - b);
  return new Set(J <= LEVELS ? order : [...order.slice(0, LEVELS / 2), ...order.slice(-LEVELS / 2)]);
}

/** Whether a row is in the group of the first factor that has fewest. */
function smallestGroup({ groupTerms }: Design): (i: number) => boolean {
  const term = groupTerms[0];
  if (!term) return (i) => i === 0;
  const least = term.counts.indexOf(Math.min(...term.counts));
  return (i) => term.index[i] === least;
}

/** A quantity with the p-value of its ranks, see `ecdfTest`. */
export interface Uniformity extends Calibration {
  readonly p: number;
}

/** The p-values of the ranks of many quantities. */
export function uniformity(found: readonly Calibration[]): Uniformity[] {
  if (found.length === 0) return [];
  const { histogram } = found[0]!;
  const test = ecdfTest(
    histogram.reduce((sum, count) => sum + count, 0),
    histogram.length,
  );
  return found.map((each) => ({ ...each, p: test.pValue(each.histogram) }));
}

/**
 * The quantities whose empirical distribution function of ranks leaves the simultaneous band at a level that is shared
 * among `count` quantities.
 */
export function notUniform(found: readonly Calibration[], level: number, count: number): Uniformity[] {
  return uniformity(found).filter(({ p }) => !(p > level / count));
}
