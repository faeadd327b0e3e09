import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';

/**
 * Throws ModelError `level-without-rows` where no row has one of the levels of an ordered answer: the likelihood is
 * largest where its two thresholds are one, or the outer one is infinitely far.
 */
export function checkLevels({ response }: Design): void {
  const { levels, label, y } = response;
  if (levels === null) return;
  const given = new Set(y);
  const absent = levels.filter((_, k) => !given.has(k));
  if (absent.length === 0) return;
  const message = `response ${label} is ${absent.map(quote).join(' or ')} in no row, so that the likelihood puts no width between its thresholds; leave the level out of levels, or sample, where the prior of the thresholds gives it room`;
  throw new ModelError('level-without-rows', label, message);
}
