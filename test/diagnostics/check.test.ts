import { describe, expect, it } from 'vitest';
import { check, type Variable } from '../../diagnostics/index.ts';
import { poolDraws } from '../../diagnostics/pooledDraws.ts';
import { boundaryFindings } from '../../diagnostics/scaleBoundary.ts';
import { standstillFindings } from '../../diagnostics/standstill.ts';
import { referenceChains } from './referenceDraws.ts';
import { autoregressiveChains, normals, replaced } from './seededDraws.ts';

const good = autoregressiveChains(111, 4, 1000);
const codes = (variables: readonly Variable[]) => check(variables).findings.map(({ code }) => code);

describe('check', () => {
  it('finds nothing in chains that mix', () => {
    expect(check([{ name: 'mu', chains: good }])).toEqual({
      ok: true,
      findings: [],
      thresholds: { rhat: 1.01, essPerChain: 100 },
    });
  });

  it('reports R-hat and ESS of chains that disagree as bad mixing, with number, threshold and source', () => {
    const { ok, findings } = check([{ name: 'mu', chains: referenceChains('shifted') }]);
    expect(ok).toBe(false);
    expect(findings.map(({ code, cause, severity }) => [code, cause, severity])).toEqual([
      ['rhat', 'badMixing', 'problem'],
      ['essBulk', 'badMixing', 'problem'],
      ['essTail', 'badMixing', 'problem'],
    ]);
    expect(findings[0]).toMatchObject({ variable: 'mu', threshold: 1.01 });
    expect(findings[0]!.value).toBeCloseTo(1.32511938331103, 10);
    expect(findings[0]!.message).toContain('mu: R-hat is 1.325, above 1.01 (Vehtari et al. 2021).');
    expect(findings[1]!.message).toContain('below 400 (100 per chain, Vehtari et al. 2021)');
  });

  it('tells few draws from bad mixing', () => {
    const short = check([{ name: 'mu', chains: autoregressiveChains(112, 4, 60) }]);
    expect(short.ok).toBe(false);
    expect(short.findings.length).toBeGreaterThan(0);
    expect(short.findings.every(({ cause }) => cause === 'fewDraws')).toBe(true);
    expect(short.findings.at(-1)!.message).toContain('only weakly autocorrelated: run about ');
    for (const seed of [112, 114, 115]) {
      for (const { code, value, message } of check([{ name: 'mu', chains: autoregressiveChains(seed, 4, 60) }])
        .findings) {
        if (code !== 'essBulk') continue;
        // The next hundred of draws at which ESS in proportion reaches the threshold, or more where the tails need
        // them.
        const about = Number(/about (\d+) draws/.exec(message)![1]);
        expect(about % 100).toBe(0);
        expect(about).toBeGreaterThanOrEqual((60 * 400) / value);
      }
    }
    const slow = check([{ name: 'mu', chains: referenceChains('ar99') }]);
    expect(slow.findings.every(({ cause }) => cause === 'badMixing')).toBe(true);
    expect(slow.findings.at(-1)!.message).toContain('strongly autocorrelated');
  });

  it('finds a difference in spread by the tails alone', () => {
    expect(codes([{ name: 'mu', chains: referenceChains('scaled') }])).toEqual(['rhat', 'essTail']);
  });

  it('tells a stuck chain from a constant by design', () => {
    const stuck = [...good.slice(0, 3), new Array<number>(1000).fill(0.25)];
    const { findings } = check([{ name: 'mu', chains: stuck }]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'stuckChain', severity: 'problem', value: 1, threshold: 0 });
    expect(findings[0]!.message).toContain('mu: chain 4 never moves from 0.25');

    const constant = [new Array<number>(50).fill(1), new Array<number>(50).fill(1)];
    expect(codes([{ name: 'corr[a,a]', chains: constant, hint: 'constant' }])).toEqual([]);
    expect(codes([{ name: 'mu', chains: constant }])).toEqual(['constant']);
    expect(check([{ name: 'mu', chains: constant }]).ok).toBe(false);
    expect(codes([{ name: 'mu', chains: good, hint: 'constant' }])).toEqual(['notConstant']);
    const apart = [new Array<number>(50).fill(1), new Array<number>(50).fill(2)];
    expect(codes([{ name: 'mu', chains: apart }])).toEqual(['stuckChain']);
  });

  it('notes an sd piled up at zero, and only then', () => {
    const normal = normals(113);
    const draw = (make: () => number) => Array.from({ length: 4 }, () => Array.from({ length: 1000 }, make));
    const piled: Record<string, () => number> = {
      halfNormal: () => Math.abs(normal()),
      halfCauchy: () => Math.abs(normal() / normal()),
      flat: () => (Math.atan2(normal(), normal()) + Math.PI) / 7,
    };
    for (const [name, make] of Object.entries(piled)) {
      const result = check([{ name, chains: draw(make), hint: 'scale' }]);
      expect(result.ok, name).toBe(true);
      expect(
        result.findings.map(({ code, severity }) => [code, severity]),
        name,
      ).toEqual([['boundary', 'note']]);
    }
    const away: Record<string, () => number> = {
      wellIdentified: () => 3 + 0.3 * normal(),
      lognormal: () => Math.exp(0.5 * normal()),
      rayleigh: () => Math.hypot(normal(), normal()),
    };
    for (const [name, make] of Object.entries(away)) {
      expect(codes([{ name, chains: draw(make), hint: 'scale' }]), name).toEqual([]);
    }
    expect(codes([{ name: 'noHint', chains: draw(() => Math.abs(normal())) }])).toEqual([]);
  });

  it('counts the draws of an sd up to a tenth of its median, and notes more than 2.5% of them', () => {
    // Of 120 draws spread from 2 to 3 so many are put at 0.2, below a tenth of the median.
    const spread = (low: number) =>
      Float64Array.from({ length: 120 }, (_, i) => (i < low ? 0.2 : 2 + (((i * 37) % 120) + 0.5) / 120));
    const found = (low: number) => boundaryFindings(poolDraws([spread(low)]), 'tau');
    expect(found(3)).toEqual([]);
    expect(found(4).map(({ value }) => value)).toEqual([4 / 120]);
    expect(found(120).map(({ value }) => value)).toEqual([]);
    expect(boundaryFindings(poolDraws([[2, 2.1, 2.2, 2.3]]), 'tau')).toEqual([]);
    const zeros = new Float64Array(8);
    expect(boundaryFindings(poolDraws([zeros]), 'tau').map(({ value }) => value)).toEqual([1]);
  });

  it('finds any chain that stands still, the first and the last too', () => {
    const moving = [1, 2, 3, 4];
    for (const at of [0, 1, 2]) {
      const chains = [0, 1, 2].map((c) => (c === at ? [5, 5, 5, 5] : moving));
      const [finding] = standstillFindings(poolDraws(chains), 'x')!;
      expect(finding!.code).toBe('stuckChain');
      expect(finding!.message).toContain(`chain ${at + 1} never moves from 5`);
    }
  });

  it('takes a single draw for a constant where it was declared one', () => {
    expect(standstillFindings(poolDraws([[5]]), 'x', 'constant')).toEqual([]);
    expect(standstillFindings(poolDraws([[5], [6]]), 'x', 'constant')!.map(({ code }) => code)).toEqual([
      'notConstant',
    ]);
  });

  it('reports a negative sd', () => {
    const result = check([{ name: 'tau', chains: good, hint: 'scale' }]);
    expect(result.findings.map(({ code }) => code)).toEqual(['negativeScale']);
    expect(result.ok).toBe(false);
  });

  it('counts draws that are not finite', () => {
    const broken = good.map((chain, c) => (c < 2 ? replaced(chain, 3, Number.NaN, Number.POSITIVE_INFINITY) : chain));
    const { ok, findings } = check([{ name: 'mu', chains: broken }]);
    expect(ok).toBe(false);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'nonFinite', value: 4, threshold: 0 });
  });

  it('does not judge chains too short for the measures', () => {
    for (const n of [1, 3, 5]) {
      expect(codes([{ name: 'mu', chains: good.map((chain) => chain.slice(0, n)) }])).toEqual(['tooShort']);
    }
  });

  it('notes once that all draws come from a single chain', () => {
    const single = autoregressiveChains(114, 1, 4000);
    const { ok, findings } = check([
      { name: 'a', chains: single },
      { name: 'b', chains: single },
    ]);
    expect(ok).toBe(true);
    expect(findings.map(({ variable, code }) => [variable, code])).toEqual([['*', 'singleChain']]);
  });

  it('takes other thresholds', () => {
    const chains = referenceChains('ar9');
    expect(check([{ name: 'mu', chains }]).ok).toBe(false);
    expect(check([{ name: 'mu', chains }], { rhat: 1.05, essPerChain: 50 }).ok).toBe(true);
  });

  it('puts variable, number and threshold into every message', () => {
    const variables = [
      { name: 'shifted', chains: referenceChains('shifted') },
      { name: 'ar99', chains: referenceChains('ar99') },
      { name: 'constant', chains: referenceChains('constant') },
      { name: 'stuck', chains: referenceChains('onechainconst') },
      { name: 'nan', chains: referenceChains('with_na') },
      { name: 'short', chains: referenceChains('len4') },
    ];
    const { findings } = check(variables);
    expect(new Set(findings.map(({ variable }) => variable)).size).toBe(variables.length);
    for (const { variable, message, threshold } of findings) {
      expect(message.startsWith(`${variable}: `)).toBe(true);
      expect(message.endsWith('.')).toBe(true);
      if (threshold > 0) expect(message).toContain(String(threshold));
    }
  });

  it('throws for an empty list, which would otherwise pass', () => {
    expect(() => check([])).toThrow('there are no variables');
  });
});
