import { ModelError } from '../errors.ts';
import type { ModelGraph } from '../graph/node.ts';
import { checkOptions, type OptionTable } from '../input/checkOptions.ts';
import { FORMULA_OPTIONS, type FormulaOptions, formula } from './formula.ts';

/** A model that a function takes: a graph, or the text of a formula. */
export type Model = ModelGraph | string;

/**
 * The graph of a model, and the options less those of the formula, checked against the table of the function. A text
 * is a formula, which takes its options (family, priors, level2, nu, shape, precision, residual, sigma) from the same
 * object; beside a graph, which has them already, they are a ModelError `unknown-option`. `place` is the function as
 * callers know it, `required` what its options must hold.
 */
export function readModel<O extends object>(
  place: string,
  model: Model,
  options: O & FormulaOptions,
  table: OptionTable<O>,
  required: readonly (keyof O & string)[] = [],
): { graph: ModelGraph; options: O } {
  const given: unknown = options;
  const text = typeof model === 'string';
  const ofFormula = text ? Object.keys(FORMULA_OPTIONS) : [];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const graph = asGraph(model, {});
    checkOptions(place, options, table, required, ofFormula);
    return { graph, options };
  }
  const own: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options))
    (Object.hasOwn(FORMULA_OPTIONS, name) ? own : rest)[name] = value;
  const [first] = Object.keys(own);
  if (!text && first !== undefined) {
    throw new ModelError(
      'unknown-option',
      place,
      `${place}: ${first} belongs to the formula, and this model has been made; give it there: formula(text, { ${first} }), or pass the text itself`,
    );
  }
  const graph = asGraph(model, own);
  checkOptions(place, rest as O, table, required, ofFormula);
  return { graph, options: rest as O };
}

function asGraph(model: Model, options: FormulaOptions): ModelGraph {
  return typeof model === 'string' ? formula(model, options) : model;
}
