import { createRng } from '../../../src/random/rng.ts';
import { augmentedPosterior } from './augmentedPosterior.ts';
import { binaryRows } from './binaryRows.ts';
import { type Coordinates, type PosteriorDensity, posteriorDensity, variableNames } from './posteriorDensity.ts';
import { posteriorGrid } from './posteriorGrid.ts';
import type { PosteriorModel } from './posteriorModel.ts';
import { studentNames, studentRows } from './studentRows.ts';
import { temperedSampler } from './temperedSampler.ts';
import { spreadOf } from './wideReference.ts';

export interface TruthOptions {
  readonly seed?: number;
  /**
   * Particles of one replicate. Default 1000 for Gaussian rows, 300 for logit and probit ones (whose likelihood is an
   * estimate).
   */
  readonly particles?: number;
  /** Independent replicates, from which Monte Carlo errors are taken. Default 3, at least 2. */
  readonly replicates?: number;
  /**
   * Default: quadrature for one or two parameters of Gaussian rows; else both coordinate systems where they differ.
   * `augmented`: chains with latent variables, the only method of Student-t rows and one of logit and probit rows.
   */
  readonly method?: 'grid' | 'augmented' | Coordinates;
}

/** The posterior as an oracle has it. */
export interface PosteriorTruth {
  /** How it was computed. */
  readonly method: 'grid' | Coordinates | 'augmented';
  /**
   * Names as the product prints them, and `height` (Gaussian rows): log p(theta | y) with respect to d log tau d R d
   * log sigma as written.
   */
  readonly names: readonly string[];
  /** Sorted draws of each variable, by replicate. */
  readonly draws: ReadonlyMap<string, readonly Float64Array[]>;
  /**
   * Of each replicate, per coordinate system tried; replicates that differ by more than 1 have not found the same
   * posterior.
   */
  readonly logEvidence: Readonly<Partial<Record<Coordinates, readonly number[]>>>;
  /** Height of covariances and sigma as written; absent unless the rows are Gaussian. */
  readonly height?: PosteriorDensity['height'];
}

/**
 * The posterior of a small model by slow, simple means that share nothing with the product's kernels: tempered
 * sequential Monte Carlo over the covariances (and sigma) with the coefficients integrated out by dense algebra
 * (Gaussian rows) or by unbiased importance sampling about their mode (logit, probit), in coordinates about the
 * centred columns and about the written ones (the system with the larger evidence is kept: the other has missed
 * something); chains with latent variables from wide starts (Student-t, and at wish logit and probit); quadrature where
 * there are one or two parameters and no uniform prior, whose end would cut through cells.
 */
export function posteriorTruth(model: PosteriorModel, options: TruthOptions = {}): PosteriorTruth {
  const { seed = 1, replicates = 3 } = options;
  if (model.family === 'studentT' || options.method === 'augmented') {
    return augmentedTruth(model, seed, Math.max(4, replicates), options.particles ?? 1500);
  }
  const gaussian = model.family === 'gaussian';
  const particles = options.particles ?? (gaussian ? 1000 : 300);
  const centred = posteriorDensity(model, 'centred');
  if (
    options.method === 'grid' ||
    (options.method === undefined && gaussian && centred.dim <= 2 && !isBounded(model))
  ) {
    return gridTruth(model, centred, particles, replicates, seed);
  }
  const moved = model.blocks.some(({ Z, labels }) => labels.length > 1 && isFar(Z));
  const systems: Coordinates[] = options.method ? [options.method] : moved ? ['centred', 'written'] : ['centred'];
  const results = systems.map((system, s) => {
    const density = system === 'centred' ? centred : posteriorDensity(model, system);
    const runs = Array.from({ length: replicates }, (_, replicate) => {
      const rng = createRng([seed, s, replicate]);
      const { particles: all, logEvidence } = temperedSampler(density, particles, rng);
      return { values: all.map(({ theta, carried }) => density.record(theta, carried, rng)), logEvidence };
    });
    return { system, density, runs };
  });
  const evidence = ({ runs }: (typeof results)[number]) => logMeanExp(runs.map(({ logEvidence }) => logEvidence));
  const best = results.reduce((one, other) => (evidence(other) > evidence(one) + 0.5 ? other : one));
  return {
    method: best.system,
    names: best.density.names,
    draws: sorted(
      best.density.names,
      best.runs.map(({ values }) => values),
    ),
    logEvidence: Object.fromEntries(results.map(({ system, runs }) => [system, runs.map((run) => run.logEvidence)])),
    ...(gaussian ? { height: best.density.height } : {}),
  };
}

/** Whether a column after the first is further from zero than most of its spread. */
function isFar(Z: readonly (readonly number[])[]): boolean {
  return Z[0]!.some((_, k) => {
    if (k === 0) return false;
    const mean = Z.reduce((sum, row) => sum + row[k]!, 0) / Z.length;
    return mean ** 2 > 0.5 * (Z.reduce((sum, row) => sum + (row[k]! - mean) ** 2, 0) / Z.length);
  });
}

function gridTruth(
  model: PosteriorModel,
  density: PosteriorDensity,
  particles: number,
  replicates: number,
  seed: number,
): PosteriorTruth {
  const rng = createRng([seed, 7]);
  const { thetas, logEvidence } = posteriorGrid(density, Math.log(spreadOf(model)), particles * replicates, rng);
  const none = new Float64Array(density.carried);
  const values = thetas.map((theta) => {
    density.logTarget(theta, rng, none);
    return density.record(theta, none, rng);
  });
  // Every replicate goes through the whole grid.
  const parts = Array.from({ length: replicates }, (_, r) => values.filter((_value, i) => i % replicates === r));
  return {
    method: 'grid',
    names: density.names,
    draws: sorted(density.names, parts),
    logEvidence: { centred: new Array<number>(replicates).fill(logEvidence) },
    ...(model.family === 'gaussian' ? { height: density.height } : {}),
  };
}

function augmentedTruth(model: PosteriorModel, seed: number, chains: number, draws: number): PosteriorTruth {
  const student = model.family === 'studentT';
  const names = student ? studentNames(model) : variableNames(model, false);
  const runs = Array.from({ length: chains }, (_, chain) =>
    augmentedPosterior(model, student ? studentRows : binaryRows, createRng([seed, 11, chain]), {
      warmup: 3000,
      draws,
      thin: student ? 6 : 10,
    }),
  );
  return { method: 'augmented', names, draws: sorted(names, runs), logEvidence: {} };
}

function sorted(
  names: readonly string[],
  runs: readonly (readonly (readonly number[])[])[],
): Map<string, Float64Array[]> {
  return new Map(
    names.map((name, k) => [name, runs.map((values) => Float64Array.from(values, (row) => row[k]!).sort())]),
  );
}

function logMeanExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0) / values.length);
}

/** Whether the prior of any sd ends. */
function isBounded({ sigma, blocks }: PosteriorModel): boolean {
  const scales = blocks.flatMap(({ prior }) => (prior.kind === 'separation' ? prior.tau : []));
  return [...scales, ...(sigma ? [sigma] : [])].some(({ distribution }) => distribution === 'uniform');
}
