import type { Frame } from '../data/frame.ts';
import { ModelError } from '../errors.ts';
import { expressionColumns, parseExpression } from '../formula/terms.ts';
import type { GraphNode } from '../graph/nodes.ts';
import { quote } from '../graph/quote.ts';
import type { Fit } from '../mcmc/fit.ts';
import type { Rng } from '../random/rng.ts';
import { sigmaDraws } from './groupDraws.ts';

/** Adds the residual noise of row i to the S draws of its linear predictor, in place. */
export type RowNoise = (i: number, eta: Float64Array, rng: Rng) => void;

/** Residual noise of the rows of the fit: N(0, sigma^2 / w_i), or N(0, se_i^2). */
export function fittedNoise(fit: Fit): RowNoise {
  const { weights, standardErrors } = fit.design.response;
  return noise(sigmaDraws(fit), weights, standardErrors);
}

/**
 * Residual noise of new rows. Weights and known standard errors are read from the column of `newdata` that the model names; without
 * a column of weights a row weighs 1, without standard errors a response cannot be drawn: throws `missing-se`.
 */
export function newRowNoise(fit: Fit, newdata: Frame): RowNoise {
  const node = Object.values<GraphNode>(fit.graph.nodes).find(({ kind }) => kind === 'response');
  const named = (name: string | undefined, what: string): Float64Array | null => {
    const column = name === undefined ? undefined : newdata.columns.get(name);
    if (column?.kind !== 'number') return null;
    column.values.forEach((value, i) => {
      if (value > 0) return;
      throw new ModelError(
        'not-positive',
        name!,
        `newdata: ${what} ${quote(name)} is ${value} in row ${i + 1}; it must be positive`,
      );
    });
    return column.values;
  };
  if (node?.kind !== 'response') return fittedNoise(fit);
  const errors = named(node.se, 'the standard error');
  if (node.se !== undefined && errors === null) {
    throw new ModelError(
      'missing-se',
      node.se,
      `newdata has no numeric column ${quote(node.se)}, the standard error of a response; give it, or predict the mean`,
    );
  }
  const weights = named(node.weights, 'the weight');
  if (node.weights !== undefined && weights === null) {
    const missing = expressionColumns(parseExpression(node.weights, 'row')).some((name) => !newdata.columns.has(name));
    if (!missing) {
      throw new ModelError(
        'weights-expression',
        node.weights,
        `the weight of a response is the expression ${quote(node.weights)}, which is not evaluated on newdata; give newdata a column of that name`,
      );
    }
  }
  return noise(sigmaDraws(fit), weights, errors);
}

function noise(sigma: Float64Array | null, weights: Float64Array | null, errors: Float64Array | null): RowNoise {
  return (i, eta, rng) => {
    const scale = errors ? errors[i]! : weights ? 1 / Math.sqrt(weights[i]!) : 1;
    for (let s = 0; s < eta.length; s++) eta[s]! += scale * (sigma && !errors ? sigma[s]! : 1) * rng.normal();
  };
}
