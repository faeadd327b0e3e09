import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { studentT } from '../../src/graph/nodes.ts';
import type { Kernel, State } from '../../src/kernels/kernel.ts';
import { chooseKernels, KERNEL_RULES } from '../../src/kernels/kernelRules.ts';
import { RULE_NAMES } from '../../src/kernels/ruleNames.ts';
import { emptyState, layout } from '../../src/mcmc/layout.ts';
import { toTheEnd } from '../../src/pausing.ts';
import { resolvePriors } from '../../src/priors/resolvePriors.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { createRng } from '../../src/random/rng.ts';
import { faultOf } from '../faultOf.ts';

/** The kernels of the Pólya-Gamma rule for rows of 40 trials with so many successes. */
function kernelsOf(successes: readonly number[], weights?: readonly number[]): string[] {
  const rows = { y: successes, n: successes.map(() => 40), g: successes.map((_, i) => `g${i % 3}`), w: weights ?? [] };
  const text = weights ? 'y | trials(n) + weights(w) ~ 1 + (1 | g)' : 'y | trials(n) ~ 1 + (1 | g)';
  const { w: _w, ...unweighted } = rows;
  const design = buildDesign(formula(text, { family: 'binomialLogit' }), { rows: weights ? rows : unweighted });
  const setting = { design, products: crossProducts(design), priors: resolvePriors(design) };
  return chooseKernels(setting, 'polyaGamma').map(({ name }) => name);
}

describe('the table of rules', () => {
  it('has the rules that fit files and the command name, in their order', () => {
    expect(KERNEL_RULES.map(({ name }) => name)).toEqual(RULE_NAMES);
  });
});

describe('Pólya-Gamma draws by name', () => {
  it('pay for a proposal of the covariances alone, where no whitened step is beside them', () => {
    const preparedBy = (y: readonly number[]): string[][] => {
      const rows = { y, n: y.map(() => 40), g: [...'abcabc'] };
      const design = buildDesign(formula('y | trials(n) ~ 1 + (1 | g)', { family: 'binomialLogit' }), { rows });
      const setting = { design, products: crossProducts(design), priors: resolvePriors(design) };
      return chooseKernels(setting, 'polyaGamma').map(({ prepare }) => Object.keys(toTheEnd(prepare!()) ?? {}));
    };
    expect(preparedBy([10, 20, 5, 18, 9, 30])).toEqual([['proposal']]);
    const [whitened] = preparedBy([1, 0, 0, 0, 1, 0]);
    expect(whitened).toEqual(expect.arrayContaining(['knots', 'steps', 'proposal']));
  });
});

describe('the whitened step beside Pólya-Gamma draws', () => {
  it('starts from the state, whatever it drew last', () => {
    const rows = { y: [1, 0, 0, 0, 1, 0], n: [40, 40, 40, 40, 40, 40], g: [...'abcabc'], h: [...'uvvuuv'] };
    const design = buildDesign(formula('y | trials(n) ~ 1 + (1 | g) + (1 | h)', { family: 'binomialLogit' }), { rows });
    const kernels = () =>
      chooseKernels({ design, products: crossProducts(design), priors: resolvePriors(design) }, 'polyaGamma');
    const run = (
      kernel: Kernel,
      seed: number,
      earlier: number,
      change: (state: State) => void = () => {},
    ): number[] => {
      const state = emptyState(layout(design));
      kernel.init(state, createRng([67]));
      for (let i = 0; i < earlier; i += 1)
        kernel.step(state, createRng([68, i]), 'sampling', new Float64Array(kernel.stats.length));
      state.at['beta']![0] = -3;
      state.at['tau_g']![0] = 0.4;
      state.at['tau_h']![0] = 0.6;
      state.at['u_g']!.set([0.1, -0.2, 0.3]);
      state.at['u_h']!.set([0.5, -0.4]);
      change(state);
      kernel.step(state, createRng([seed]), 'sampling', new Float64Array(kernel.stats.length));
      return [...state.position];
    };
    const [kernel, other] = [kernels()[0]!, kernels()[0]!];
    const first = run(kernel, 69, 0);
    run(other, 69, 5).forEach((value, i) => {
      expect(value).toBeCloseTo(first[i]!, 10);
    });
    // Of every quantity: where it starts tells in what is drawn, save where a step forgets it.
    for (const name of ['beta', 'tau_g', 'tau_h', 'u_g', 'u_h']) {
      const change = ({ at }: State): void => {
        at[name]![0] = at[name]![0]! + 0.3;
      };
      const tells = (seed: number): boolean => {
        const plain = run(kernel, seed, 0);
        return run(kernel, seed, 0, change).some((value, i) => Math.abs(value - plain[i]!) > 1e-9);
      };
      expect(Array.from({ length: 200 }, (_, seed) => seed + 1).some(tells), name).toBe(true);
    }
  });
});

describe('the Pólya-Gamma rule', () => {
  it('adds a whitened step where successes or failures are fewer than 3 in 100, rows counted as often as they stand for', () => {
    expect(kernelsOf([3, 2, 1, 3, 1, 2])).toEqual(['polyaGamma']);
    expect(kernelsOf([3, 2, 0, 0, 1, 1])).toEqual(['whitenedMetropolis', 'polyaGamma']);
    expect(kernelsOf([37, 38, 40, 40, 39, 39])).toEqual(['whitenedMetropolis', 'polyaGamma']);
    expect(kernelsOf([3, 2, 0, 0, 1, 1], [9, 9, 1, 1, 1, 1])).toEqual(['polyaGamma']);
  });
});

describe('a model of many groups', () => {
  it('of one factor is sampled by the marginal kernels, however many groups it has', () => {
    const J = 40_000;
    const rows = {
      y: Float64Array.from({ length: 2 * J }, (_, i) => Math.sin(i * i)),
      x: Float64Array.from({ length: 2 * J }, (_, i) => i % 2),
      g: Float64Array.from({ length: 2 * J }, (_, i) => i >> 1),
    };
    const design = buildDesign(formula('y ~ x + (1 + x || g)'), { rows });
    const setting = { design, products: crossProducts(design), priors: resolvePriors(design) };
    expect(chooseKernels(setting, 'auto').map(({ name }) => name)).toEqual(['marginalCovariance', 'coefficients']);
  });
});

describe('a table in which no rule applies', () => {
  /** Logit rows with so many varying columns in one block, numbers that are no multiples of each other. */
  const settingOf = (slopes: number, family: 'binomialLogit' | 'bernoulliProbit' = 'binomialLogit') => {
    const names = Array.from({ length: slopes }, (_, k) => `x${k}`);
    const n = 60;
    const rows: Record<string, (number | string)[]> = {
      y: Array.from({ length: n }, (_, i) => ((i * i) % 3 === 1 ? 1 : 0)),
      g: Array.from({ length: n }, (_, i) => `g${i % 5}`),
    };
    names.forEach((name, k) => {
      rows[name] = Array.from({ length: n }, (_, i) => Math.sin((k + 2) * (i + 1)));
    });
    const design = buildDesign(formula(`y ~ 1 + (1 + ${names.join(' + ')} | g)`, { family }), {
      rows: rows as Record<string, number[]>,
    });
    return { design, products: crossProducts(design), priors: resolvePriors(design) };
  };
  const whitenedOnly = KERNEL_RULES.filter(({ name }) => name === 'whitened');

  it.each(['binomialLogit', 'bernoulliProbit'] as const)('says what was given and what is accepted: %s', (family) => {
    // A family without Gibbs has the whitened rule alone: 4 columns are 10 sds and correlations, 5 are 15.
    expect(chooseKernels(settingOf(3, family), 'auto', whitenedOnly)).toHaveLength(1);
    const setting = settingOf(4, family);
    const error = faultOf(() => chooseKernels(setting, 'auto', whitenedOnly));
    expect(error.code).toBe('no-kernels');
    expect(error.message).toMatch(
      new RegExp(
        `^kernels: nothing samples a ${family} response with 15 sds and correlations together \\(.* multiplications a factorisation\\); accepted are .*at most 10 sds and correlations.* \\(whitened\\)$`,
      ),
    );
    // The whole table has a rule for it.
    expect(chooseKernels(setting, 'auto')).toHaveLength(1);
  });

  it('of one name keeps to that name, and quotes a name it does not have', () => {
    const setting = settingOf(4);
    expect(faultOf(() => chooseKernels(setting, 'whitened')).code).toBe('kernels-do-not-apply');
    expect(faultOf(() => chooseKernels(setting, 'gibbs', whitenedOnly)).code).toBe('unknown-kernels');
    expect(faultOf(() => chooseKernels(setting, 'a"b')).message).toMatch(
      /^kernels: got "a\\"b"; accepted are auto, whitened, /,
    );
  });
});

describe('a dense part too wide to be factored', () => {
  /** Rows in two crossed factors, the dense part counted as too wide from two rows on. */
  const refusal = (family: string, rule: string, y: (i: number) => number, priors = {}): string => {
    const at = Array.from({ length: 48 }, (_, i) => i);
    const rows = { y: at.map(y), a: at.map((i) => `a${i % 8}`), b: at.map((i) => `b${(i * 5) % 6}`) };
    const design = buildDesign(formula('y ~ 1 + (1 | a) + (1 | b)', { family, priors } as object), { rows });
    const setting = { design, products: crossProducts(design, null, 2), priors: resolvePriors(design) };
    const fault = faultOf(() => chooseKernels(setting, rule));
    expect(fault.code).toBe('too-large');
    expect(fault.message).toMatch(/^b \(6 levels, 1 varying\) and 1 population-level columns make a dense part of 7 /);
    return fault.message.slice(fault.message.indexOf(';') + 2);
  };

  it('is refused by name with the kernels that take it', () => {
    const way = (rule: string): string =>
      `kernels crossed factor nothing large and take this model: use crossed or auto in place of ${rule}`;
    expect(refusal('gaussian', 'gibbs', Math.sin)).toBe(way('gibbs'));
    expect(refusal('binomialLogit', 'polyaGamma', (i) => i % 2)).toBe(way('polyaGamma'));
  });

  it('is refused with what the model would have to be where no kernels take it', () => {
    const crossed = 'kernels crossed, which factor nothing large, would take this model with';
    const response = 'a response of numbers (gaussian), successes or counts whose shape, if any, is known';
    expect(refusal('studentT', 'auto', Math.sin)).toBe(`${crossed} ${response}`);
    expect(refusal('gaussian', 'auto', Math.sin, { beta: studentT(3, 0, 1) })).toBe(
      `${crossed} normal or flat priors of coefficients; maximum likelihood fits it as it is`,
    );
  });
});
