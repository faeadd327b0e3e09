import { describe, expect, it } from 'vitest';
import type { Chains } from '../../diagnostics/index.ts';
import {
  check,
  DiagnosticsError,
  essBasic,
  essBulk,
  essMean,
  essMedian,
  essQuantile,
  essSd,
  essTail,
  geweke,
  hdi,
  mcseMean,
  mcseMedian,
  mcseQuantile,
  mcseSd,
  quantile,
  rankHistogram,
  ranks,
  rhat,
  rhatBasic,
  rhatNested,
  splitChains,
  summarizeDraws,
} from '../../diagnostics/index.ts';
import { autoregressiveChains } from './seededDraws.ts';

const measures: Record<string, (chains: Chains) => unknown> = {
  rhat,
  rhatBasic,
  rhatNested: (chains) => rhatNested(chains, [1, 2]),
  essBulk,
  essTail,
  essMean,
  essMedian,
  essSd,
  essQuantile: (chains) => essQuantile(chains, 0.9),
  essBasic,
  mcseMean,
  mcseMedian,
  mcseSd,
  mcseQuantile: (chains) => mcseQuantile(chains, 0.9),
  quantile: (chains) => quantile(chains, 0.9),
  hdi,
  geweke,
  rankHistogram,
  ranks,
  splitChains,
  summarizeDraws: (chains) => summarizeDraws([{ name: 'x', chains }]),
  check: (chains) => check([{ name: 'x', chains }]),
};

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.code;
    throw error;
  }
}

describe('every measure on unusable chains', () => {
  const text = ['1', '2', '3', '4'] as unknown as number[];
  const missing = [1, null, 3, 4] as unknown as number[];
  const cases: [string, unknown, string][] = [
    ['no chains', [], 'no-chains'],
    ['nothing', undefined, 'no-chains'],
    ['one flat array of numbers', [1, 2, 3, 4], 'no-chains'],
    ['text instead of chains', 'abcd', 'no-chains'],
    ['empty chains', [[], []], 'no-draws'],
    [
      'chains of unequal length',
      [
        [1, 2, 3, 4],
        [1, 2, 3],
      ],
      'unequal-chains',
    ],
    ['strings', [text, text], 'not-numeric'],
    ['null among the draws', [missing, missing], 'not-numeric'],
  ];
  for (const [what, chains, code] of cases) {
    it(`throws ${code} for ${what}`, () => {
      for (const [name, measure] of Object.entries(measures)) {
        if (name === 'rhatNested' && code === 'no-draws') continue;
        expect(
          codeOf(() => measure(chains as Chains)),
          name,
        ).toBe(code);
      }
    });
  }

  it('says which chain and draw, quotes what was given and says what is accepted', () => {
    expect(() => rhat([[1, 2], text.slice(0, 2)])).toThrow('draw 1 of chain 2 of draws is "1", not a number');
    expect(() => rhat([1, 2] as unknown as Chains)).toThrow('wrap the draws of a single chain as [draws]');
    expect(() => check([{ name: 'beta[x]', chains: [[1, 2], [1]] }])).toThrow(
      'chain 2 of beta[x] has 1 draws and chain 1 has 2; all chains must have one length',
    );
  });
});

describe('every measure on usable chains', () => {
  const chains = autoregressiveChains(41, 2, 50);

  it('takes arrays, Float64Array, Float32Array and views alike, and does not change them', () => {
    const rounded = chains.map((chain) => chain.map(Math.fround));
    const before = JSON.stringify(rounded);
    const buffer = Float64Array.from(rounded.flat());
    for (const [name, measure] of Object.entries(measures)) {
      const want = JSON.stringify(measure(rounded));
      const forms = [
        rounded.map((chain) => Float64Array.from(chain)),
        rounded.map((chain) => Float32Array.from(chain)),
        [buffer.subarray(0, 50), buffer.subarray(50)],
      ];
      for (const form of forms) expect(JSON.stringify(measure(form)), name).toBe(want);
    }
    expect(JSON.stringify(rounded)).toBe(before);
  });

  it('is NaN for one NaN among the draws', () => {
    const broken = chains.map((chain) => [...chain]);
    broken[1]![17] = Number.NaN;
    for (const [name, measure] of Object.entries(measures)) {
      const answer = measure(broken);
      if (typeof answer === 'number') expect(answer, name).toBeNaN();
    }
    expect(hdi(broken)).toEqual({ lower: Number.NaN, upper: Number.NaN });
    expect(Object.values(summarizeDraws([{ name: 'x', chains: broken }])[0]!).slice(1)).toEqual(
      new Array(9).fill(Number.NaN),
    );
  });

  it('throws bad-argument for a probability outside [0, 1]', () => {
    for (const p of [-0.1, 1.1, Number.NaN, '0.5' as unknown as number]) {
      for (const call of [
        () => quantile(chains, p),
        () => essQuantile(chains, p),
        () => mcseQuantile(chains, p),
        () => hdi(chains, p),
        () => summarizeDraws([{ name: 'x', chains }], { probs: [p] }),
      ]) {
        expect(codeOf(call)).toBe('bad-argument');
      }
    }
  });
});
