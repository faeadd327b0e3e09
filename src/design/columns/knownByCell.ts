import type { ReducedRows } from '../../data/reducedRows.ts';
import { ModelError } from '../../errors.ts';
import { type Expression, expressionParts } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';

/**
 * Throws ModelError `reduced-model` where an expression reads a column of which reduced rows have the moments alone:
 * `what` (factor(x), log(x), a weight) is not that of the rows of the data then, since the values on these rows are
 * none of theirs.
 */
export function knownByCell(
  expression: Expression,
  reduced: ReducedRows | undefined,
  what = expressionText(expression),
): void {
  const scales = reduced?.moments?.scales;
  if (scales === undefined) return;
  const name = continuous(expression, scales);
  if (name === null) return;
  throw new ModelError(
    'reduced-model',
    what,
    `${what} is not known of the reduced rows, which have the moments of ${name} alone: they were reduced for another model; reduce the data for this one`,
  );
}

/** The first part of an expression that is known by its moments alone. */
function continuous(expression: Expression, scales: ReadonlyMap<string, unknown>): string | null {
  const text = expressionText(expression);
  if (scales.has(text)) return text;
  for (const part of expressionParts(expression)) {
    const found = continuous(part, scales);
    if (found !== null) return found;
  }
  return null;
}
