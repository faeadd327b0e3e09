import normalCdf from '@stdlib/stats/base/dists/normal/cdf';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/rng.ts';
import { exponentialZiggurat, normalZiggurat } from '../../src/random/ziggurat.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';

/** A source of words whose first two after each `begin` put the draw in the given layer at its outer edge. */
function forcedWords(seed: number, layer: number): { word: () => number; begin: () => void } {
  const rng = createRng([seed]);
  let call = 0;
  return {
    begin() {
      call = 0;
    },
    word() {
      const free = Math.floor(rng.uniform() * 4294967296);
      call += 1;
      if (call === 1) return ((free & ~255) | layer) >>> 0;
      return call === 2 ? 4294967295 : free;
    },
  };
}

const DRAWS = 50_000;

// Seeds chosen before the first run; three comparisons at 6e-5 each.
describe('the ziggurat, sent to its lowest layer every time', () => {
  it('draws the normal tail beyond 3.654 on both sides', () => {
    const source = forcedWords(951, 0);
    const normal = normalZiggurat(source.word);
    const tail = Float64Array.from({ length: DRAWS }, () => {
      source.begin();
      return normal();
    });
    const edge = 3.6541528853610088;
    const mass = normalCdf(-edge, 0, 1);
    const right = tail.filter((x) => x > 0);
    for (const side of [right, tail.filter((x) => x < 0).map((x) => -x)]) {
      expect(kolmogorovSmirnov(side, (x) => 1 - normalCdf(-x, 0, 1) / mass)).toBeLessThan(KS_BOUND);
    }
    expect(Math.abs(right.length - DRAWS / 2) / Math.sqrt(DRAWS / 4)).toBeLessThan(4);
  });

  it('draws the exponential tail beyond 7.697', () => {
    const source = forcedWords(952, 0);
    const exponential = exponentialZiggurat(source.word);
    const tail = Float64Array.from({ length: DRAWS }, () => {
      source.begin();
      return exponential() - 7.69711747013105;
    });
    expect(kolmogorovSmirnov(tail, (x) => 1 - Math.exp(-x))).toBeLessThan(KS_BOUND);
  });
});

describe('a wedge of the normal ziggurat', () => {
  /**
   * What is drawn first in a layer, the position and the height in it as shares of 2^32; what follows a refusal comes
   * from the lowest part of the layer.
   */
  const drawn = (layer: number, position: number, height: number): number => {
    const words = [layer, position, height];
    let call = 0;
    return normalZiggurat(() => {
      const word = words[call] ?? (call % 2 === 1 ? layer : 0);
      call += 1;
      return Math.floor(word);
    })();
  };
  const MOST = 4294967295;
  const density = (x: number) => Math.exp(-0.5 * x * x);

  it.each([1, 30, 120, 254])('accepts the heights below the density and no others: layer %i', (layer) => {
    const outer = drawn(layer, MOST, 0);
    const inner = drawn(layer + 1, MOST, 0);
    const position = (4294967296 * 0.5 * (outer + inner)) / outer;
    const x = drawn(layer, position, 0);
    expect(Math.abs(x - 0.5 * (outer + inner))).toBeLessThan(1e-8);
    const share = (density(x) - density(outer)) / (density(inner) - density(outer));
    expect(drawn(layer, position, 4294967296 * (share - 1e-5))).toBe(x);
    expect(drawn(layer, position, 4294967296 * (share + 1e-5))).not.toBe(x);
  });
});
