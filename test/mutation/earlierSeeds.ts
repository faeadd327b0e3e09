export const earlierColumns = [
  'seed',
  'day',
  'rooms',
  'mutants',
  'noticed',
  'equivalent',
  'raw score, %',
  'score, %',
  'tests since',
];

/**
 * Fresh seeds of before, as they were found by a room's own tests, and of how many survivors a test was written for
 * since: each was drawn with the tests that its forerunners had prompted, and a seed that was treated says nothing any
 * more.
 */
export const earlierSeeds: readonly (readonly (string | number)[])[] = [
  earlier(1, '2026-11-21', 'all but kernels', 177, 146, 16, 15),
  earlier(1, '2026-11-21', 'kernels', 66, 34, 12, 20),
  earlier(2, '2026-11-21', 'all', 339, 282, 25, 32),
  earlier(3, '2026-11-21', 'all', 341, 281, 33, 27),
];

function earlier(
  seed: number,
  day: string,
  rooms: string,
  mutants: number,
  noticed: number,
  equivalent: number,
  tests: number,
): (string | number)[] {
  const share = (of: number): number => Number(((100 * noticed) / of).toFixed(1));
  return [seed, day, rooms, mutants, noticed, equivalent, share(mutants), share(mutants - equivalent), tests];
}
