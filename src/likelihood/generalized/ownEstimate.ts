import type { FamilyRows } from '../../products/familyRows.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';

/** Below it the coordinate of a family's own parameter is at 0: shapes and precisions beyond 1e6. */
const LEAST_COORDINATE = 1e-3;

/** Where a search leaves the family's own parameter. */
export interface OwnEstimate {
  /** Its number; null for a family without one, and where the rows say nothing of it. */
  readonly own: number | null;
  readonly messages: readonly string[];
  /** Where the rows say nothing of it. */
  readonly unidentified: MaximumLikelihoodFit['unidentified'];
}

/** The rows for a search: where they say nothing of the family's own parameter it is held at its simpler family. */
export function rowsThatTell(rows: FamilyRows): FamilyRows {
  return saysNothing(rows) ? { ...rows, search: null, own: rows.search!.fromCoordinate(0) } : rows;
}

/** The parameter where a search over `rowsThatTell(given)` has left it, and what is said of it. */
export function ownEstimate(given: FamilyRows, { own, search, family }: FamilyRows): OwnEstimate {
  if (saysNothing(given)) {
    const parameter = family.parameter!;
    const message = `${parameter} is not identified: ${given.search!.unidentified}; no estimate is given, and the fit is that of the simpler family`;
    return { own: null, messages: [message], unidentified: [{ parameters: [parameter], message }] };
  }
  if (own === undefined) return { own: null, messages: [], unidentified: [] };
  const endless = search !== null && search.toCoordinate(own) < LEAST_COORDINATE;
  return {
    own: endless ? search.fromCoordinate(0) : own,
    messages: endless ? [`${family.parameter} grows without end: ${search.simpler}`] : [],
    unidentified: [],
  };
}

function saysNothing({ search, size }: FamilyRows): boolean {
  return search?.unidentified !== undefined && size.every((value) => search.varianceSlope(value, 0) === 0);
}
