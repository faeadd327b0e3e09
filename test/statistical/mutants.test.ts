import { describe, expect, it } from 'vitest';
import { calibratedP, jointZ, mutantTrials, RANK_BOUND, Z_BOUND } from './mutantsRun.ts';
import { samplerMutants } from './samplerMutants.ts';

const named = mutantTrials.map((trial) => [trial.mutant.fault, trial] as const);

describe('a kernel broken on purpose', () => {
  it.each(named.filter(([, { dear }]) => !dear))(
    'is found by calibration, which passes the right one: %s',
    (_, trial) => {
      expect(calibratedP(trial, false)).toBeGreaterThan(RANK_BOUND);
      expect(calibratedP(trial, true)).toBeLessThan(RANK_BOUND);
    },
  );

  it.each(named)('is found by the joint-distribution test, which passes the right one: %s', (_, trial) => {
    expect(jointZ(trial, false)).toBeLessThan(Z_BOUND);
    expect(jointZ(trial, true)).toBeGreaterThan(Z_BOUND);
  });
});

describe('a fault of what is round the kernels', () => {
  it.each(samplerMutants.map((mutant) => [mutant.fault, mutant] as const))(
    'is found by what it does to draws or verdict, which passes the right version: %s',
    (_, { bound, measured }) => {
      expect(measured(false)).toBeLessThan(bound);
      expect(measured(true)).toBeGreaterThan(bound);
    },
  );
});
