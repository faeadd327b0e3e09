import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { halfT, inverseGamma, normal, type Prior } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { compareWith, disagreements, fixtureJson, type Reference } from './agreement.ts';

interface Row {
  readonly variable: string;
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
  readonly mcse_sd: number;
}

const vague = inverseGamma(0.001, 0.001);
const cases: readonly [string, string, string, Record<string, Prior>][] = [
  [
    'jags_pastes',
    'pastes',
    'strength ~ 1 + (1 | batch/cask)',
    { beta: normal(0, 1000), tau_batch: inverseGamma(1, 1), 'tau_batch:cask': inverseGamma(1, 5), sigma: vague },
  ],
  [
    'jags_penicillin',
    'penicillin',
    'diameter ~ 1 + (1 | plate) + (1 | sample)',
    { beta: normal(0, 1000), tau_plate: inverseGamma(1, 0.5), tau_sample: inverseGamma(1, 2), sigma: vague },
  ],
  [
    'jags_pastes_halft',
    'pastes',
    'strength ~ 1 + (1 | batch/cask)',
    { beta: normal(0, 1000), tau_batch: halfT(3, 5), 'tau_batch:cask': halfT(3, 5), sigma: halfT(3, 5) },
  ],
];

const runs = cases.flatMap(([name, ...rest]) => [
  // Near independent from the start: a tenth of the draws has a standard error little above that of the reference.
  [name, 'marginal', 100, 1500, ...rest] as const,
  [name, 'gibbs', 500, 5000, ...rest] as const,
  [name, 'crossed', 100, 1000, ...rest] as const,
]);

/**
 * Family-wise level of 1% over the 488 means and sds of the first six runs, Bonferroni: two-sided 0.01 / 488 is 4.26
 * standard errors; the three of the crossed kernel have the same limit.
 * Of 10 000 draws by Gibbs one mean stood at 4.24 (u_batch:cask[J:c]). It was looked into: against a million draws of
 * the marginal kernel, four Gibbs runs of 400 000 draws have a root mean square z of 0.6 to 1.4 over all quantities,
 * that one at -1.9 to 0.6.
 */
const LIMIT = 4.26;

describe('nested and crossed factors against JAGS', () => {
  it.each(runs)(
    '%s by the %s kernels: every mean and sd within the family-wise limit',
    (name, kernels, warmup, iterations, data, text, priors) => {
      const { key, u } = fixtureJson<{ key: readonly Row[]; u: readonly Row[] }>(name);
      const references = [...key, ...u].map(
        (row): Reference => ({
          name: row.variable,
          mean: row.mean,
          sd: row.sd,
          mcseMean: row.mcse_mean,
          mcseSd: row.mcse_sd,
        }),
      );
      const graph = formula(text, { priors });
      const fit = sampleSync(graph, { rows: fixtureFrame(data) }, { warmup, iterations, seed: 505, kernels });
      expect(disagreements(compareWith(fit, references), LIMIT)).toEqual([]);
    },
  );
});
