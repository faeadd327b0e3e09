import { gridOver } from './gridProposal.ts';
import { latticeOver } from './latticeProposal.ts';
import { logMixtureProposal } from './logMixture.ts';
import { mixtureProposal } from './mixture.ts';
import type { Proposal } from './proposal.ts';
import type { ProposalTable } from './proposalTable.ts';

/** The proposal of a table. */
export function tabulatedProposal(table: ProposalTable): Proposal {
  switch (table.kind) {
    case 'none':
      return { draw() {}, logDensity: () => 0, table };
    case 'grid':
      return gridOver(table.knots, table.density);
    case 'lattice':
      return latticeOver(table.axes, table.density);
    case 'mixture':
      return mixtureProposal(table.mixture);
    case 'logMixture':
      return logMixtureProposal(table.mixture, table.positive);
  }
}
