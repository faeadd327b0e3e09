import { exp, log } from '../../elementary.ts';
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
import type { WrittenCoordinates } from './writtenCoordinates.ts';

/** A proposal, and what it was fitted to where that are points of the posterior (N x d, sds in logs of phi). */
export interface RobustProposal {
  readonly proposal: Proposal;
  readonly cloud?: Float64Array;
}

/** Particles and components of the fit to them. */
const PARTICLES = 800;
const COMPONENTS = 8;

/**
 * Proposals to try where the fitted one is poor, each made when it is asked for, in turn: functions of the target
 * alone. The first is fitted about the modes in log scales, the second to particles that are led from there to the
 * posterior. With `coordinates` both are of phi of the columns as written.
 */
export function robustProposals(
  target: MarginalTarget,
  { start, modes = [] }: MarginalProposal,
  share: number,
  coordinates: WrittenCoordinates | null = null,
): readonly (() => Pausing<RobustProposal | null>)[] {
  const { d, q } = target;
  const density = logScaleDensity(target);
  const phi = new Float64Array(d);
  const point = new Float64Array(d);
  const ofLogs = coordinates
    ? (z: Float64Array): number => {
        let jacobian = 0;
        for (let k = 0; k < d; k += 1) {
          point[k] = k < q ? exp(z[k]!) : z[k]!;
          if (k < q) jacobian += z[k]!;
        }
        jacobian += coordinates.fromWritten(point, phi);
        const value = jacobian > -Infinity && target.at(phi) ? target.logMarginal() + jacobian : -Infinity;
        return value < Infinity ? value : -Infinity;
      }
    : (z: Float64Array): number => density(z, phi);
  const places = (modes.length > 0 ? modes.map((mode) => mode.phi) : [start]).flatMap((place) => {
    if (coordinates && !(coordinates.toWritten(place, point) > -Infinity)) return [];
    const from = coordinates ? point : place;
    return [Float64Array.from(from, (v, k) => (k < q ? log(Math.max(v, 1e-150)) : v))];
  });
  if (places.length === 0) return [];
  let adapted: Mixture | null = null;
  return [
    // In logarithms a posterior that is a power of an sd, towards 0 or far out, has tails that t components cover.
    function* () {
      const { proposal } = yield* adaptiveProposal(ofLogs, places, 0, createRng([10]), share);
      if (proposal.table?.kind !== 'mixture') return null;
      adapted = proposal.table.mixture;
      return { proposal: logMixtureProposal(adapted, q) };
    },
    // On a ridge that no round of importance sampling has found points enough of, particles are led to it.
    function* () {
      if (!adapted) return null;
      const stream = createRng([11]);
      const cloud = yield* temperedCloud(ofLogs, mixtureProposal(adapted), d, Math.round(share * PARTICLES), stream);
      if (!cloud) return null;
      return { proposal: logMixtureProposal(yield* mixtureOver(cloud, d, COMPONENTS, stream), q), cloud };
    },
  ];
}
