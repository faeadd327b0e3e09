import { describe, expect, it } from 'vitest';
import { DiagnosticsError, rhat, rhatBasic, rhatNested } from '../../diagnostics/index.ts';
import { expectAgreement, referenceChains } from './referenceDraws.ts';
import { autoregressiveChains } from './seededDraws.ts';

describe('rhat', () => {
  it('agrees with posterior to 1e-10 wherever posterior is finite', () => {
    expectAgreement('rhat', rhat, ['len3', 'with_inf']);
  });

  it('agrees with posterior in its basic form, split and unsplit', () => {
    expectAgreement('rhat_basic', rhatBasic, ['len3']);
    expectAgreement('rhat_basic_nosplit', (chains) => rhatBasic(chains, { split: false }));
  });

  it('is NaN where posterior 1.4.0 answers by accident: three draws, and draws with an infinity', () => {
    expect(rhat(referenceChains('len3'))).toBeNaN();
    expect(rhatBasic(referenceChains('len3'))).toBeNaN();
    expect(rhat(referenceChains('with_inf'))).toBeNaN();
  });

  it('is NaN below four draws per chain and a number from four on', () => {
    const chains = autoregressiveChains(51, 3, 4);
    expect(rhat(chains)).toBeGreaterThan(0);
    for (const n of [1, 2, 3]) expect(rhat(chains.map((chain) => chain.slice(0, n)))).toBeNaN();
  });

  it('is infinite when every chain stands still at its own value', () => {
    expect(rhat([new Array(20).fill(0.1), new Array(20).fill(0.2)])).toBe(Number.POSITIVE_INFINITY);
    expect(rhatBasic([new Array(21).fill(0.1), new Array(21).fill(0.7)])).toBe(Number.POSITIVE_INFINITY);
  });

  it('is the R-hat of the draws alone when folding leaves no variation', () => {
    const two = (a: number, b: number) =>
      autoregressiveChains(52, 4, 50).map((chain) => {
        const order = [...chain.keys()].sort((i, j) => chain[i]! - chain[j]!);
        const out = new Array<number>(50);
        order.forEach((i, rank) => {
          out[i] = rank < 25 ? a : b;
        });
        return out;
      });
    // 0.1 and 0.3 fold about 0.2 to values that differ in the last bit; that is rounding, not spread.
    expect(rhat(two(0.1, 0.3))).toBeCloseTo(rhat(two(0, 1)), 12);
    expect(rhat(two(0.1, 0.3))).toBeCloseTo(rhatBasic(two(0, 1)), 12);
  });

  it('does not change under shifts, changes of scale and the order of the chains', () => {
    const chains = autoregressiveChains(53, 4, 60, 0.5);
    const want = rhat(chains);
    expect(rhat(chains.map((chain) => chain.map((x) => 8 * x)))).toBe(want);
    expect(rhat(chains.map((chain) => chain.map((x) => -x)))).toBeCloseTo(want, 13);
    expect(rhat([...chains].reverse())).toBeCloseTo(want, 13);
    expect(rhatBasic(chains.map((chain) => chain.map((x) => 1e-30 * x)))).toBeCloseTo(rhatBasic(chains), 13);
  });
});

describe('rhatNested', () => {
  // Two superchains of two chains of two draws, by hand: chain means 1, 3 | 5, 9, chain variances 2, 2 | 8, 0.
  const chains = [
    [0, 2],
    [2, 4],
    [3, 7],
    [9, 9],
  ];

  it('is the closed form on a hand-made example', () => {
    const between = (7 - 2) ** 2 / 2; // variance of the superchain means 2 and 7
    const within = (2 + 2 + (4 + 8)) / 2; // mean of (between chains 2 + within 2) and (8 + 4)
    expect(rhatNested(chains, ['a', 'a', 'b', 'b'])).toBeCloseTo(Math.sqrt(1 + between / within), 14);
  });

  it('needs no variance between chains with one chain a superchain, nor within with one draw a chain', () => {
    expect(
      rhatNested(
        [
          [0, 2],
          [3, 7],
        ],
        [1, 2],
      ),
    ).toBeCloseTo(Math.sqrt(1 + 8 / 5), 14);
    expect(rhatNested([[1], [3], [5], [9]], [1, 1, 2, 2])).toBeCloseTo(Math.sqrt(1 + 12.5 / 5), 14);
  });

  it('approaches the basic unsplit R-hat with one long chain a superchain', () => {
    const long = autoregressiveChains(54, 4, 2000);
    const nested = rhatNested(long, [1, 2, 3, 4]);
    const basic = rhatBasic(long, { split: false });
    // nested^2 = 1 + B/W and basic^2 = (N - 1)/N + B/W, with the same B and W
    expect(nested ** 2 - basic ** 2).toBeCloseTo(1 / 2000, 12);
  });

  it('is NaN for constant and for non-finite draws', () => {
    expect(
      rhatNested(
        [
          [1, 1],
          [1, 1],
        ],
        [1, 2],
      ),
    ).toBeNaN();
    expect(
      rhatNested(
        [
          [1, 2],
          [1, Number.NaN],
        ],
        [1, 2],
      ),
    ).toBeNaN();
  });

  it('throws when the superchains do not fit', () => {
    for (const names of [
      [1, 2],
      [1, 1, 1, 1],
      [1, 1, 1, 2],
    ]) {
      expect(() => rhatNested(chains, names)).toThrow(DiagnosticsError);
    }
  });
});
