import { exp, log } from '../elementary.ts';
import { mixtureProposal } from './mixture.ts';
import type { Proposal } from './proposal.ts';
import type { Mixture } from './proposalTable.ts';

/**
 * The proposal x_k = exp(z_k) for the first `positive` coordinates, x_k = z_k for the others, z of the mixture (not
 * folded): its log density at x is that of the mixture at z less the sum of z_k, k < positive. A power of x, towards 0
 * or far out, is an exponential of z, which t components cover.
 */
export function logMixtureProposal(mixture: Mixture, positive: number): Proposal {
  const inner = mixtureProposal(mixture);
  const z = new Float64Array(mixture.d);
  return {
    table: { kind: 'logMixture', mixture, positive },
    draw(rng, out) {
      inner.draw(rng, out);
      for (let k = 0; k < positive; k += 1) out[k] = exp(out[k]!);
    },
    logDensity(x) {
      let jacobian = 0;
      for (let k = 0; k < mixture.d; k += 1) {
        z[k] = k < positive ? log(x[k]!) : x[k]!;
        if (k < positive) jacobian += z[k]!;
      }
      return inner.logDensity(z) - jacobian;
    },
  };
}
