import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { Expression, Term } from './expression.ts';
import { expressionText } from './expressionText.ts';
import type { FormulaTree } from './parser.ts';
import type { Residuals } from './residualOptions.ts';
import { syntaxError } from './syntaxError.ts';
import { expressionColumns } from './terms.ts';

/** What of a model reads columns beside its response. */
interface Readers extends Residuals {
  /** Population, varying and level-2 terms. */
  readonly terms: readonly Term[];
  readonly offsets: readonly Expression[];
  readonly factors: readonly string[];
}

/** Throws `formula-terms` where a column of the response is among its own predictors, groups or times. */
export function checkOwnPredictor(
  tree: Pick<FormulaTree, 'response' | 'source'>,
  { terms, offsets, factors, residual, sigmaTerms, sigmaBy }: Readers,
): void {
  const response = new Set(expressionColumns(tree.response));
  if (response.size === 0) throw syntaxError(tree.source, 0, 'the response reads no column');
  const reads = (expression: Expression): string | undefined =>
    expressionColumns(expression).find((name) => response.has(name));
  for (const [list, of] of [
    [terms, ''],
    [sigmaTerms ?? [], ' of sigma'],
  ] as const) {
    for (const term of list) {
      for (const atom of term.atoms) {
        const column = reads(atom.expression);
        if (column !== undefined) throw ownPredictor(column, `the term ${term.label}${of}`);
      }
    }
  }
  for (const offset of offsets) {
    const column = reads(offset);
    if (column !== undefined) throw ownPredictor(column, `the offset ${expressionText(offset)}`);
  }
  for (const factor of [...factors, ...(residual ? [residual.by] : []), ...(sigmaBy === undefined ? [] : [sigmaBy])]) {
    const column = factor.split(':').find((name) => response.has(name));
    if (column !== undefined) throw ownPredictor(column, `the grouping factor ${factor}`);
  }
  if (residual?.time !== undefined && response.has(residual.time)) {
    throw ownPredictor(residual.time, 'the residual structure');
  }
}

function ownPredictor(column: string, place: string): ModelError {
  const sentence = `formula: ${quote(column)} is in the response, and so it cannot stand in ${place}`;
  return new ModelError('formula-terms', 'formula', sentence);
}
