/** What was published of the mathematics scores of 12 974 pupils in 684 schools, and data simulated from it. */
import { createRng, type Table } from '../../src/index.ts';

/**
 * The three ML fits, as printed: coefficients with standard errors; variances and correlation of schools, residual
 * variance and log-likelihood. The numbers in parentheses beside the latter were not published: they are sds over 200
 * data sets simulated as below.
 */
export const fits = [
  { right: '1 + (1 | school)', beta: ['50.9391 (.2026)'], rest: ['23.63 (1.6)', '73.71 (.99)', '-46956.6 (87)'] },
  {
    right: 'ses + (1 + ses | school)',
    beta: ['50.6767 (.1551)', '4.3594 (.1231)'],
    rest: ['12.223 (.96)', '1.515 (.56)', '.11 (.11)', '67.345 (.84)', '-46270.5 (79)'],
  },
  {
    right: 'ses * flp + (1 + ses | school)',
    beta: ['55.3975 (.3860)', '4.4909 (.3326)', '-2.4062 (.1819)', '-.1931 (.1587)'],
    rest: ['9.012 (.69)', '1.571 (.45)', '.06 (.11)', '67.260 (.96)', '-46190.1 (89)'],
  },
];

/** The number of a printed `'12.223 (.96)'`. */
export const value = (text: string): string => text.split(' ')[0]!;

/** The standard error or sd in its parentheses. */
export const error = (text: string): number => Number(text.split(/[()]/)[1]);

/**
 * 684 schools of 4 pupils and more, 12 974 in all, with the columns school, ses, flp; mscore0, mscore1 and mscore2 come
 * from the three fits. Each value of flp has a third of the schools; ses has sds 0.6 within schools and 0.6 between
 * those of equal flp, which gives standard errors near the published ones.
 */
export function simulatedNels(seed: number): Table {
  const rng = createRng([seed]);
  const schools = Array.from({ length: 684 }, (_, school) => {
    const flp = 1 + (school % 3);
    const z = fits.map(() => [rng.normal(), rng.normal()] as const);
    return { flp, mean: -0.3 * (flp - 2) + 0.6 * rng.normal(), z };
  });
  return Array.from({ length: 12974 }, (_, i) => {
    const school = i < 4 * 684 ? i % 684 : Math.floor(684 * (1 - Math.sqrt(rng.uniform())));
    const { flp, mean, z } = schools[school]!;
    const ses = mean + 0.6 * rng.normal();
    const scores = fits.map(({ beta, rest }, k) => {
      const line = [1, ses, flp, ses * flp].reduce((sum, x, c) => sum + x * Number(value(beta[c] ?? '0')), 0);
      const [level, slope = 0, corr = 0] = rest.slice(0, -2).map((text) => Number(value(text)));
      const [z0, z1] = z[k]!;
      const u = Math.sqrt(level!) * z0 + Math.sqrt(slope) * ses * (corr * z0 + Math.sqrt(1 - corr * corr) * z1);
      return [`mscore${k}`, line + u + Math.sqrt(Number(value(rest.at(-2)!))) * rng.normal()];
    });
    return { school, flp, ses, ...Object.fromEntries(scores) };
  });
}
