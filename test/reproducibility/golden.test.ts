import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sample } from '../../src/run/sample.ts';
import { fitHash, goldenCases, goldenHashes, goldenInput } from './goldenCases.ts';

const read = (file: string): string => readFileSync(new URL(`../fixtures/data/${file}`, import.meta.url), 'utf8');
const golden = JSON.parse(read('../golden/fitFiles.json')) as Record<string, string>;

// A change of one bit in any draw changes a hash. Whoever changes the draws on purpose runs `npm run platforms --
// --write` and says so in CHANGELOG.md.
describe('A fit file is known to the last byte', () => {
  const found = goldenHashes(read);
  it.each(goldenCases.map(({ name }) => name))('equal seeds give the recorded file: %s', (name) => {
    expect(found[name]).toBe(golden[name]);
  });

  it('every recorded file has its case', () => {
    expect(Object.keys(golden)).toEqual(goldenCases.map(({ name }) => name));
  });

  it.each(['varying slopes, level-2 predictor', 'logit, whitened'])(
    'chains in workers give it too: %s',
    async (name) => {
      const { model, data, options } = goldenInput(goldenCases.find((each) => each.name === name)!, read);
      expect(fitHash(await sample(model, data, { ...options, workers: 2 }))).toBe(golden[name]);
    },
  );
});
