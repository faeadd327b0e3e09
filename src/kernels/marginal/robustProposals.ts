import { log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import { adaptiveProposal, mixtureOver } from '../../proposals/adaptiveProposal.ts';
import { logMixtureProposal } from '../../proposals/logMixture.ts';
import { mixtureProposal } from '../../proposals/mixture.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import type { Mixture } from '../../proposals/proposalTable.ts';
import { temperedCloud } from '../../proposals/temperedCloud.ts';
import { createRng } from '../../random/rng.ts';
import { logScaleDensity } from './covarianceModes.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Particles and components of the fit to them. */
const PARTICLES = 800;
const COMPONENTS = 8;

/**
 * Proposals to try where the fitted one is poor, each made when it is asked for, in turn: functions of the target
 * alone. The first is fitted about the modes in log scales, the second to particles that are led from there to the
 * posterior.
 */
export function robustProposals(
  target: MarginalTarget,
  { start, modes = [] }: MarginalProposal,
  share: number,
): readonly (() => Pausing<Proposal | null>)[] {
  const { d, q } = target;
  const density = logScaleDensity(target);
  const phi = new Float64Array(d);
  const ofLogs = (z: Float64Array): number => density(z, phi);
  const places = (modes.length > 0 ? modes.map((mode) => mode.phi) : [start]).map((place) =>
    Float64Array.from(place, (v, k) => (k < q ? log(Math.max(v, 1e-150)) : v)),
  );
  let adapted: Mixture | null = null;
  return [
    // In logarithms a posterior that is a power of an sd, towards 0 or far out, has tails that t components cover.
    function* () {
      const { proposal } = yield* adaptiveProposal(ofLogs, places, 0, createRng([10]), share);
      if (proposal.table?.kind !== 'mixture') return null;
      adapted = proposal.table.mixture;
      return logMixtureProposal(adapted, q);
    },
    // On a ridge that no round of importance sampling has found points enough of, particles are led to it.
    function* () {
      if (!adapted) return null;
      const stream = createRng([11]);
      const points = yield* temperedCloud(ofLogs, mixtureProposal(adapted), d, Math.round(share * PARTICLES), stream);
      return points && logMixtureProposal(yield* mixtureOver(points, d, COMPONENTS, stream), q);
    },
  ];
}
