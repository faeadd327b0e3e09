import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { unknownKind } from '../../families/responseKind.ts';
import { type FamilyRows, familyRows } from '../../products/familyRows.ts';

/**
 * Trials in all up to which the criterion of grouped successes has digits for the covariances: its terms are of the
 * size of the trials, so that rounding leaves it some 2^-52 of their sum, and the optimiser needs 1e-4 of it.
 */
const MOST_TRIALS = 1e12;

/**
 * Throws ModelError `too-many-trials`, of counts of events `too-many-counts`, where they are so many, weights included,
 * that rounding alone decides between covariances.
 */
export function checkTrials(design: Design): void {
  const { y, size, copies } = familyRows(design);
  const kind = kindOf(design);
  const { label } = design.response;
  switch (kind) {
    case 'successes': {
      const total = sum(size, copies);
      if (total <= MOST_TRIALS) return;
      throw tooMany('too-many-trials', label, `${total.toPrecision(3)} trials`, 'the observed log-odds');
    }
    case 'counts': {
      const total = sum(y, copies);
      if (total <= MOST_TRIALS) return;
      throw tooMany('too-many-counts', label, `${total.toPrecision(3)} counted events`, 'the observed log rates');
    }
    // The terms are of the size of the rows.
    case 'numbers':
    case 'ordered':
      return;
    default:
      unknownKind(kind);
  }
}

function sum(values: FamilyRows['y'], copies: FamilyRows['copies']): number {
  return values.reduce((total, value, i) => total + value * copies[i]!, 0);
}

function tooMany(code: string, label: string, found: string, instead: string): ModelError {
  return new ModelError(
    code,
    label,
    `${label} has ${found} in all, and beyond ${MOST_TRIALS.toExponential(0)} rounding leaves the likelihood too few digits to tell covariances apart; fit ${instead} as gaussian with known standard errors, y | se(...)`,
  );
}
