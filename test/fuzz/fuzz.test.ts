import { describe, expect, it } from 'vitest';
import { fuzz } from './input.ts';
import { fuzzedInputs } from './inputs.ts';

const CASES = 100;
const SEED = 20260108;

describe('whatever is handed in', () => {
  for (const input of fuzzedInputs) {
    it(`as ${input.name} gives ${input.holds}`, async () => {
      const { accepted, refused } = await fuzz(input, CASES, SEED);
      // Both happen, or the cases would show nothing.
      expect(accepted).toBeGreaterThan(CASES / 20);
      expect(refused).toBeGreaterThan(CASES / 20);
    });
  }
});
