import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { uniforms } from '../../oracle/randomDesign.ts';

/**
 * Twelve groups, control rows mixed; the rows on treatment are all successes or all failures in each group but `mixed`
 * of them.
 */
function trial(seed: number, mixed = 0) {
  const uniform = uniforms(seed);
  return Array.from({ length: 12 }, (_, j) => {
    const chance = 0.2 + 0.6 * uniform();
    const all = uniform() < 0.5;
    return [0, 1].map((t) => {
      const draws = Array.from({ length: 20 }, () => (uniform() < chance ? 1 : 0)).reduce<number>(
        (sum, k) => sum + k,
        0,
      );
      const k = t === 0 ? Math.min(Math.max(draws, 1), 19) : j < mixed ? 13 : all ? 20 : 0;
      return { g: `g${j}`, t, s: 1 - t, f: t === 1 ? 'treated' : 'control', k, n: 20 };
    });
  }).flat();
}

describe('a varying treatment whose rows are all successes or all failures in every level', () => {
  const written = [
    't + (1 + t | g)',
    't + (0 + t | g)',
    't + (1 + t || g)',
    'f + (0 + f | g)',
    'f + (1 + f | g)',
    's + (1 + s | g)',
  ];
  it.each(written.flatMap((right) => [1, 2, 3].map((seed) => [right, seed] as const)))(
    'has no estimate, as separated intercepts have none: %s, seed %d',
    (right, seed) => {
      for (const family of ['binomialLogit', 'bernoulliProbit'] as const) {
        const rows = trial(seed);
        const single = rows.flatMap((row) => Array.from({ length: 20 }, (_, i) => ({ ...row, k: i < row.k ? 1 : 0 })));
        const logit = family === 'binomialLogit';
        const graph = formula(`${logit ? 'k | trials(n)' : 'k'} ~ ${right}`, { family });
        expect(() => maximumLikelihood(graph, { rows: logit ? rows : single })).toThrow(
          expect.objectContaining({
            code: 'no-optimum',
            message: expect.stringMatching(
              /only successes or only failures, so that the likelihood does not fall however large/,
            ),
          }),
        );
      }
    },
  );

  it('has one once two levels have both', () => {
    const rows = trial(1, 2);
    const fit = maximumLikelihood(formula('k | trials(n) ~ t + (1 + t | g)', { family: 'binomialLogit' }), { rows });
    expect(fit.convergence.converged).toBe(true);
    expect(fit.fixef.standardErrors[1]).toBeLessThan(10);
  });
});

describe('an approximation that is poor', () => {
  /** Thirty groups of 8 rows, nearly every one pure. */
  const rows = Array.from({ length: 240 }, (_, i) => {
    const j = Math.floor(i / 8);
    return { g: `g${j}`, y: j % 2 === 0 || (j % 10 === 1 && i % 8 === 0) ? 1 : 0 };
  });
  const graph = formula('y ~ 1 + (1 | g)', { family: 'binomialLogit' });

  it('is said: few quadrature points for a large sd', () => {
    const fit = maximumLikelihood(graph, { rows }, { method: 'agq', points: 5 });
    const fine = maximumLikelihood(graph, { rows }, { method: 'agq', points: 60 });
    expect(fit.messages).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^5 quadrature points are too few: with 25 the deviance at these estimates is/),
      ]),
    );
    expect(Math.abs(fit.deviance - fine.deviance)).toBeGreaterThan(0.1);
    expect(fine.messages.filter((message) => message.includes('too few'))).toEqual([]);
  });

  it('is said: a sd at which every level is at 0 or at 1', () => {
    const pure = rows.map((row, i) => ({ ...row, y: i < 8 ? (i === 0 ? 0 : 1) : Math.floor(i / 8) % 2 }));
    const said = (list: readonly { g: string; y: number }[]) => {
      const fit = maximumLikelihood(graph, { rows: [...list] });
      return [
        fit.groups[0]!.tau[0]!,
        fit.messages.some((message) => /^tau_g\[Intercept\] is .* on the link scale/.test(message)),
      ];
    };
    const [large, told] = said(pure);
    expect(told).toBe((large as number) > 20);
  });
});
