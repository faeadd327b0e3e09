import type { Design } from '../design/design.ts';
import { coefficientPlaces } from './arrowLayout.ts';

/**
 * Multiplications of the arrow's dense corner, r^3 / 3, from which on the levels are eliminated by degree: a fiftieth
 * of a second. Below it the arrow is as fast, and keeps more digits where sds dwarf sigma.
 */
const DENSE = 2e7;

/** Whether so much stands beside the largest factor that a dense corner costs more than elimination by degree. */
export function severalLargeFactors(design: Design): boolean {
  const { r } = coefficientPlaces(design).pattern;
  return design.groupTerms.length > 1 && r ** 3 / 3 > DENSE;
}
