import type { ColumnSource } from '../../design/columns/columnSource.ts';
import type { Encoder } from '../../design/columns/encoder.ts';
import { fixedEncoder } from '../../design/columns/learningEncoder.ts';
import { positiveValues, wholeValues } from '../../design/columns/rowValues.ts';
import type { Design } from '../../design/design.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { ModelError } from '../../errors.ts';
import { familyOf, kindOf } from '../../families/familyOf.ts';
import { drawLevel } from '../../families/orderedLink.ts';
import { unknownKind } from '../../families/responseKind.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionColumns, parseExpression } from '../../formula/terms.ts';
import { graphParts } from '../../graph/formulaText.ts';
import type { ResponseNode } from '../../graph/node.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { familyRows } from '../../products/familyRows.ts';
import type { Rng } from '../../random/rng.ts';
import { ownDraws, sigmaDraws } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';
import { thresholdDraws } from '../thresholdDraws.ts';

/** Replaces the S draws of the linear predictor of row i by responses drawn at them, in place. */
export type RowResponse = (i: number, eta: Float64Array, rng: Rng) => void;

/**
 * Responses of the rows of the fit: N(eta, sigma^2 / w_i) or N(eta, se_i^2); eta + sigma / sqrt(w_i) t_nu; successes
 * among the trials of the row; of ordered answers the number of a level, 1 the lowest.
 */
export function fittedResponse(fit: Fit): RowResponse {
  return rowResponse(fit, familyRows(fit.design).size);
}

/**
 * Responses of new rows. Weights, known standard errors, numbers of trials and exposures are the model's expressions,
 * evaluated on the columns of newdata and of the group tables as they were on the data; where newdata lacks a column of
 * theirs a row weighs 1, has one trial and the exposure 1, and without standard errors a response cannot be drawn:
 * throws `missing-se`. Weights, exposures and standard errors that are not positive are `not-positive`, trials that are
 * no whole number of 1 or more `not-a-count`.
 */
export function newRowResponse(fit: Fit, newdata: ColumnSource): RowResponse {
  return rowResponse(fit, newRowSizes(fit, newdata));
}

/**
 * Trials, exposures or precisions up to 1 / sigma^2 of new rows, as their family reads them. Throws what
 * `newRowResponse` does.
 */
export function newRowSizes(fit: ModelFit, newdata: ColumnSource): Float64Array {
  const node = graphParts(fit.graph).response;
  const encoder = fixedEncoder(fit.design.encoding);
  return newSizes(fit.design, node, newdata, encoder) ?? new Float64Array(newdata.n).fill(1);
}

/**
 * What the mean of each row is a multiple of: the exposure of counts, of the rows of the fit or of new ones as a
 * response of theirs has it; null where it is 1.
 */
export function meanExposure(fit: ModelFit, newdata: ColumnSource | null): Float64Array | null {
  if (kindOf(fit.design) !== 'counts') return null;
  if (newdata === null) return fit.design.response.exposure;
  return newExposure(graphParts(fit.graph).response, newdata, fixedEncoder(fit.design.encoding));
}

/** The sizes of new rows as their family reads them; null where each is 1. */
function newSizes(design: Design, node: ResponseNode, newdata: ColumnSource, encoder: Encoder): Float64Array | null {
  const kind = kindOf(design);
  switch (kind) {
    case 'numbers':
      return newPrecision(node, newdata, encoder);
    case 'successes':
      return newTrials(node, newdata, encoder);
    case 'counts':
      return newExposure(node, newdata, encoder);
    case 'ordered':
      return null;
    default:
      return unknownKind(kind);
  }
}

function rowResponse(fit: Fit, size: Float64Array): RowResponse {
  const family = familyOf(fit.design);
  const sigma = sigmaDraws(fit);
  const own = ownDraws(fit);
  const ordered = thresholdDraws(fit);
  if (ordered) {
    const thresholds = new Float64Array(ordered.count);
    return (_i, eta, rng) => {
      for (let s = 0; s < eta.length; s++) {
        ordered.at(s, thresholds);
        eta[s] = 1 + drawLevel(ordered.link, eta[s]!, thresholds, rng);
      }
    };
  }
  return (i, eta, rng) => {
    needsIndependent(fit.design, 'a response drawn row by row');
    for (let s = 0; s < eta.length; s++) {
      eta[s] = family.simulate(size[i]!, eta[s]!, sigma ? sigma[s]! : 1, rng, own ? own[s]! : undefined);
    }
  };
}

/** Precisions of new rows up to 1 / sigma^2; null where each is 1. */
function newPrecision(node: ResponseNode, newdata: ColumnSource, encoder: Encoder): Float64Array | null {
  const errors = expressionOn(node.se, newdata);
  if (node.se !== undefined && errors === null) {
    const absent = expressionColumns(parseExpression(node.se, 'row')).filter((name) => !newdata.has(name));
    throw new ModelError(
      'missing-se',
      node.se,
      `newdata has no column ${absent.map(quote).join(', ')} for the standard error of a response, ${node.se}; give it, or predict the mean`,
    );
  }
  if (errors) {
    const name = { what: 'the standard error', every: 'standard error' };
    return positiveValues(errors, name, newdata, encoder).map((se) => 1 / (se * se));
  }
  const weights = expressionOn(node.weights, newdata);
  return weights && positiveValues(weights, { what: 'the weight', every: 'weight' }, newdata, encoder);
}

/** Trials of new rows; null where the model has none or newdata lacks a column of theirs. */
function newTrials({ trials }: ResponseNode, newdata: ColumnSource, encoder: Encoder): Float64Array | null {
  const expression = expressionOn(trials, newdata);
  const name = { what: 'the number of trials', every: 'number of trials' };
  return expression && wholeValues(expression, name, 1, newdata, encoder);
}

/** Exposures of new rows; null where the model has none or newdata lacks a column of theirs. */
function newExposure({ exposure }: ResponseNode, newdata: ColumnSource, encoder: Encoder): Float64Array | null {
  const expression = expressionOn(exposure, newdata);
  return expression && positiveValues(expression, { what: 'the exposure', every: 'exposure' }, newdata, encoder);
}

/** The expression of a text whose columns are all there; null without a text and where one is not. */
function expressionOn(text: string | undefined, newdata: ColumnSource): Expression | null {
  if (text === undefined) return null;
  const expression = parseExpression(text, 'row');
  return expressionColumns(expression).every((name) => newdata.has(name)) ? expression : null;
}
