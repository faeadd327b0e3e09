import type { ModelData } from '../data/frame.ts';
import { buildDesign } from '../design/buildDesign.ts';
import { type CrossProducts, crossProducts } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { ModelGraph } from '../graph/nodes.ts';
import { chooseKernels } from '../kernels/conjugacy.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Priors } from '../kernels/priors.ts';
import type { Variable } from './draws.ts';
import { layout } from './layout.ts';
import { resolvePriors } from './resolvePriors.ts';

/** How a graph meets its data. */
export interface PlanOptions {
  /** Rows with missing values: an error that counts them (default), or dropped and counted in the fit. */
  readonly missing?: 'error' | 'drop';
  /** Which kernels make a sweep: `auto` (default) takes the best that applies; `marginal`, `gibbs` by name. */
  readonly kernels?: string;
}

/** Everything a chain needs: the design, the priors in force, the layout of the draws and the kernels of a sweep. */
export interface Plan {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly priors: Priors;
  readonly products: CrossProducts;
  readonly variables: readonly Variable[];
  /** The rule the kernels were chosen by. */
  readonly rule: string;
  readonly kernels: readonly Kernel[];
}

/** Brings a graph and its data together. Every fault of the input is a `ModelError` from here, before anything is sampled. */
export function plan(graph: ModelGraph, data: ModelData, options: PlanOptions = {}): Plan {
  return planDesign(buildDesign(graph, data, { missing: options.missing ?? 'error' }), options.kernels ?? 'auto');
}

/** The plan of a design that is already built. */
export function planDesign(design: Design, rule: string): Plan {
  checkFamily(design);
  const priors = resolvePriors(design);
  const products = crossProducts(design);
  const setting = { design, products, priors };
  return {
    graph: design.graph,
    design,
    priors,
    products,
    variables: layout(design),
    rule,
    kernels: chooseKernels(setting, rule),
  };
}

/** Throws `unsupported-family` for a family that has no kernels yet. */
function checkFamily({ response }: Design): void {
  if (response.family === 'gaussian') return;
  const message = `response ${response.label}: there is no sampler for the family "${response.family}" yet; accepted: "gaussian"`;
  throw new ModelError('unsupported-family', 'family', message);
}
