import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { denseDeviance } from '../oracle/denseDeviance.ts';
import { uniforms } from '../oracle/randomDesign.ts';
import { caseData } from './caseFrame.ts';

const crossed = {
  g: 'a b c d e f a b c'.split(' '),
  h: 'A B C D E F G H A'.split(' '),
  x: [0.17, 0.68, 0.09, 0.76, 0.3, 0.9, 0.93, 0.54, 0.54],
  y: [0.43, -1.74, 0.6, -2.87, -1.44, -2.55, -0.96, -1.07, -0.52],
};
const ties = { g: 'c b b a b'.split(' '), h: 'A C B A A'.split(' '), y: [6, 1.6, 1.6, 7.4, 5] };

describe('a criterion that improves all the way to a residual sd of 0', () => {
  it.each([
    // In 60 decimal digits: unbounded; falls to 19.26926; falls to a limit; unbounded; unbounded.
    ['crossed factors that saturate, ML', 'y ~ x + (1 | g) + (1 | h)', { rows: crossed }, 'ML'],
    ['ties, ML', 'y ~ 1 + (1 | g) + (1 | h)', { rows: ties }, 'ML'],
    ['ties, REML', 'y ~ 1 + (1 | g) + (1 | h)', { rows: ties }, 'REML'],
    ['one row more than cells, ML', 'Y ~ a + (0 + a | G)', caseData('cv_488428b'), 'ML'],
    ['one row more than cells, REML', 'Y ~ a + (0 + a | G)', caseData('cv_488428b'), 'REML'],
  ] as const)('has no estimate, said in one sentence: %s', (_title, text, rows, method) => {
    let found: unknown;
    try {
      maximumLikelihood(formula(text), rows, { method });
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(ModelError);
    expect(found).toMatchObject({ code: 'residual-scale' });
    expect((found as ModelError).message).toMatch(
      /^the (RE)?ML criterion of [yY] keeps improving as the residual sd goes to 0: .* and no (RE)?ML estimate exists; leave out a group term/,
    );
  });

  it.each(Array.from({ length: 40 }, (_, k) => 300 + k))(
    'is told from one with a minimum, in saturated layouts with ties: seed %d',
    (seed) => {
      const uniform = uniforms(seed);
      const n = 5 + Math.floor(5 * uniform());
      const index = (levels: number) => Array.from({ length: n }, () => Math.floor(levels * uniform()));
      const [g, h] = [index(3 + Math.floor(3 * uniform())), index(3 + Math.floor(3 * uniform()))];
      const values = Array.from({ length: 4 }, () => Math.round(20 * uniform()) / 2);
      const y = Array.from({ length: n }, () => values[Math.floor(4 * uniform())]!);
      for (const method of ['ML', 'REML'] as const) {
        const rows = { g: g.map((j) => `g${j}`), h: h.map((j) => `h${j}`), y };
        let fit: ReturnType<typeof maximumLikelihood> | null = null;
        let refused = '';
        try {
          fit = maximumLikelihood(formula('y ~ 1 + (1 | g) + (1 | h)'), { rows }, { method });
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(residual-scale|not-identified)$/) });
          refused = (error as ModelError).code;
        }
        if (fit === null) {
          const design = buildDesign(formula('y ~ 1 + (1 | g) + (1 | h)'), { rows });
          const lowest = (as: readonly number[], bs: readonly number[]): number =>
            Math.min(...as.flatMap((a) => bs.map((b) => denseDeviance(design, [[a], [b]], method).deviance)));
          // What is refused is at its lowest far away: no point of a grid nearby is lower.
          if (refused !== 'residual-scale') continue;
          const near = [0, 0.1, 0.3, 1, 2, 4, 8, 16, 32];
          const far = [3000];
          const away = Math.min(lowest(far, [...near, ...far]), lowest(near, far));
          expect(away).toBeLessThan(lowest(near, near) + 1e-3);
          continue;
        }
        // What is answered is a minimum, right in value, and no better one is far away from it.
        const dense = (a: number, b: number): number => denseDeviance(fit.design, [[a], [b]], method).deviance;
        const [a, b] = [fit.theta[0]!, fit.theta[1]!];
        expect(fit.convergence.converged).toBe(true);
        expect(Math.abs(fit.deviance - dense(a, b))).toBeLessThan(1e-7);
        for (const far of [30, 300, 3000]) {
          for (const [c, d] of [
            [far, 0],
            [0, far],
            [far, far],
            [far, b],
            [a, far],
          ] as const) {
            expect(dense(c, d)).toBeGreaterThan(fit.deviance - 1e-5);
          }
        }
      }
    },
  );
});
