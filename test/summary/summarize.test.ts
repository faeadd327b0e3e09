import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { check } from '../../src/summary/checks/check.ts';
import { coef, fixef } from '../../src/summary/estimates.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { syntheticFit } from './syntheticFit.ts';

const data = {
  rows: { y: [1, 2, 4, 3, 5, 7, 6, 8], x: [0, 1, 0, 1, 2, 0, 1, 3], g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'] },
};
const fit = syntheticFit(formula('y ~ x + (1 + x | g)'), data, { chains: 4, iterations: 200 });

describe('summarize', () => {
  it('has a row for everything the fit holds, under flat names', () => {
    const rows = summarize(fit);
    expect(rows.map((row) => row.variable)).toEqual([
      'beta[Intercept]',
      'beta[x]',
      'tau_g[Intercept]',
      'tau_g[x]',
      'corr_g[Intercept,x]',
      ...['a', 'b', 'c', 'd'].flatMap((level) => [`u_g[${level},Intercept]`, `u_g[${level},x]`]),
      'sigma',
    ]);
    expect(Object.keys(rows[0]!)).toEqual(
      expect.arrayContaining(['variable', 'mean', 'sd', 'q5', 'q95', 'mcseMean', 'rhat', 'essBulk', 'essTail']),
    );
    expect(rows[1]!.mean).toBeCloseTo(fixef(fit)[1]!.estimate, 13);
    expect(rows[1]!.sd).toBeCloseTo(fixef(fit)[1]!.se, 13);
  });

  it('takes variables, single quantities and group coefficients by name, in the order given', () => {
    const rows = summarize(fit, { variables: ['sigma', 'b_g', 'beta[x]', 'b_g[c,x]'] });
    expect(rows.map((row) => row.variable).slice(0, 3)).toEqual(['sigma', 'b_g[a,Intercept]', 'b_g[a,x]']);
    expect(rows.at(-1)!.variable).toBe('b_g[c,x]');
    expect(rows.at(-1)!.mean).toBeCloseTo(coef(fit)['g']![5]!.estimate, 13);
  });

  it('takes other probabilities', () => {
    const [row] = summarize(fit, { variables: ['sigma'], probs: [0.025, 0.975] });
    expect(Object.keys(row!)).toEqual(expect.arrayContaining(['q2.5', 'q97.5']));
  });

  it('says what there is when a name is not', () => {
    expect(() => summarize(fit, { variables: ['beta[X]'] })).toThrow(
      /no quantity "beta\[X\]"; the nearest are beta\[x\]/,
    );
    expect(() => summarize(fit, { variables: ['gamma'] })).toThrow(/it holds beta, tau_g, corr_g, u_g, sigma, b_g/);
  });
});

describe('check', () => {
  it('passes independent draws and finds a stuck chain', () => {
    expect(check(fit).ok).toBe(true);
    const stuck = { ...fit, draws: { ...fit.draws, values: fit.draws.values.slice() } };
    stuck.draws.values.fill(3, 800, 1000); // the first chain of beta[x]
    const verdict = check(stuck);
    expect(verdict.ok).toBe(false);
    expect(verdict.findings.some(({ variable }) => variable === 'beta[x]')).toBe(true);
  });

  it('knows standard deviations as scales: draws piled up at zero are a note on the boundary, not a problem', () => {
    const piled = { ...fit, draws: { ...fit.draws, values: fit.draws.values.slice() } };
    for (let s = 1600; s < 2400; s++) piled.draws.values[s] = Math.abs(fit.draws.values[s - 1600]!) ** 3; // tau_g[Intercept]
    const findings = check(piled).findings.filter(({ variable }) => variable === 'tau_g[Intercept]');
    expect(findings.map(({ severity }) => severity)).toEqual(['note']);
  });
});
