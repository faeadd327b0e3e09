import type { Frame } from '../data/frame.ts';
import { columnSource } from '../design/columnSource.ts';
import { fixedEncoder } from '../design/encoder.ts';
import { wholeValues } from '../design/rowValues.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import { familyRows } from '../families/familyRows.ts';
import { expressionColumns, parseExpression } from '../formula/terms.ts';
import { graphParts } from '../graph/formulaText.ts';
import { isContinuous, type ResponseNode } from '../graph/nodes.ts';
import { quote } from '../graph/quote.ts';
import type { Fit } from '../mcmc/fit.ts';
import type { Rng } from '../random/rng.ts';
import { nuDraws, sigmaDraws } from './groupDraws.ts';

/** Replaces the S draws of the linear predictor of row i by responses drawn at them, in place. */
export type RowResponse = (i: number, eta: Float64Array, rng: Rng) => void;

/** Responses of the rows of the fit: N(eta, sigma^2 / w_i) or N(eta, se_i^2); eta + sigma / sqrt(w_i) t_nu; successes among the trials of the row. */
export function fittedResponse(fit: Fit): RowResponse {
  return rowResponse(fit, familyRows(fit.design).size);
}

/**
 * Responses of new rows. Weights, known standard errors and numbers of trials are read from the columns of `newdata` that the model names; without
 * them a row weighs 1 and has one trial, and without standard errors a response cannot be drawn: throws `missing-se`. Trials that are no whole number
 * of 1 or more are `not-a-count`.
 */
export function newRowResponse(fit: Fit, newdata: Frame): RowResponse {
  const node = graphParts(fit.graph).response;
  const size = isContinuous(fit.design.response.family) ? newPrecision(node, newdata) : newTrials(fit, node, newdata);
  return rowResponse(fit, size ?? new Float64Array(newdata.n).fill(1));
}

function rowResponse(fit: Fit, size: Float64Array): RowResponse {
  const family = familyOf(fit.design);
  const sigma = sigmaDraws(fit);
  const nu = nuDraws(fit);
  return (i, eta, rng) => {
    for (let s = 0; s < eta.length; s++) {
      eta[s] = family.simulate(size[i]!, eta[s]!, sigma ? sigma[s]! : 1, rng, nu ? nu[s]! : undefined);
    }
  };
}

/** Precisions of new rows up to 1 / sigma^2; null where each is 1. */
function newPrecision(node: ResponseNode, newdata: Frame): Float64Array | null {
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
  return errors ? errors.map((se) => 1 / (se * se)) : weights;
}

/** Trials of new rows; null where the model has none or newdata lacks a column of theirs. */
function newTrials(fit: Fit, { trials }: ResponseNode, newdata: Frame): Float64Array | null {
  if (trials === undefined) return null;
  const expression = parseExpression(trials);
  if (expressionColumns(expression).some((name) => !newdata.columns.has(name))) return null;
  const source = columnSource(newdata, new Map(), { where: 'newdata' });
  const name = { what: 'the number of trials', every: 'number of trials' };
  return wholeValues(expression, name, 1, source, fixedEncoder(fit.design.encoding));
}
