import { describe, expect, it } from 'vitest';
import { scalarProfile } from '../../oracle/scalarProfile.ts';
import { separatingDirection } from '../../oracle/separatingDirection.ts';
import { judgeEstimate } from './judgeEstimate.ts';
import { type EstimateKind, randomEstimate } from './randomEstimate.ts';

/**
 * The short part of `npm run fuzz:estimates`: some seeds of every kind, and those that were answered falsely before
 * (a column with entries that dwarf the others was called separating, or its sd beyond all bounds; levels that are
 * certain only beside a column had an estimate).
 */
const SEEDS: Readonly<Record<EstimateKind, readonly number[]>> = {
  columns: [0, 1, 4, 55],
  levels: [0, 2, 36, 46, 63, 129],
  slopes: [0, 15, 42, 49, 65],
};

describe('models whose estimate may not exist', () => {
  for (const kind of Object.keys(SEEDS) as EstimateKind[]) {
    it.each(SEEDS[kind])(`${kind}, seed %d: the answer is the oracle's`, (seed) => {
      const { truth, about, faults } = judgeEstimate(randomEstimate(kind, seed));
      expect(faults, `${truth}: ${about}`).toEqual([]);
    });
  }
});

describe('the oracles of estimates', () => {
  it.each([
    [
      'an overlap of one row among thousands',
      [
        [1, 5000],
        [-1, -1],
        [1, 0],
      ],
      [],
      null,
    ],
    [
      'no overlap',
      [
        [1, 5000],
        [-1, -1],
        [1, 2],
      ],
      [],
      'some',
    ],
    [
      'a row that bears no movement',
      [
        [1, 5000],
        [-1, -1],
        [1, 2],
      ],
      [[1, 3]],
      null,
    ],
    [
      'a row that bears none along the direction',
      [
        [1, 5000],
        [-1, -1],
        [1, 2],
      ],
      [[2, 3]],
      'some',
    ],
  ] as const)('separating direction: %s', (_title, A, E, found) => {
    const direction = separatingDirection(A, E);
    expect(direction === null).toBe(found === null);
    if (direction)
      for (const row of A) expect(row[0] * direction[0]! + row[1] * direction[1]!).toBeGreaterThanOrEqual(0);
  });

  it('profile: pure levels tend to the likelihood of their shares', () => {
    const logistic = (x: number): number => (x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x)));
    const rows = [0, 0, 1, 1, 2, 2].map((group) => ({
      x: [1],
      z: 1,
      group,
      log: (eta: number) => logistic(group === 0 ? -eta : eta),
      bends: () => [0],
    }));
    const [small, far] = scalarProfile(rows, [0], [1e-3, 1e5]);
    // Six rows, four successes; and three levels, two of them pure successes.
    expect(small!.deviance).toBeCloseTo(-2 * (4 * Math.log(4 / 6) + 2 * Math.log(2 / 6)), 4);
    expect(far!.deviance).toBeCloseTo(-2 * (2 * Math.log(2 / 3) + Math.log(1 / 3)), 3);
  });
});
