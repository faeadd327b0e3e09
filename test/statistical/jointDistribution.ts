import { mcseMean } from '../../diagnostics/index.ts';
import type { State } from '../../src/kernels/kernel.ts';
import { createRng } from '../../src/random/rng.ts';
import { type JointRule, jointKernels, type Mutation } from './jointKernels.ts';
import { type ModelCase, type PriorModel, priorModel } from './modelCase.ts';

/** One transition to be tested: a rule's whole sweep, or one of its kernels. */
export interface JointOptions {
  readonly rule: JointRule;
  /** A kernel by name; without it the sweep. */
  readonly kernel?: string;
  /** Independent starts from the prior. */
  readonly starts: number;
  /** Transitions from each start, with new data before each. */
  readonly steps: number;
  /** Sweeps in one transition, default 1. */
  readonly sweeps?: number;
  readonly seed: number;
  /** Something wrong done to the state after each transition, to see that it is found. */
  readonly harm?: (state: State) => void;
  /** Kernels changed, for the same end. */
  readonly mutation?: Mutation;
}

/** A quantity whose expectation the successive-conditional simulator has to keep. */
export interface JointResult {
  readonly quantity: string;
  /** Difference of the two simulators' means in Monte Carlo standard errors. */
  readonly z: number;
}

/**
 * The joint-distribution test of Geweke (2004). Marginal-conditional simulator: theta ~ prior, y | theta.
 * Successive-conditional: from there in turn theta ~ kernel given y, then y | theta anew. Both have the joint density
 * p(theta) p(y | theta) if and only if the kernel leaves the posterior of every y invariant. Each start gives the
 * difference of its average over `steps` transitions and its own marginal-conditional draw, so that starts are
 * independent, nothing has to converge, and kernels that move some of the parameters can be tested alone; the Monte
 * Carlo error is `mcseMean` of the differences. Sds and degrees of freedom enter by their logarithms and unbounded
 * quantities by asinh, so that all have moments, and each with its square.
 */
export function jointDistribution(given: ModelCase, options: JointOptions): JointResult[] {
  const model = priorModel(given);
  const kernelsOf = jointKernels(model, options.mutation);
  const rng = createRng([options.seed, 1]);
  const y = new Float64Array(model.design.n);
  const names = quantityNames(model);
  const count = names.length;
  const first = new Float64Array(count);
  const value = new Float64Array(count);
  const mean = new Float64Array(count);
  const differences = names.map(() => new Float64Array(options.starts));
  for (let start = 0; start < options.starts; start += 1) {
    model.drawParameters(rng);
    mean.fill(0);
    for (let step = 0; step < options.steps; step += 1) {
      model.drawResponse(rng, y);
      if (step === 0) quantities(model, y, first);
      const kernels = kernelsOf(options.rule, y, rng);
      for (let sweep = 0; sweep < (options.sweeps ?? 1); sweep += 1) {
        for (const kernel of kernels) {
          if (options.kernel === undefined || kernel.name === options.kernel)
            kernel.step(model.state, rng, 'sampling', new Float64Array(kernel.stats.length));
        }
      }
      options.harm?.(model.state);
      quantities(model, y, value);
      for (let k = 0; k < count; k += 1) mean[k] = mean[k]! + value[k]! / options.steps;
    }
    for (let k = 0; k < count; k += 1) differences[k]![start] = mean[k]! - first[k]!;
  }
  return names.flatMap((quantity, k) => {
    const series = differences[k]!;
    // A kernel does not move what it does not name.
    if (series.every((difference) => Math.abs(difference) < 1e-12)) return [];
    const average = series.reduce((sum, difference) => sum + difference, 0) / options.starts;
    return [{ quantity, z: average / mcseMean([series]) }];
  });
}

/** First and second moments of every parameter, of the data and of what joins them. */
function quantityNames({ design, state }: PriorModel): string[] {
  const singles = Object.entries(state.at).flatMap(([name, values]) => {
    const kept = name.startsWith('u_') ? Math.min(values.length, 6) : values.length;
    return Array.from({ length: kept }, (_, i) => `${name}[${i}]`);
  });
  const all = [
    ...singles,
    'y[0]',
    `y[${design.n - 1}]`,
    'mean y',
    'log sd y',
    'log likelihood',
    'y[0] beta[0]',
    ...(design.groupTerms.length > 0 ? ['log sum u^2'] : []),
  ];
  return all.flatMap((name) => [name, `${name} squared`]);
}

function quantities(model: PriorModel, y: Float64Array, out: Float64Array): void {
  const { state } = model;
  let at = 0;
  const add = (x: number): void => {
    out[at++] = x;
    out[at++] = x * x;
  };
  let squares = 0;
  for (const [name, values] of Object.entries(state.at)) {
    const kept = name.startsWith('u_') ? Math.min(values.length, 6) : values.length;
    const logarithm = name.startsWith('tau_') || name === 'sigma' || name === 'nu';
    for (let i = 0; i < kept; i += 1) add(logarithm ? Math.log(values[i]!) : Math.asinh(values[i]!));
    if (name.startsWith('u_')) for (const u of values) squares += u * u;
  }
  const n = y.length;
  const centre = y.reduce((sum, value) => sum + value, 0) / n;
  const spread = y.reduce((sum, value) => sum + (value - centre) ** 2, 0) / n;
  add(Math.asinh(y[0]!));
  add(Math.asinh(y[n - 1]!));
  add(Math.asinh(centre));
  // Counts may all be equal.
  add(0.5 * Math.log(spread + 1e-3));
  add(model.logLikelihood(y) / n);
  add(Math.asinh(y[0]! * state.at['beta']![0]!));
  if (model.design.groupTerms.length > 0) add(Math.log(squares));
}
