import type { Family } from '../../families/family.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';
import { logitLogLik } from './logitLogLik.ts';
import { probitLogLik } from './probitLogLik.ts';

/** The log-likelihood of the cells of a family: the logit and the probit link have passes of their own. */
export function cellLogLik({ link }: Family, table: CellTable): BlockLogLik {
  return link === 'logit' ? logitLogLik(table) : probitLogLik(table);
}
