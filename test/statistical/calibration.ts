import { chiSquareUpperTail } from '../../diagnostics/special.ts';
import { layout, scalarNames } from '../../src/mcmc/layout.ts';
import { planDesign } from '../../src/mcmc/plan.ts';
import { sampleSize, startChain } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';
import { type GaussianCase, simulator } from './gaussianCase.ts';

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
  /** Bins of the chi-square. */
  readonly bins: number;
  /** A case of the same layout whose priors the sampler takes for true, to see that wrong ones are found. */
  readonly believed?: GaussianCase;
}

/** How far the ranks of one quantity are from uniform. */
export interface Calibration {
  readonly quantity: string;
  /** Tail probabilities of Pearson's chi-square over bins and of Kolmogorov and Smirnov's statistic. */
  readonly pChiSquare: number;
  readonly pKolmogorov: number;
  /** Mean rank as a share, 1/2 when unbiased, in standard errors from there. */
  readonly zMean: number;
}

/**
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018; Modrák et al. 2023 for the log-likelihood as a quantity): parameters from
 * the prior, data from the model, and the rank of every parameter among draws of the posterior, which is uniform for a right sampler. Each
 * data set has a chain of its own, planned and started as `sample` does; ranks are made continuous by a uniform within their cell.
 */
export function calibration(given: GaussianCase, options: CalibrationOptions): Calibration[] {
  const { rule, dataSets, draws, thin, warmup, seed, bins } = options;
  const model = simulator(given);
  const sampler = options.believed ? simulator(options.believed) : model;
  const rng = createRng([seed, 2]);
  const names = [...layout(model.design).flatMap((variable) => scalarNames(variable)), 'log likelihood'];
  const scalars = names.length - 1;
  const ranks = names.map(() => new Float64Array(dataSets));
  const y = new Float64Array(model.design.n);
  const truth = new Float64Array(names.length);
  const iterations = draws * thin;
  for (let set = 0; set < dataSets; set += 1) {
    model.drawParameters(rng);
    model.drawResponse(rng, y);
    truth.set(model.state.position);
    truth[scalars] = model.logLikelihood(y);
    const size = sampleSize({ chains: 1, warmup, iterations, seed: (seed + 7919 * set) % 4294967296 });
    const chain = startChain(planDesign(sampler.withResponse(y), rule), size, 0);
    chain.advance(warmup + iterations);
    const drawn = chain.draws();
    const below = new Float64Array(names.length);
    for (let t = thin - 1; t < iterations; t += thin) {
      for (let k = 0; k < scalars; k += 1) {
        const value = drawn[k * iterations + t]!;
        model.state.position[k] = value;
        if (value < truth[k]!) below[k] = below[k]! + 1;
      }
      if (model.logLikelihood(y) < truth[scalars]!) below[scalars] = below[scalars]! + 1;
    }
    for (let k = 0; k < names.length; k += 1) ranks[k]![set] = (below[k]! + rng.uniform()) / (draws + 1);
  }
  return names.map((quantity, k) => uniformity(quantity, ranks[k]!, bins));
}

function uniformity(quantity: string, ranks: Float64Array, bins: number): Calibration {
  const n = ranks.length;
  const counts = new Float64Array(bins);
  let mean = 0;
  for (const rank of ranks) {
    const bin = Math.min(bins - 1, Math.floor(rank * bins));
    counts[bin] = counts[bin]! + 1;
    mean += rank / n;
  }
  const expected = n / bins;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const distance = kolmogorovSmirnov(ranks, (x) => x);
  return {
    quantity,
    pChiSquare: chiSquareUpperTail(chiSquare, bins - 1),
    pKolmogorov: Math.min(1, 2 * Math.exp(-2 * distance * distance)),
    zMean: (mean - 0.5) * Math.sqrt(12 * n),
  };
}

/** The quantities whose ranks are not uniform at a level that is shared among the two tests of `tests` quantities. */
export function notUniform(found: readonly Calibration[], level: number, tests: number): Calibration[] {
  const bound = level / (2 * tests);
  return found.filter(({ pChiSquare, pKolmogorov }) => !(pChiSquare > bound && pKolmogorov > bound));
}
