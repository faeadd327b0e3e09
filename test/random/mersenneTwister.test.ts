import peer from '@stdlib/random/base/mt19937/lib/factory.js';
import { describe, expect, it } from 'vitest';
import { mersenneTwister } from '../../src/random/mersenneTwister.ts';

describe('the Mersenne Twister', () => {
  it('gives the first words its authors print for the seed {0x123, 0x234, 0x345, 0x456}', () => {
    // mt19937ar.out, Matsumoto & Nishimura (2002).
    const twister = mersenneTwister([0x123, 0x234, 0x345, 0x456]);
    expect(Array.from({ length: 5 }, twister.word)).toEqual([1067595299, 955945823, 477289528, 4107218783, 4228976476]);
  });

  it.each([[[1, 0, 2]], [[0, 0]], [[4294967295, 7, 2]], [Array.from({ length: 700 }, (_, i) => i * 3)]])(
    'gives the words of @stdlib/random and saves the same state, seed %#',
    (seed) => {
      const theirs = peer({ seed });
      const ours = mersenneTwister(seed);
      // Before a word, at the ends of blocks, and within one.
      for (const count of [0, 1, 622, 1, 1, 623, 1, 1000]) {
        for (let k = 0; k < count; k++) expect(ours.word()).toBe(theirs());
        expect(ours.save()).toEqual(Array.from(theirs.state));
      }
    },
  );

  it('continues from a state that @stdlib/random has saved, wherever in a block', () => {
    for (const count of [0, 1, 623, 624, 625]) {
      const theirs = peer({ seed: [11, 3] });
      for (let k = 0; k < count; k++) theirs();
      const ours = mersenneTwister([5, 5, 5]);
      ours.word();
      expect(ours.restore(Array.from(theirs.state))).toBe(true);
      for (let k = 0; k < 1300; k++) expect(ours.word()).toBe(theirs());
    }
  });

  it('refuses a list that is no state, and goes on as it was', () => {
    const twister = mersenneTwister([11, 3]);
    const expected = mersenneTwister([11, 3]);
    const state = twister.save();
    const changed = (place: number, value: number) => state.map((word, i) => (i === place ? value : word));
    const wrong = [
      [],
      state.slice(1),
      [...state, 1],
      changed(0, 2),
      changed(1, 2),
      changed(2, 623),
      changed(627, 2),
      changed(628, 625),
      changed(629, 3),
    ];
    for (const list of wrong) expect(twister.restore(list)).toBe(false);
    for (let k = 0; k < 700; k++) expect(twister.word()).toBe(expected.word());
  });
});
