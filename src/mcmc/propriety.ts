import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { Priors, ScalePrior } from '../kernels/priors.ts';

/**
 * Refuses priors under which the posterior would have no finite integral.
 *
 * As tau grows the likelihood with u and beta integrated out falls like tau^-(J - m), J the groups that have rows and m the flat level-2 coefficients of
 * that column; a prior p(tau) ~ tau^k is proper in the right tail only where J - m > k + 1: a flat sd needs J > m + 1, a flat variance J > m + 2
 * (Gelman 2006, section 2.2). At tau = 0 the likelihood is positive, so p(tau) ~ 1/tau never is. As sigma grows the likelihood falls like
 * sigma^-(n - p) with p flat coefficients.
 */
export function checkPropriety(design: Design, priors: Priors): void {
  const flat = (column: number): boolean => column >= 0 && priors.beta.sd[column] === Infinity;
  design.groupTerms.forEach((term, t) => {
    const J = term.counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    term.blocks.forEach((block, b) => {
      const prior = priors.groups[t]![b]!;
      if (prior.kind !== 'separation') return;
      prior.tau.forEach((tau, i) => {
        const k = block.start + i;
        let m = 0;
        for (let l = 0; l < term.level2.m; l += 1) if (flat(term.level2.columns[k * term.level2.m + l]!)) m += 1;
        const name = `tau_${term.factor}[${term.labels[k]}]`;
        const power = improperPower(tau);
        if (power === null) return;
        if (power <= -1) {
          throw new ModelError(
            'improper-posterior',
            name,
            `${name} has a prior proportional to tau^${power}, which has no finite integral at 0 whatever the data; give it half_t(3, scale)`,
          );
        }
        if (J - m <= power + 1) {
          throw new ModelError(
            'improper-posterior',
            name,
            `${name} has a prior ${power === 0 ? 'flat on the sd' : `proportional to tau^${power}`} and ${J} groups with rows for ${m} flat level-2 coefficients; ` +
              `the posterior is proper only with more than ${m + power + 1} groups: give it half_t(3, scale)`,
          );
        }
      });
    });
  });
  if (priors.sigma) {
    const p = priors.beta.sd.reduce((sum, sd) => sum + (sd === Infinity ? 1 : 0), 0);
    const power = improperPower(priors.sigma) ?? -2;
    if (design.n - p <= power + 1) {
      throw new ModelError(
        'improper-posterior',
        'sigma',
        `${design.n} rows and ${p} flat coefficients leave the posterior of sigma without a finite integral; give sigma or beta a proper prior`,
      );
    }
  }
}

/** The k of p(tau) ~ tau^k for a prior without a finite integral; null for a proper one. */
function improperPower(prior: ScalePrior): number | null {
  if (prior.distribution === 'flat') return 0;
  if (prior.distribution === 'inverseGamma' && prior.scale === 0) return -2 * prior.shape - 1;
  return null;
}
