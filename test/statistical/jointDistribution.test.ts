import { afterAll, describe, expect, it } from 'vitest';
import type { State } from '../../src/kernels/kernel.ts';
import { jointCases } from './jointCases.ts';
import { jointDistribution } from './jointDistribution.ts';
import { jointBound, jointTransitions, runJoint } from './jointRun.ts';

// Short; `npm run joint` has many times the draws. Two transitions have more here too: there a degree of freedom or a
// power of sigma that is off by one shows; and more starts have those of Student-t rows, of which none is a kernel
// tested by itself.
const STARTS = 150;
const MORE_STARTS = 1000;
const STUDENT = { starts: 600, steps: 4 };
const STEPS = 10;
/** Of kernels that fit an approximation to every data set. */
const FITTED_STARTS = 60;
const SEED = 20260101;
/** Quantities of all transitions together, about: what the level of 1% is shared among. */
const QUANTITIES = 2100;

describe('the joint density of parameters and data (Geweke 2004)', () => {
  // Of the whitened kernels, whose fits are dear, those of one varying coefficient in logit and probit models: with a
  // shape, a precision or thresholds a start costs a second, and the few that a short run has would see nothing less
  // than a shift of .8 sd in one transition; the posteriors of those models are held to quadrature and to Stan in
  // test/families. Of crossed ones, whose pilot runs are dear, one; `npm run joint` has them all.
  const transitions = jointTransitions([0, 4, 8, 11]).filter(({ index, rule }) => {
    const { name, family } = jointCases[index]!;
    if (rule === 'crossed' && family) return name.startsWith('logit, rare');
    return rule !== 'whitened' || /^(logit|probit).*q = 1/.test(name);
  });

  let counted = 0;
  afterAll(() => {
    expect(counted).toBeLessThan(1.5 * QUANTITIES);
  });

  it.each(
    transitions.map((transition) => {
      const { index, rule, kernel } = transition;
      return [`${kernel ?? 'the sweep'} of ${rule}, ${jointCases[index]!.name}`, transition] as const;
    }),
  )('is left invariant by %s', (_, transition) => {
    const { index, rule, kernel } = transition;
    const more = kernel === undefined && ((index === 0 && rule === 'marginal') || (index === 5 && rule === 'gibbs'));
    const size = rule === 'scaleMixture' ? STUDENT : { starts: more ? MORE_STARTS : STARTS, steps: STEPS };
    const { results } = runJoint(transition, size.starts, size.steps, SEED + index, FITTED_STARTS);
    expect(results.length).toBeGreaterThan(5);
    counted += results.length;
    const bound = jointBound(QUANTITIES);
    expect(results.filter(({ z }) => !(Math.abs(z) < bound))).toEqual([]);
  });

  // Levels of nested factors are drawn set by set, each accepted by itself.
  it.each(jointCases.filter(({ name, family }) => name.includes('nested factors') && family))(
    'is left invariant by whitened steps on an approximation of other data: $name',
    (given) => {
      const results = jointDistribution(given, {
        rule: 'whitened',
        starts: STARTS,
        steps: 1,
        sweeps: 4,
        seed: SEED,
        mutation: { shared: true },
      });
      expect(results.length).toBeGreaterThan(20);
      const bound = jointBound(QUANTITIES);
      expect(results.filter(({ z }) => !(Math.abs(z) < bound))).toEqual([]);
    },
  );

  it.each([
    ['sd by 10%', 'sigma', 1.1, 4, 'gibbs'],
    ['group-level sds by 15%', 'tau_g', 1.15, 4, 'gibbs'],
    ['scale of Student-t rows by 10%', 'sigma', 1.1, 18, 'scaleMixture'],
    ['degrees of freedom by 25%', 'nu', 1.25, 18, 'scaleMixture'],
  ] as const)(
    'is not left invariant, and is seen not to be, when each sweep raises the %s',
    (_, name, factor, index, rule) => {
      const harm = ({ at }: State): void => {
        at[name]!.forEach((value, i) => {
          at[name]![i] = factor * value;
        });
      };
      const results = jointDistribution(jointCases[index]!, {
        rule,
        starts: 4 * STARTS,
        steps: STEPS,
        seed: SEED,
        harm,
      });
      expect(Math.max(...results.map(({ z }) => Math.abs(z)))).toBeGreaterThan(jointBound(QUANTITIES));
    },
  );
});
