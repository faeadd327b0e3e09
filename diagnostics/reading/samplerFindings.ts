import type { Chains } from '../chains.ts';
import { type Finding, number } from '../finding.ts';
import type { SamplerStatistics } from './samplerRun.ts';

/**
 * Energy fractions below it say that the momenta do not carry a chain over its range of energies (Stan's `diagnose`).
 */
const LEAST_EBFMI = 0.3;

/**
 * What a Hamiltonian sampler's own reports say of its draws: divergent transitions (a problem: the draws miss a
 * region), a Bayesian fraction of missing information of the energy below 0.3 in a chain (a problem), trees cut at
 * their largest depth (a note: slow, not wrong). Betancourt (2017), arXiv:1701.02434, section 6; the thresholds are
 * those of CmdStan's `diagnose`.
 */
export function samplerFindings({ divergent, saturated, energy }: SamplerStatistics): Finding[] {
  return [
    ...(divergent ? divergentFindings(divergent) : []),
    ...(energy ? energyFindings(energy) : []),
    ...(saturated ? saturatedFindings(saturated) : []),
  ];
}

function divergentFindings(chains: Chains): Finding[] {
  const { hits, all } = counted(chains);
  if (hits === 0) return [];
  return [
    {
      variable: '*',
      code: 'divergent',
      severity: 'problem',
      message: `${hits} of ${all} transitions diverged (${share(hits, all)}); none may: the draws miss a region of high curvature, and means and intervals are biased however good R-hat is. Raise the target acceptance (adapt_delta 0.95, then 0.99); if some remain, change the parametrisation (non-centred group effects where groups say little) or the priors.`,
      value: hits,
      threshold: 0,
    },
  ];
}

function energyFindings(chains: Chains): Finding[] {
  const fractions = chains.map(ebfmi);
  const low = fractions.flatMap((fraction, c) => (fraction < LEAST_EBFMI ? [{ fraction, chain: c + 1 }] : []));
  if (low.length === 0) return [];
  const said = low.map(({ fraction, chain }) => `${number(fraction)} in chain ${chain}`).join(', ');
  return [
    {
      variable: '*',
      code: 'energy',
      severity: 'problem',
      message: `E-BFMI is ${said}, below ${LEAST_EBFMI} (Betancourt 2017): the chains move slowly over the range of energies and may miss the tails. Look for heavy tails and for sds near zero; a non-centred parametrisation or tighter priors help, and more draws seldom do.`,
      value: Math.min(...low.map(({ fraction }) => fraction)),
      threshold: LEAST_EBFMI,
    },
  ];
}

function saturatedFindings(chains: Chains): Finding[] {
  const { hits, all } = counted(chains);
  if (hits === 0) return [];
  return [
    {
      variable: '*',
      code: 'treeDepth',
      severity: 'note',
      message: `${hits} of ${all} transitions (${share(hits, all)}) ended at the largest tree depth: sampling is slow, not wrong, while R-hat and ESS are good. Scale or reparametrise the model before raising max_treedepth.`,
      value: hits,
      threshold: 0,
    },
  ];
}

function counted(chains: Chains): { readonly hits: number; readonly all: number } {
  let hits = 0;
  let all = 0;
  for (const chain of chains) {
    all += chain.length;
    for (let i = 0; i < chain.length; i++) if (chain[i] !== 0) hits++;
  }
  return { hits, all };
}

/** sum (E_n - E_{n-1})^2 / sum (E_n - mean E)^2; NaN of a chain whose energy stands still. */
function ebfmi(chain: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < chain.length; i++) mean += chain[i]! / chain.length;
  let steps = 0;
  let spread = 0;
  for (let i = 0; i < chain.length; i++) {
    if (i > 0) steps += (chain[i]! - chain[i - 1]!) ** 2;
    spread += (chain[i]! - mean) ** 2;
  }
  return steps / spread;
}

function share(hits: number, all: number): string {
  return `${number((100 * hits) / all)} %`;
}
