import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import { graphFromJson } from './modelGraph.ts';

/**
 * Throws where a value is not a model: ModelError `invalid-graph` for what is no graph at all, a formula's text among
 * them, and what `modelGraph` throws of a graph that was put together by hand.
 */
export function checkGraph(graph: unknown): void {
  if (typeof graph === 'object' && graph !== null && 'nodes' in graph) {
    graphFromJson(graph);
    return;
  }
  const remedy =
    typeof graph === 'string'
      ? 'formula(text) makes one of a text'
      : 'formula("y ~ x + (1 | g)") and modelGraph make one, and functions that fit take the text itself';
  throw new ModelError('invalid-graph', 'graph', `graph: expected a model, not ${quote(graph)}; ${remedy}`);
}
