import type { ModelData, Table } from '../data/frame.ts';
import type { Design } from '../design/design.ts';
import { withoutResidual } from '../design/withoutResidual.ts';
import { familyOf } from '../families/familyOf.ts';
import type { FormulaOptions, GivenPriors } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import type { ModelGraph } from '../graph/node.ts';
import { oneOf, text } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { chooseKernels } from '../kernels/kernelRules.ts';
import type { Pausing } from '../pausing.ts';
import { movingModel } from '../priors/movingModel.ts';
import type { MovingPriors, Priors } from '../priors/priors.ts';
import { checkProperSigma } from '../priors/properSigma.ts';
import { resolvePriors } from '../priors/resolvePriors.ts';
import { cells } from '../products/cells.ts';
import { type CrossProducts, crossProducts } from '../products/crossProducts.ts';
import { standardisation } from '../products/standardisedDesign.ts';
import { structuredProducts } from '../products/structuredProducts.ts';
import type { Variable } from './draws.ts';
import { KEEP_ALL, type Keep, keptVariables } from './keep.ts';
import { layout } from './layout.ts';
import { type Recording, recording } from './recording.ts';
import { samplingDesign } from './samplingDesign.ts';

/** How a graph meets its data. */
export interface PlanOptions {
  /** Rows with missing values: an error that counts them (default), or dropped and counted in the fit. */
  readonly missing?: 'error' | 'drop';
  /**
   * Linearly dependent columns of the population part that flat priors leave open: an error that names them (default;
   * those of cells that no row has are left out all the same), or left out ('drop') and noted in the fit. Under proper
   * priors they stay, unless 'drop' is given.
   */
  readonly rankDeficient?: 'error' | 'drop';
  /**
   * Which kernels make a sweep: `auto` (default) takes the best that applies; `whitened`, `marginal`, `crossed`,
   * `polyaGamma`, `albertChib`, `scaleMixture`, `gibbs`, `structured` by name.
   */
  readonly kernels?: string;
}

export const PLAN_OPTIONS: OptionTable<PlanOptions> = {
  missing: oneOf('error', 'drop'),
  rankDeficient: oneOf('error', 'drop'),
  kernels: text,
};

/** Everything a chain needs: the design, the priors in force, the layout of the draws and the kernels of a sweep. */
export interface Plan {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly priors: Priors;
  /** In the coordinates that chains move in, of the rows, or of the cells of a binomial or probit response. */
  readonly products: CrossProducts;
  readonly variables: readonly Variable[];
  readonly keep: Keep;
  /** The variables of which draws are kept, and where their scalars are among all. */
  readonly kept: { readonly variables: readonly Variable[]; readonly scalars: Int32Array };
  /** The scalars that chains record: those, or all of them where somebody wants to see every draw go by. */
  readonly recorded: Int32Array;
  /**
   * Design and priors in the coordinates that chains move in: varying columns about their means, in units of twice
   * their sd.
   */
  readonly moving: { readonly design: Design; readonly priors: MovingPriors };
  /** From there to the variables; null where they are the same. */
  readonly record: Recording | null;
  /** The rule the kernels were chosen by. */
  readonly rule: string;
  readonly kernels: readonly Kernel[];
  /**
   * The statistics of the kernels' steps that are recorded beside the draws: all of them in the kernels' order, or
   * none.
   */
  readonly stats: readonly string[];
}

/** What the kernels of a plan have fitted, one entry for each: plain data, null where there is nothing to take. */
export type Preparation = readonly (object | null)[];

/**
 * Fits what all chains share, or takes what an equal plan in another thread has fitted, and gives it. Chains that start
 * without a call fit it themselves.
 */
export function* prepare({ kernels }: Plan, made?: Preparation): Pausing<Preparation> {
  const own: (object | null)[] = [];
  for (const [k, kernel] of kernels.entries()) {
    own.push(kernel.prepare ? yield* kernel.prepare(made?.[k] ?? undefined) : null);
  }
  return own;
}

/**
 * Of every kernel: how its steps depart from what was planned, by what was fitted; null where they do not, or it is not
 * known.
 */
export function departures({ kernels }: Plan, made: Preparation | null): readonly (string | null)[] {
  return kernels.map((kernel, k) => {
    const own = made?.[k];
    return own && kernel.departs ? kernel.departs(own) : null;
  });
}

/**
 * Brings a model, a graph or the text of a formula (whose options then stand among these), and its data together. Every
 * fault of the input is a `ModelError` from here, before anything is sampled.
 */
export function plan(graph: ModelGraph, data: ModelData | Table, options?: PlanOptions): Plan;
export function plan<const P extends GivenPriors = GivenPriors>(
  text: string,
  data: ModelData | Table,
  options?: PlanOptions & FormulaOptions<P>,
): Plan;
export function plan(model: Model, data: ModelData | Table, given: PlanOptions & FormulaOptions = {}): Plan {
  const { graph, options } = readModel<PlanOptions>('plan', model, given, PLAN_OPTIONS);
  checkGraph(graph);
  const { kernels = 'auto', ...rest } = options;
  return planDesign(samplingDesign(graph, data, rest), kernels);
}

/** The same plan that keeps what it is told; its chains record everything with `whole`. */
export function keeping(model: Plan, keep: Keep, whole = false): Plan {
  const kept = keptVariables(model.variables, keep);
  const all = keptVariables(model.variables, KEEP_ALL);
  return { ...model, keep, kept, recorded: whole ? all.scalars : kept.scalars };
}

/** The plan of a design that is already built; it keeps all draws. */
export function planDesign(design: Design, rule: string): Plan {
  const coordinates = standardisation(design);
  const priors = resolvePriors(design, coordinates);
  // Given eta, equal rows are one row, but where every row has a precision of its own.
  const moving = movingModel(design, priors, coordinates);
  const structured = design.residual !== undefined;
  const merged = structured || familyOf(design).merge === null ? moving.design : cells(moving.design).design;
  const held = moving.priors.beta;
  const products = structured ? structuredProducts(merged, held) : crossProducts(merged, held);
  const plain = withoutResidual(moving.design);
  checkProperSigma(plain, structured ? crossProducts(plain, held) : products, moving.priors);
  const setting = { design: merged, products, priors: moving.priors };
  const variables = layout(design);
  const kept = keptVariables(variables, KEEP_ALL);
  const kernels = chooseKernels(setting, rule);
  return {
    graph: design.graph,
    design,
    priors,
    products,
    variables,
    keep: KEEP_ALL,
    kept,
    recorded: kept.scalars,
    moving,
    record: recording(design, moving.blocks, variables),
    rule,
    kernels,
    stats: kernels.flatMap(({ stats }) => stats),
  };
}
