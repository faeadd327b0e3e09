import type { Family } from '../../families/family.ts';
import { betaBinomialLogLik } from './betaBinomialLogLik.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';
import { familyLogLik } from './familyLogLik.ts';
import { logitLogLik } from './logitLogLik.ts';
import { negativeBinomialLogLik } from './negativeBinomialLogLik.ts';
import { orderedLogLik } from './orderedLogLik.ts';
import { probitLogLik } from './probitLogLik.ts';

/**
 * The log-likelihood of the cells of a family: successes with the logit or the probit link, beta-binomial ones,
 * negative binomial counts and ordered answers have passes of their own.
 */
export function cellLogLik(family: Family, table: CellTable): BlockLogLik {
  if (family.ordered) return orderedLogLik(family.ordered, table);
  if (family.name === 'betaBinomial') return betaBinomialLogLik(table);
  if (family.name === 'negativeBinomial') return negativeBinomialLogLik(table);
  switch (family.conjugate) {
    case 'polyaGamma':
      return logitLogLik(table);
    case 'latentNormal':
      return probitLogLik(table);
    default:
      return familyLogLik(family, table);
  }
}
