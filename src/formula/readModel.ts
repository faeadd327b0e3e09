import { ModelError } from '../errors.ts';
import type { ModelGraph } from '../graph/node.ts';
import { FORMULA_OPTIONS, type FormulaOptions, formula } from './formula.ts';

/** A model that a function takes: a graph, or the text of a formula. */
export type Model = ModelGraph | string;

/**
 * The graph of a model, and the options less those of the formula. A text is a formula, which takes its options
 * (family, priors, level2, nu, shape, precision, residual, sigma) from the same object; beside a graph, which has them
 * already, they are a ModelError `unknown-option`. `place` is the function as callers know it.
 */
export function readModel<O extends object>(
  place: string,
  model: Model,
  options: O & FormulaOptions,
): { graph: ModelGraph; options: O } {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) return { graph: asGraph(model, {}), options };
  const own: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options))
    (Object.hasOwn(FORMULA_OPTIONS, name) ? own : rest)[name] = value;
  const [first] = Object.keys(own);
  if (typeof model !== 'string' && first !== undefined) {
    throw new ModelError(
      'unknown-option',
      place,
      `${place}: ${first} belongs to the formula, and this model has been made; give it there: formula(text, { ${first} }), or pass the text itself`,
    );
  }
  return { graph: asGraph(model, own), options: rest as O };
}

function asGraph(model: Model, options: FormulaOptions): ModelGraph {
  return typeof model === 'string' ? formula(model, options) : model;
}
