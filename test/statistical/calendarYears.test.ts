import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { halfT } from '../../src/graph/priors.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { check } from '../../src/summary/checks/check.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { balancedSlopes, slopesPosterior } from '../oracle/balancedSlopes.ts';

/**
 * Varying slopes on a calendar year. The exact posterior is by quadrature over four parameters (published with the
 * cases: under half_t(3, 2.5 s) on both sds as written P(tau[year] > 1) is .060 in the sleep study, .9999 in the
 * simulated years; with half_t(3, 20000) on the intercept's, .99999).
 */
const FILES = {
  sleep: { file: 'sleep_year', y: 'Reaction', g: 'Subject' },
  years: { file: 'calendar_years', y: 'y', g: 'g' },
} as const;

function caseOf(name: keyof typeof FILES) {
  const { file, y, g } = FILES[name];
  const frame = fixtureFrame(file);
  const column = (label: string): string[] => {
    return Array.from(frame.columns.get(label)!.values, String);
  };
  const response = column(y).map(Number);
  const year = column('year').map(Number);
  const levels = column(g);
  const n = response.length;
  const mean = response.reduce((sum, value) => sum + value / n, 0);
  const s = Math.sqrt(response.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const meanYear = year.reduce((sum, value) => sum + value / n, 0);
  const unit = 2 * Math.sqrt(year.reduce((sum, value) => sum + (value - meanYear) ** 2, 0) / n);
  return {
    text: `${y} ~ year + (year | ${g})`,
    data: { rows: { [y]: response, year, [g]: levels } },
    g,
    s,
    unit,
    statistics: balancedSlopes(response, year, levels),
  };
}

const logHalfT = (x: number, scale: number): number => -2 * Math.log1p((x / scale) ** 2 / 3);

describe('varying slopes on a calendar year', () => {
  for (const name of ['sleep', 'years'] as const) {
    const { text, data, g, s, unit, statistics } = caseOf(name);
    const [tau0, tau1] = [`tau_${g}[Intercept]`, `tau_${g}[year]`];
    const cases = [
      {
        priors: {},
        exact: () =>
          slopesPosterior(
            statistics,
            (a, b, _, sigma) => logHalfT(a, 2.5 * s) + logHalfT(b, (2.5 * s) / unit) + logHalfT(sigma, 2.5 * s),
            'mean',
          ),
        what: 'default priors',
      },
      {
        priors: { [tau0]: halfT(3, 20000), [tau1]: halfT(3, 2.5 * s) },
        exact: () =>
          slopesPosterior(
            statistics,
            (a, b, _, sigma) => logHalfT(a, 20000) + logHalfT(b, 2.5 * s) + logHalfT(sigma, 2.5 * s),
            'written',
          ),
        what: 'a wide prior on the sd at year 0',
      },
      {
        priors: { [tau0]: halfT(3, 2.5 * s), [tau1]: halfT(3, 2.5 * s) },
        exact: () =>
          slopesPosterior(
            statistics,
            (a, b, _, sigma) => logHalfT(a, 2.5 * s) + logHalfT(b, 2.5 * s) + logHalfT(sigma, 2.5 * s),
            'written',
          ),
        what: 'a prior at year 0 that argues with the data',
      },
    ];
    for (const { what, priors, exact } of cases) {
      const truth = exact();
      for (const kernels of ['marginal', 'gibbs']) {
        it(`${name}, ${what}: ${kernels}`, () => {
          const fit = sampleSync(formula(text, { priors }), data, { seed: 4, kernels, warmup: 300, iterations: 2000 });
          const { ok } = check(fit);
          const rows = new Map(summarize(fit).map((row) => [row.variable, row]));
          // Gibbs cannot cross between modes where a prior makes two: then it must say so.
          if (kernels === 'gibbs' && what.startsWith('a prior at')) {
            if (!ok) return;
          } else {
            expect(ok).toBe(true);
          }
          for (const [variable, value] of [
            [tau0, truth.tau0],
            [tau1, truth.tau1],
            ['sigma', truth.sigma],
          ] as const) {
            const { mean, mcseMean } = rows.get(variable)!;
            // Four and a half Monte Carlo errors, and what the grid misses.
            expect(Math.abs(mean! - value), variable).toBeLessThan(4.5 * mcseMean! + 2e-3 * value);
          }
        });
      }
    }
  }
});
