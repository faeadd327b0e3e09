import type { GroupTerm } from '../../design/design.ts';
import type { MovingPrior, ScalePrior } from '../../priors/priors.ts';
import type { ProposalSearch } from './marginalProposal.ts';
import { boundedStarts, priorStarts } from './priorStarts.ts';

/**
 * The points that the priors tell a search for modes to begin at (`priorStarts`, `boundedStarts`), with the coordinates
 * of the residuals, where there are any, those of `typical`.
 */
export function priorSearch(
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
  sigmaPrior: ScalePrior | null,
  typical: Float64Array,
): Required<Pick<ProposalSearch, 'starts' | 'lastStarts'>> {
  const lengthened = (phi: Float64Array): Float64Array =>
    phi.length < typical.length ? Float64Array.from([...phi, ...typical.subarray(phi.length)]) : phi;
  return {
    starts: priorStarts(terms, priors, typical).map(lengthened),
    lastStarts: () => boundedStarts(terms, priors, sigmaPrior).map(lengthened),
  };
}
