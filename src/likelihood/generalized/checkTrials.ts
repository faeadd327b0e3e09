import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { familyRows } from '../../families/familyRows.ts';

/**
 * Trials in all up to which the criterion of grouped successes has digits for the covariances: its terms are of the size of the trials, so that rounding leaves it
 * some 2^-52 of their sum, and the optimiser needs 1e-4 of it.
 */
const MOST_TRIALS = 1e12;

/** Throws ModelError `too-many-trials` where the counts, weights included, are so many that rounding alone decides between covariances. */
export function checkTrials(design: Design): void {
  const { size, copies } = familyRows(design);
  const total = size.reduce((sum, trials, i) => sum + trials * copies[i]!, 0);
  if (total <= MOST_TRIALS) return;
  const { label } = design.response;
  throw new ModelError(
    'too-many-trials',
    label,
    `${label} has ${total.toPrecision(3)} trials in all, and beyond ${MOST_TRIALS.toExponential(0)} rounding leaves the likelihood too few digits to tell covariances apart; fit the observed log-odds as gaussian with known standard errors, y | se(...)`,
  );
}
