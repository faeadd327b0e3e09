import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/files/base64.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson, toJsonPieces } from '../../src/files/toJson.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { cases, tiny } from '../mcmc/smallFits.ts';

const size = { chains: 2, warmup: 15, iterations: 12, seed: 20260101 };
const given = tiny();
const fit = sampleSync(given.graph, given.data, size);

const sameBits = (a: Float64Array, b: Float64Array): boolean =>
  Buffer.compare(Buffer.from(a.slice().buffer), Buffer.from(b.slice().buffer)) === 0;

describe('base 64', () => {
  const rng = createRng([1]);
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 100, 1001])('of %i bytes is that of Node, and reads back', (length) => {
    const bytes = Uint8Array.from({ length }, () => Math.floor(256 * rng.uniform()));
    const text = toBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(`float64:${text}`, 8)).toEqual(bytes);
  });

  test.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', 'AA=A', '=AAA', 'A-_A', 'AAAé', 'AA A', 'AAAA='])(
    'is not %j',
    (text) => {
      expect(fromBase64(text)).toBeNull();
    },
  );
});

describe('the compact form of a fit file', () => {
  test.each(Object.entries(cases()))('of %s gives the same fit, bit for bit', (_, make) => {
    const { graph, data, options } = make();
    const one = sampleSync(graph, data, { ...options, ...size });
    const read = fromJson(toJson(one, { compact: true, groupCoefficients: true }));
    expect(sameBits(read.draws.values, one.draws.values)).toBe(true);
    expect(toJson(read)).toBe(toJson(one));
  });

  test('has a text of doubles where the draws were, in the order of the digits', () => {
    const posterior = JSON.parse(toJson(fit, { compact: true })).posterior as Record<string, string[][]>;
    const digits = JSON.parse(toJson(fit)).posterior as Record<string, number[][][][]>;
    const [block] = posterior['u_g']![1]!;
    const values = new Float64Array(Uint8Array.from(Buffer.from(block!.slice('float64:'.length), 'base64')).buffer);
    expect(Array.from(values)).toEqual(digits['u_g']![1]!.flat(2));
  });

  test.each<[string, (block: string) => unknown, RegExp]>([
    ['a block that is cut', (block) => block.slice(0, -4), /posterior.sigma\[1\]\[0\] is no block of doubles/],
    ['a block that is short', (block) => block.slice(0, 8 + 32), /posterior.sigma\[1\] has 3 entries; 12 are expected/],
    ['a draw after a block', (block) => [block, 1], /posterior.sigma\[1\] has blocks and draws/],
    ['a block after a draw', (block) => [1, block], /posterior.sigma\[1\]\[1\] is no block of doubles/],
    ['a text', () => 'float', /posterior.sigma\[1\]\[0\] holds "float" where a finite number/],
    [
      'a NaN',
      () => `float64:${Buffer.from(new Float64Array(12).fill(Number.NaN).buffer).toString('base64')}`,
      /posterior.sigma\[1\]\[0\] holds null where a finite number/,
    ],
  ])('is refused with %s', (_, change, sentence) => {
    const file = JSON.parse(toJson(fit, { compact: true })) as { posterior: Record<string, unknown[][]> };
    file.posterior['sigma']![1] = [change(file.posterior['sigma']![1]![0] as string)].flat();
    expect(() => fromJson(JSON.stringify(file))).toThrow(sentence);
  });
});

describe('a fit file in pieces', () => {
  test.each([1, 2, 7, 100, 4096])('of %i characters is the file', (length) => {
    const text = toJson(fit, { compact: length === 7 });
    const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
      text.slice(i * length, (i + 1) * length),
    );
    expect(fromJson(pieces)).toEqual(fit);
  });

  test('is written so that no piece grows with the number of draws', () => {
    const { draws } = fit;
    const many = (times: number): Fit => ({
      ...fit,
      draws: {
        ...draws,
        iterations: 12 * times,
        values: new Float64Array(draws.values.length * times).fill(0.1 + 0.2),
      },
    });
    const longest = (times: number, compact: boolean): number =>
      Math.max(...Array.from(toJsonPieces(many(times), { compact }), (piece) => piece.length));
    for (const compact of [false, true]) {
      expect(longest(3000, compact)).toBeLessThan(400_000);
      expect(longest(6000, compact)).toBeLessThan(400_000);
    }
  });

  test('may be indented, or have its keys escaped: it is the same JSON', () => {
    const text = toJson(fit);
    expect(fromJson(JSON.stringify(JSON.parse(text), null, 3))).toEqual(fit);
    expect(fromJson(text.replace('"posterior"', '"\\u0070osterior"'))).toEqual(fit);
  });

  test.each([
    ['more after its end', (text: string) => `${text}{}`],
    ['a comma too many', (text: string) => text.replace('"sigma":[[', '"sigma":[,[')],
    ['a comma too few', (text: string) => text.replace('],"sigma"', ']"sigma"')],
    ['a wrong bracket', (text: string) => text.replace('"sigma":[[', '"sigma":[{')],
    ['a number of no kind', (text: string) => text.replace('"sigma":[[', '"sigma":[[0x1,')],
    ['no colon', (text: string) => text.replace('"sigma":', '"sigma"')],
  ])('is refused with %s', (_, change) => {
    expect(() => fromJson(change(toJson(fit)))).toThrow(/^fit file: .*(is not JSON|is expected)/);
  });
});

describe('the checksum', () => {
  test('tells every bit of the file that is flipped, unless the fit is the same to the bit', () => {
    const bytes = Buffer.from(toJson(fit));
    const whole = { ...fit, draws: null };
    for (let bit = 0; bit < 8 * bytes.length; bit += 101) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const text = bytes.toString();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      let read: Fit | null = null;
      try {
        read = fromJson(text);
      } catch {
        continue;
      }
      // The seventeenth digit of a double may stand for the same double as its neighbour does.
      expect(sameBits(read.draws.values, fit.draws.values), `bit ${bit}`).toBe(true);
      expect({ ...read, draws: null }).toEqual(whole);
    }
  });

  test('is of the draws in their places, of the data and of what the fit does not read', () => {
    const refused = (change: (file: Record<string, Record<string, unknown>>) => void): void => {
      const file = JSON.parse(toJson(fit));
      change(file);
      expect(() => fromJson(JSON.stringify(file))).toThrow(/partial_pooling.checksum is not that of its draws/);
    };
    refused((file) => {
      const sigma = file['posterior']!['sigma'] as number[][];
      [sigma[1]![3], sigma[1]![4]] = [sigma[1]![4]!, sigma[1]![3]!];
    });
    refused((file) => {
      (file['observed_data']!['y'] as number[])[2]! += 1;
    });
    refused((file) => {
      (file['coords']!['g'] as string[])[0] = 'other';
    });
    refused((file) => {
      delete file['partial_pooling']!['checksum'];
      file['partial_pooling']!['checksum'] = '0000000000000000';
    });
  });

  test('may be missing in a file of the first layout only', () => {
    const file = JSON.parse(toJson(fit));
    delete file.partial_pooling.checksum;
    expect(() => fromJson(JSON.stringify(file))).toThrow('partial_pooling has no "checksum"');
    file.partial_pooling.schema = 1;
    expect(fromJson(JSON.stringify(file))).toEqual(fit);
  });
});

describe('a file of the first layout', () => {
  // Written by this package before files had a checksum, from the same model, data and sizes.
  const first = readFileSync(new URL('../fixtures/files/fitFileSchema1.json', import.meta.url), 'utf8');

  test('is read: its fit is written as one of today, and goes on', () => {
    const read = fromJson(first);
    expect(read.sampling).toMatchObject({ chains: 2, warmup: 15, iterations: 12, seed: 20260101 });
    const posterior = JSON.parse(first).posterior;
    const again = JSON.parse(toJson(read));
    expect(again.posterior).toEqual(posterior);
    expect(again.partial_pooling.schema).toBe(2);
    expect(fromJson(toJson(read, { times: false }))).toEqual(read);
  });

  test('may differ in its priors by rounding, and not by more', () => {
    const file = JSON.parse(first);
    const { sigma } = file.partial_pooling.priors;
    const scaled = (by: number): string => {
      const changed = structuredClone(file);
      // Keys in another order, too.
      changed.partial_pooling.priors.sigma = Object.fromEntries(
        Object.entries({ ...sigma, scale: sigma.scale * by }).reverse(),
      );
      return JSON.stringify(changed);
    };
    expect(fromJson(scaled(1 + 4e-16)).priors.sigma).toEqual(fit.priors.sigma);
    expect(() => fromJson(scaled(1 + 1e-6))).toThrow(/partial_pooling.priors are not those/);
  });
});
